import VastModels

/// The samples of one instance, and what those have shown that are not kept any more.
struct ReadingSeries: Sendable {
    /// In the order of their times.
    private(set) var samples: [Sample] = []
    /// When the first sample was read, in Unix seconds.
    private(set) var first = Double.infinity
    /// The state of the newest samples that are forgotten, and since when it had been shown, in Unix seconds.
    private var earlier: (state: InstanceState, began: Double)?
    /// The states that forgotten samples have shown.
    private var earlierStates: Set<InstanceState> = []

    mutating func append(_ sample: Sample) {
        samples.append(sample)
        first = min(first, sample.time)
    }

    /// Forgets samples from `time` (Unix seconds) on, and those that are forgotten for being old: they are as wrong.
    mutating func removeAll(after time: Double) {
        samples.removeAll { $0.time > time }
        first = samples.first?.time ?? .infinity
        (earlier, earlierStates) = (nil, [])
    }

    /// Forgets what is older than `time` (Unix seconds), some of it at once, and the older half of what is more than twice `most`.
    /// The last sample before `time` stays: it says what held then.
    mutating func forget(before time: Double, most: Int) {
        if samples.count >= most * 2 { return drop(samples.count - most) }
        let old = samples.position { $0.time >= time } - 1
        if old >= 16, old >= samples.count / 4 { drop(old) }
    }

    private mutating func drop(_ count: Int) {
        let dropped = samples[..<count]
        guard let last = dropped.last else { return }
        earlier = (last.state, began(last.state, in: dropped))
        earlierStates.formUnion(dropped.map(\.state))
        samples.removeFirst(count)
    }

    /// Since when the state of the last sample has been shown, in Unix seconds.
    var stateBegan: Double {
        guard let last = samples.last else { return .infinity }
        return began(last.state, in: samples[...])
    }

    /// Since when the last of `samples`, which begin with what follows the forgotten ones, show `state`.
    private func began(_ state: InstanceState, in samples: ArraySlice<Sample>) -> Double {
        let start = samples.lastIndex { $0.state != state }.map { $0 + 1 } ?? samples.startIndex
        let time = start < samples.endIndex ? samples[start].time : .infinity
        guard start == samples.startIndex, let earlier, earlier.state == state else { return time }
        return min(earlier.began, time)
    }

    func wasOther(than state: InstanceState) -> Bool {
        earlierStates.contains { $0 != state } || samples.contains { $0.state != state }
    }

    /// Takes samples from elsewhere, in the order of their times. Of two within a second the one that is here stays.
    mutating func merge(_ others: [Sample]) {
        samples = Self.merged(samples, others)
        first = min(first, samples.first?.time ?? .infinity)
    }

    private static func merged(_ own: [Sample], _ others: [Sample]) -> [Sample] {
        guard let first = own.first, let last = others.last else { return own.isEmpty ? others : own }
        if last.time <= first.time - 1 { return others + own }
        var result: [Sample] = []
        result.reserveCapacity(own.count + others.count)
        var position = others.startIndex
        func take(before time: Double) {
            while position < others.endIndex, others[position].time < time {
                // The disk keeps whole seconds: the same reading again.
                if others[position].time > (result.last?.time ?? -.infinity) + 1, others[position].time <= time - 1 {
                    result.append(others[position])
                }
                position += 1
            }
        }
        for sample in own {
            take(before: sample.time)
            result.append(sample)
        }
        take(before: .infinity)
        return result
    }
}
