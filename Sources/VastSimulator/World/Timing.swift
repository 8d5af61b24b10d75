/// How long the transitions of an instance take. Each is drawn from its range, in seconds, by the world's
/// seed.
package struct Timing: Sendable {
    /// From a stop being accepted until the contract is stopped.
    package var contractStop: ClosedRange<Double> = 1...4
    /// From then until the container has ended and the GPUs are free.
    package var containerStop: ClosedRange<Double> = 2...8
    /// From a start being accepted until the container is loading; until then it is still called `exited`.
    package var startPending: ClosedRange<Double> = 2...6
    /// From then until it runs.
    package var loading: ClosedRange<Double> = 10...60
    /// From a reboot being accepted until the container runs again.
    package var reboot: ClosedRange<Double> = 10...30
    /// The first part of a recycle, before the image is loaded.
    package var recycle: ClosedRange<Double> = 5...15
    /// From a new rental to its first sign of life.
    package var provisioning: ClosedRange<Double> = 5...20
    /// How long a container flickers to `loading` while it serves.
    package var flicker: ClosedRange<Double> = 5...20
    /// How long a lost host stays away, unless somebody says when it comes back.
    package var outage: ClosedRange<Double> = 120...900
    /// From the loss of priority until the contract of an interruptible instance is stopped.
    package var priorityLoss: ClosedRange<Double> = 1...2
    /// From then until its container has ended.
    package var priorityExit: ClosedRange<Double> = 10...30
    /// From the return of priority until the contract runs again.
    package var priorityReturn: ClosedRange<Double> = 1...4
    /// From then until the container runs, whatever ``startPending`` and ``loading`` come to.
    package var resumption: ClosedRange<Double> = 15...60
    /// How old the own bid is that `min_bid` shows; not a transition.
    package var echo: ClosedRange<Double> = 16...900
    /// From the contract's end until the instance is deleted.
    package var deletion: ClosedRange<Double> = 172_800...172_800
    /// How long a destroyed instance is still billed.
    package var billingTail: ClosedRange<Double> = 60...300

    /// The defaults that stand at each transition.
    package init() {}

    /// Everything happens at once, in the same order.
    package static var immediate: Timing {
        var timing = Timing()
        for path: WritableKeyPath<Timing, ClosedRange<Double>> in [
            \.contractStop, \.containerStop, \.startPending, \.loading, \.reboot, \.recycle, \.provisioning, \.flicker,
            \.billingTail, \.priorityLoss, \.priorityExit, \.priorityReturn, \.resumption
        ] {
            timing[keyPath: path] = 0...0
        }
        return timing
    }
}
