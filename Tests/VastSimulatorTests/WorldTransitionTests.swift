import Testing

@testable import VastSimulator

@Suite struct WorldTransitionTests {
    @Test("a stop goes by running/stopped to exited/stopped/stopped/stopped")
    func stop() {
        var world = world([running(1)])
        let answer1 = world.stop(1)
        #expect(answer1)
        #expect(world.words(1) == "running/stopped/running/stopped")
        world.pass(2)
        #expect(world.words(1) == "running/stopped/stopped/stopped")
        world.pass(2.9)
        #expect(world.words(1) == "running/stopped/stopped/stopped")
        world.pass(0.1)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
    }

    @Test("a stop can settle at the word stopped")
    func stoppedWord() {
        var world = world([running(1)]) { $0.behaviour.stoppedStatus = .stopped }
        _ = world.stop(1)
        world.pass(10)
        #expect(world.words(1) == "stopped/stopped/stopped/stopped")
    }

    @Test("a stop that is sent again changes nothing and delays nothing")
    func stopAgain() {
        var world = world([running(1)])
        _ = world.stop(1)
        world.pass(4)
        let answer2 = world.stop(1)
        #expect(answer2)
        world.pass(1)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
        let answer3 = world.stop(1)
        #expect(answer3)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
    }

    @Test("a start is exited at first, then loading, then running")
    func start() {
        var world = world([stopped(1)])
        let answer4 = world.start(1)
        #expect(answer4 == .accepted)
        #expect(world.words(1) == "exited/running/running/running")
        #expect(world.instances[1]?.billsGPU == false)
        world.pass(4)
        #expect(world.words(1) == "loading/running/running/running")
        world.pass(20)
        #expect(world.words(1) == "running/running/running/running")
        #expect(world.instances[1]?.billsGPU == true)
    }

    @Test("a start of what runs is accepted and does nothing")
    func startRunning() {
        var world = world([running(1)])
        let answer5 = world.start(1)
        #expect(answer5 == .accepted)
        #expect(world.words(1) == "running/running/running/running")
    }

    @Test("a stop in the middle of a start wins")
    func stopWhileStarting() {
        var world = world([stopped(1)])
        _ = world.start(1)
        world.pass(5)
        _ = world.stop(1)
        world.pass(100)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
    }

    @Test("a queued start fires later, and bills")
    func queuedFires() {
        var world = world([stopped(1)], machines: [1001: Machine(gpus: 1, takenByOthers: 1)]) { $0.behaviour.queuedStartDelay = 60 }
        let answer6 = world.start(1)
        #expect(answer6 == .queued)
        #expect(world.words(1) == "exited/running/stopped/running")
        #expect(world.instances[1]?.billsGPU == false)
        world.pass(59)
        #expect(world.words(1) == "exited/running/stopped/running")
        world.pass(60)
        #expect(world.words(1) == "running/running/running/running")
    }

    @Test("a queued start reverts when the behaviour says so")
    func queuedReverts() {
        var world = world([stopped(1)], machines: [1001: Machine(gpus: 1, takenByOthers: 1)]) {
            $0.behaviour.queuedStart = .reverts
            $0.behaviour.queuedStartDelay = 60
        }
        _ = world.start(1)
        world.pass(61)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
        world.pass(600)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
    }

    @Test("a queued start waits until the GPUs are given back")
    func queuedWaits() {
        var world = world([stopped(1)], machines: [1001: Machine(gpus: 1, takenByOthers: 1)]) { $0.behaviour.queuedStart = .waits }
        _ = world.start(1)
        world.pass(100_000)
        #expect(world.words(1) == "exited/running/stopped/running")
        _ = world.schedule(.gpusFreed(1), on: 1)
        #expect(world.words(1) == "exited/running/running/running")
    }

    @Test("a stop withdraws a queued start", arguments: Behaviour.QueuedStart.allCases)
    func withdraw(_ queued: Behaviour.QueuedStart) {
        var world = world([stopped(1)], machines: [1001: Machine(gpus: 1, takenByOthers: 1)]) { $0.behaviour.queuedStart = queued }
        _ = world.start(1)
        let answer7 = world.stop(1)
        #expect(answer7)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
        world.pass(10_000)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
    }

    @Test("what a stop releases is taken by somebody else where others wait")
    func takeover() {
        var world = world([running(1)], machines: [1001: Machine(gpus: 1, takenAfter: .seconds(60))])
        _ = world.stop(1)
        world.pass(5)
        #expect(world.machines[1001]?.free == 1)
        world.pass(60)
        #expect(world.machines[1001]?.free == 0)
        let answer8 = world.start(1)
        #expect(answer8 == .queued)
    }

    @Test("a reboot keeps the contract and the GPUs")
    func reboot() {
        var world = world([running(1)])
        let answer9 = world.reboot(1)
        #expect(answer9)
        #expect(world.words(1) == "rebooting/running/running/running")
        #expect(world.machines[1001]?.free == 0)
        world.pass(10)
        #expect(world.words(1) == "running/running/running/running")
    }

    @Test("a recycle goes by recycling and loading")
    func recycle() {
        var world = world([running(1)])
        let answer10 = world.recycle(1)
        #expect(answer10)
        #expect(world.words(1) == "recycling/running/running/running")
        world.pass(5)
        #expect(world.words(1) == "loading/running/running/running")
        world.pass(20)
        #expect(world.words(1) == "running/running/running/running")
    }

    @Test("a destroyed instance is gone at once and billed a little longer")
    func destroy() {
        var world = world([running(1)]) { $0.timing.billingTail = 300...300 }
        let rate = world.rate
        let answer11 = world.destroy(1)
        #expect(answer11)
        #expect(world.words(1) == "gone")
        #expect(world.ids.isEmpty)
        let again = world.destroy(1)
        #expect(!again)
        world.pass(3600)
        #expect(abs(world.account.spent - rate * 300 / 3600) < 1e-9)
    }

    @Test("a new rental goes from null by loading to running")
    func provision() {
        var world = world([running(1) { $0.status = Status(actual: nil, intended: "running", current: "running", next: "running") }]) {
            $0.timing.provisioning = 7...7
        }
        #expect(world.words(1) == "null/running/running/running")
        world.pass(7)
        #expect(world.words(1) == "loading/running/running/running")
        world.pass(20)
        #expect(world.words(1) == "running/running/running/running")
    }
}
