internal import FleetClock
/// What happens to runs that were missed while the program did not run, the machine slept, or the script was busy
/// (calendar rules, rule 7).
package struct MissedRuns: Sendable, Equatable {
    /// How many missed runs are made up for.
    package enum CatchUp: String, Sendable, CaseIterable {
        case none, once
    }

    /// What a job says about the runs that it misses.
    package struct Rule: Sendable, Equatable {
        /// How many of them are made up for.
        package var catchUp: CatchUp
        /// How late a run may be that is made up for; nil: any.
        package var maxLate: Duration?

        /// - Parameter maxLate: how late a run may be that is made up for; nil: any.
        package init(catchUp: CatchUp = .none, maxLate: Duration? = nil) {
            self.catchUp = catchUp
            self.maxLate = maxLate
        }
    }

    /// A run that begins within its own minute is on time.
    package static let punctual = Duration.seconds(60)

    /// The due instant for which the job runs now; nil when it does not.
    package var run: Int64?
    /// How many due instants pass without a run.
    package var skipped = 0

    /// Decides about all that was due.
    ///
    /// - Parameters:
    ///   - due: what was due since the last run that was handled.
    ///   - now: Unix seconds.
    package init(_ due: DueInstants, now: Double, rule: Rule) {
        guard let last = due.last else { return }
        let late = Duration(clampingSeconds: now - Double(last))
        let isMadeUpFor = rule.catchUp == .once && rule.maxLate.map { late <= $0 } ?? true
        if late < Self.punctual || isMadeUpFor { run = last }
        skipped = due.count - (run == nil ? 0 : 1)
    }
}
