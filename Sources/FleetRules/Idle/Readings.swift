package import VastModels

/// The readings of the fleet that this process has made, an own series for each instance.
package struct Readings: Sendable {
    private var series: [InstanceID: [Sample]] = [:]
    /// How many samples an instance keeps; the oldest half is dropped when it has twice as many.
    private let capacity: Int

    /// - Parameter capacity: samples kept for an instance; 10,000 is a week of one a minute.
    package init(capacity: Int = 10_000) {
        self.capacity = max(1, capacity)
    }

    /// How far readings that overlap may be apart, in seconds.
    private static let overlap = 300.0

    /// Adds a sample; one that is not newer than the last of its instance is ignored. One that is much older was read after
    /// somebody has set the clock back: when the later ones were read nobody knows then, and they are forgotten.
    package mutating func add(_ sample: Sample, for id: InstanceID) {
        if let last = series[id]?.last, last.time > sample.time + Self.overlap {
            series[id]?.removeAll { $0.time > sample.time - 1 }
        }
        if let last = series[id]?.last, last.time >= sample.time { return }
        series[id, default: []].append(sample)
        if let count = series[id]?.count, count >= capacity * 2 { series[id]?.removeFirst(count - capacity) }
    }

    /// Adds samples from elsewhere, each instance's in the order of their times. Of two within a second the one that is
    /// here stays.
    package mutating func merge(_ others: [InstanceID: [Sample]]) {
        for (id, samples) in others { series[id] = Self.merged(series[id] ?? [], samples) }
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

    /// The newest sample of an instance.
    package func last(of id: InstanceID) -> Sample? { series[id]?.last }

    /// All samples of an instance in the order of their times.
    package func samples(of id: InstanceID) -> [Sample] { series[id] ?? [] }

    /// The samples of an instance from `time` (Unix seconds) on.
    package func samples(of id: InstanceID, since time: Double) -> ArraySlice<Sample> {
        let all = series[id] ?? []
        return all[all.position { $0.time >= time }...]
    }

    /// How long the instance has, to our knowledge, been in `state` until its last sample, in seconds: a lower
    /// bound, since it may have begun before the first reading; nil when the last sample shows another state.
    package func time(of id: InstanceID, in state: InstanceState, now: Double) -> Double? {
        let all = series[id] ?? []
        guard all.last?.state == state else { return nil }
        let start = all.lastIndex { $0.state != state }.map { all[$0 + 1] } ?? all[0]
        return max(0, now - start.time)
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
