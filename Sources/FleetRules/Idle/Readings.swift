package import VastModels

/// The readings of the fleet that this process has made, an own series for each instance. What is older than anybody has
/// asked for is forgotten, apart from when an instance was read first and since when it has been in its state.
package struct Readings: Sendable {
    private var series: [InstanceID: ReadingSeries] = [:]
    /// How many samples an instance keeps; the oldest half is dropped when it has twice as many.
    private let capacity: Int
    /// How far back from its last sample an instance's samples are kept at least, in seconds.
    package private(set) var horizon: Double

    /// - Parameters:
    ///   - capacity: samples kept for an instance, whatever was asked for.
    ///   - horizon: how far back samples are kept as long as nobody has asked for more.
    package init(capacity: Int = 10_000, horizon: Duration = .seconds(7_200)) {
        self.capacity = max(1, capacity)
        self.horizon = horizon.seconds
    }

    /// Somebody asks for samples of the last `seconds`, and may do so again.
    package mutating func widen(to seconds: Double) {
        if seconds.isFinite { horizon = max(horizon, seconds) }
    }

    /// How far readings that overlap may be apart, in seconds.
    private static let overlap = 300.0

    /// Adds a sample; one that is not newer than the last of its instance is ignored. One that is much older was read after
    /// somebody has set the clock back: when the later ones were read nobody knows then, and they are forgotten.
    package mutating func add(_ sample: Sample, for id: InstanceID) {
        if let last = series[id]?.samples.last, last.time > sample.time + Self.overlap { series[id]?.removeAll(after: sample.time - 1) }
        if let last = series[id]?.samples.last, last.time >= sample.time { return }
        series[id, default: ReadingSeries()].append(sample)
        series[id]?.forget(before: sample.time - horizon, most: capacity)
    }

    /// Adds samples from elsewhere, each instance's in the order of their times. Of two within a second the one that is
    /// here stays.
    package mutating func merge(_ others: [InstanceID: [Sample]]) {
        for (id, samples) in others { series[id, default: ReadingSeries()].merge(samples) }
    }

    /// Forgets instances that are gone.
    package mutating func forget(_ ids: some Sequence<InstanceID>) {
        for id in ids { series[id] = nil }
    }

    /// The newest sample of an instance.
    package func last(of id: InstanceID) -> Sample? { series[id]?.samples.last }

    /// The samples of an instance that are kept, in the order of their times.
    package func samples(of id: InstanceID) -> [Sample] { series[id]?.samples ?? [] }

    /// The samples of an instance from `time` (Unix seconds) on.
    package func samples(of id: InstanceID, since time: Double) -> ArraySlice<Sample> {
        let all = samples(of: id)
        return all[all.position { $0.time >= time }...]
    }

    /// When the first sample of an instance was read, kept or not, in Unix seconds; nil: there was none.
    package func firstTime(of id: InstanceID) -> Double? { series[id]?.first }

    /// Whether an instance has had another state than this one, as far as its samples have shown, kept or not.
    package func wasOther(than state: InstanceState, _ id: InstanceID) -> Bool { series[id]?.wasOther(than: state) ?? false }

    /// How long the instance has, to our knowledge, been in `state` until its last sample, in seconds: a lower
    /// bound, since it may have begun before the first reading; nil when the last sample shows another state.
    package func time(of id: InstanceID, in state: InstanceState, now: Double) -> Double? {
        guard let series = series[id], series.samples.last?.state == state else { return nil }
        return max(0, now - series.stateBegan)
    }
}

extension RandomAccessCollection where Element == Sample {
    /// Where the samples begin that satisfy `isLater`, as all after the first one do: a binary search.
    func position(where isLater: (Sample) -> Bool) -> Index {
        var (low, length) = (startIndex, count)
        while length > 0 {
            let middle = index(low, offsetBy: length / 2)
            if isLater(self[middle]) {
                length /= 2
            } else {
                (low, length) = (index(after: middle), length - length / 2 - 1)
            }
        }
        return low
    }
}
