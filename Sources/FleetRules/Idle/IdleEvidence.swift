import FleetClock

/// What an idle rule's verdict rests on, in figures: for the journal and for `vast-lua explain`.
package struct IdleEvidence: Sendable, Equatable {
    /// The highest utilisation in the window, in percent; nil when none was known.
    package var highest: Double?
    /// The first sample since which no utilisation has reached the threshold, in Unix seconds; nil when the last one has.
    package var quietSince: Double?
    /// How old the newest sample is, in seconds; nil when there is none.
    package var age: Double?

    /// - Parameters:
    ///   - samples: of one instance, in the order of their times.
    ///   - now: Unix seconds.
    package init(_ samples: [Sample], _ rule: IdleRule, now: Double) {
        let start = now - rule.window.seconds
        highest = samples.reversed().prefix { $0.time >= start }.compactMap(\.gpuUtilization).max()
        let quiet = samples.reversed().prefix { ($0.gpuUtilization ?? rule.below) < rule.below && $0.state == .running }
        quietSince = quiet.last?.time
        age = samples.last.map { max(0, now - $0.time) }
    }

    /// Such as `idle 52m, max 1.2%`.
    package func text(_ verdict: IdleRule.Verdict, _ rule: IdleRule, now: Double) -> String {
        switch verdict {
        case .idle:
            let length = DurationFormat.format(Duration(clampingSeconds: (now - (quietSince ?? now)).rounded()))
            return "idle \(length), max \(highest.map(Self.percent) ?? "?")"
        case .busy(let why): return "busy: \(why)"
        case .unknown(let why): return "unknown: \(why)"
        }
    }

    private static func percent(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e6 else { return "?" }
        return "\((value * 10).rounded() / 10)%"
    }

    /// The highest utilisation for people.
    package var shownHighest: String { highest.map(Self.percent) ?? "unknown" }
}
