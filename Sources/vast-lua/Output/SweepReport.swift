import FleetBacktest
import VastJSON
import VastLua

/// Backtests of one script with several values, side by side.
struct SweepReport {
    /// One of them: the values by their names, and what came of it.
    struct Trial {
        var values: [(name: String, value: String)]
        var result: BacktestResult

        /// Whether another one saves as much and cuts as little, and is better in one of both.
        func isBeaten(by other: Trial) -> Bool {
            let (own, its) = (result.total, other.result.total)
            let isAsGood = its.saved >= own.saved && its.interruptedHours <= own.interruptedHours
            return isAsGood && (its.saved > own.saved || its.interruptedHours < own.interruptedHours)
        }
    }

    let trials: [Trial]

    private func isEfficient(_ trial: Trial) -> Bool { !trials.contains { trial.isBeaten(by: $0) } }

    /// A table; those that no other one beats in both savings and cut work are marked.
    var lines: [String] {
        let names = trials.first?.values.map(\.name) ?? []
        var table = TextTable(
            names.map { .init($0, isRight: true) } + [
                .init("SAVED", isRight: true), .init("GPU h CUT", isRight: true), .init("RESTARTS", isRight: true),
                .init("CHANGES", isRight: true), .init("")
            ])
        for trial in trials {
            let total = trial.result.total
            table.add(
                trial.values.map(\.value) + [
                    BacktestReport.money(total.saved), BacktestReport.hours(total.interruptedHours), "\(total.restartsNeeded)",
                    "\(trial.result.actions.count)", trial.result.failure != nil ? "failed" : isEfficient(trial) ? "efficient" : ""
                ])
        }
        return table.lines
    }

    /// An array with one answer each, and the values beside it.
    var json: JSONValue {
        .array(
            trials.map { trial in
                var object = trial.result.json
                object["values"] = .object(JSONObject(trial.values.map { ($0.name, .string($0.value)) }))
                object["efficient"] = .bool(trial.result.failure == nil && isEfficient(trial))
                return .object(object)
            })
    }
}
