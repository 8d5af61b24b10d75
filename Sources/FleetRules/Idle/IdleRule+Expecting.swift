extension IdleRule {
    /// When it would first say idle if every reading from now on were like the last one; nil: never.
    ///
    /// - Parameters:
    ///   - samples: of one instance, in the order of their times.
    ///   - now: Unix seconds.
    ///   - rentalStart: when the rental began, in Unix seconds, if known.
    package func expected(_ samples: [Sample], now: Double, rentalStart: Double? = nil) -> Double? {
        guard let last = samples.last, last.state == .running, (last.gpuUtilization ?? below) < below else { return nil }
        let longest = window.seconds + warmUp.seconds + 2
        return moments(samples, now, rentalStart).first { time in
            guard time >= now, time <= now + longest else { return false }
            return verdict(samples + likeLast(last, from: now, to: time), now: time, rentalStart: rentalStart) == .idle
        }
    }

    /// When something of the past leaves the window, in their order: nothing else changes the verdict.
    private func moments(_ samples: [Sample], _ now: Double, _ rentalStart: Double?) -> [Double] {
        let (length, warm) = (window.seconds, warmUp.seconds)
        // Readings to come are as close as they have to be.
        let fewest = Double(Self.fewestSamples) * step
        var moments: Set<Double> = [now, now + fewest, now + length, now + length + warm]
        for sample in samples where sample.time >= now - length - warm - 2 {
            let left = sample.time + length + 1
            moments.formUnion([left, left - longestHole, left + warm])
        }
        if let rentalStart { moments.insert(rentalStart + length + warm + 1) }
        return moments.sorted()
    }

    /// How far apart the readings to come are thought to be, in seconds.
    private var step: Double { max(1, min(longestHole * 0.9, window.seconds / 5, 60)) }

    private func likeLast(_ last: Sample, from now: Double, to end: Double) -> [Sample] {
        guard end > now, (end - now) / step < 3_000 else { return [] }
        return stride(from: now + step, through: end, by: step).map { time in
            var copy = last
            copy.time = time
            return copy
        }
    }
}
