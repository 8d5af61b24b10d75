import FleetClock

/// When an instance counts as idle. Three-valued: what cannot be known is not idle.
///
/// The service's `gpu_util` is late, null or plainly wrong at times (zeros for hours on busy cards were reported), so
/// every sample of the window must satisfy the rule and anything odd makes the answer unknown.
package struct IdleRule: Sendable, Equatable {
    /// What a rule says about an instance.
    package enum Verdict: Sendable, Equatable {
        case idle
        /// The sample that shows work, in words.
        case busy(String)
        /// Why it cannot be known.
        case unknown(String)
    }

    /// How long it must have been idle, until now.
    package var window: Duration
    /// GPU utilisation in percent that still counts as idle, exclusive.
    package var below: Double
    /// The share of the window that must have been watched without a hole, between 0 and 1.
    package var coverage: Double
    /// How long after a start utilisation says nothing.
    package var warmUp: Duration
    /// What else has to be quiet.
    package var signals = IdleSignals()

    /// The fewest samples that can prove idleness, whatever the window.
    package static let fewestSamples = 3
    /// A card warmer than this, in degrees Celsius, is not believed to have done nothing.
    package static let hotCard = 55.0

    /// - Parameters:
    ///   - window: how long the instance must have been idle, until now.
    ///   - below: GPU utilisation in percent, exclusive.
    ///   - coverage: the share of the window that must have been watched, between 0 and 1.
    ///   - warmUp: how long after a start utilisation says nothing.
    package init(window: Duration, below: Double = 5, coverage: Double = 0.8, warmUp: Duration = .seconds(600)) {
        self.window = window
        self.below = below
        self.coverage = coverage
        self.warmUp = warmUp
    }

    /// Judges the samples of one instance, which stand in the order of their times.
    ///
    /// - Parameters:
    ///   - samples: everything that is known, also from before the window.
    ///   - now: Unix seconds.
    ///   - rentalStart: when the rental began, in Unix seconds, if known; utilisation soon after it says nothing.
    package func verdict(_ samples: [Sample], now: Double, rentalStart: Double? = nil) -> Verdict {
        let start = now - window.seconds
        let firstInside = samples.position { $0.time > start }
        // The last sample before the window tells what held when it began.
        let relevant = samples[max(0, firstInside - 1)...]
        guard let last = relevant.last else { return .unknown("never read") }
        guard last.state == .running else { return .unknown("it is \(last.state.rawValue), not running") }
        if let busy = relevant.last(where: { $0.time >= start && ($0.gpuUtilization ?? 0) >= below }) {
            return .busy("GPU at \(percent(busy.gpuUtilization)) \(ago(busy.time, now))")
        }
        if let busy = signals.busy(samples[firstInside...]) { return .busy("\(busy.text) \(ago(busy.time, now))") }
        // A run that began earlier than this is warm.
        let recent = samples[samples.position { $0.time > start - warmUp.seconds - 1 }...]
        let startedAt = Self.startOfRun(recent, rentalStart)
        return doubt(relevant, start: start, now: now, startedAt: startedAt)
            ?? doubtAboutZeros(relevant, start: start) ?? .idle
    }

    /// Why samples that show no work still do not prove idleness.
    private func doubt(
        _ samples: ArraySlice<Sample>, start: Double, now: Double, startedAt: Double?
    ) -> Verdict? {
        if let other = samples.last(where: { $0.time >= start && $0.state != .running }) {
            return .unknown("it was \(other.state.rawValue) \(ago(other.time, now))")
        }
        if let startedAt, startedAt + warmUp.seconds > start {
            return .unknown("started \(ago(startedAt, now)); the first \(DurationFormat.format(warmUp)) say nothing")
        }
        let inside = samples.filter { $0.time >= start }
        guard inside.count >= Self.fewestSamples else {
            let readings = "\(inside.count) reading\(inside.count == 1 ? "" : "s")"
            return .unknown("\(readings) in \(DurationFormat.format(window)), \(Self.fewestSamples) are needed")
        }
        if let silent = inside.last(where: { $0.gpuUtilization == nil }) {
            return .unknown("utilisation unknown \(ago(silent.time, now))")
        }
        if let odd = inside.last(where: { ($0.gpuUtilization ?? -1) < 0 || !($0.gpuUtilization ?? 0).isFinite }) {
            return .unknown("impossible utilisation \(percent(odd.gpuUtilization)) \(ago(odd.time, now))")
        }
        if let silent = signals.unknown(inside) { return .unknown("\(silent.text) \(ago(silent.time, now))") }
        if Set(inside.map(\.gpuCount)).count > 1 { return .unknown("the number of GPUs changed") }
        return hole(inside, start: start, now: now)
    }

    /// When the present run began at the latest: after the last sample that was not running.
    private static func startOfRun(_ samples: ArraySlice<Sample>, _ rentalStart: Double?) -> Double? {
        let lastOff = samples.last { $0.state != .running }?.time
        return [lastOff, rentalStart].compactMap(\.self).max()
    }

    /// How long nobody may have looked within the window, in seconds.
    package var longestHole: Double { max(window.seconds * (1 - coverage), 0) + 1 }

    /// No part of the window longer than what ``coverage`` leaves free may be unobserved.
    private func hole(_ samples: [Sample], start: Double, now: Double) -> Verdict? {
        let times = [start] + samples.map(\.time) + [now]
        let longest = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
        guard longest > longestHole else { return nil }
        return .unknown("no reading for \(DurationFormat.format(Duration(clampingSeconds: longest))) of the window")
    }

    /// A window of exact zeros is what a broken sensor reports too: believed only where the card is cool and the
    /// CPU quiet.
    private func doubtAboutZeros(_ samples: ArraySlice<Sample>, start: Double) -> Verdict? {
        let inside = samples.filter { $0.time >= start }
        guard inside.allSatisfy({ $0.gpuUtilization == 0 }) else { return nil }
        if let hot = inside.compactMap(\.gpuTemperature).max(), hot > Self.hotCard {
            return .unknown("0% for \(DurationFormat.format(window)) but GPU \(Int(clampingNumber: hot.rounded())) C")
        }
        if let busy = inside.compactMap(\.cpuUtilization).max(), Self.isBusyCPU(busy) {
            return .unknown("0% for \(DurationFormat.format(window)) but the CPU is busy")
        }
        return nil
    }

    /// The unit of `cpu_util` is not certain: up to 1 it is read as a fraction, above as percent.
    private static func isBusyCPU(_ value: Double) -> Bool {
        value <= 1 ? value >= 0.3 : value >= 30
    }

    private func percent(_ value: Double?) -> String {
        guard let value, value.isFinite, abs(value) < 1e6 else { return "?" }
        return "\((value * 10).rounded() / 10)%"
    }

    private func ago(_ time: Double, _ now: Double) -> String {
        "\(DurationFormat.format(Duration(clampingSeconds: max(0, now - time)))) ago"
    }
}
