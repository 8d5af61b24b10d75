import FleetClock
import VastAPI
import FleetCalendar
import FleetRules
import FleetStore
import VastLua

/// What stops have saved, for people: each of them, then by policy.
struct SavingsReport {
    let zone: Zone

    func lines(_ savings: [Saving]) -> [String] {
        guard !savings.isEmpty else { return ["nothing was stopped in that time"] }
        return table(savings).lines + [""] + totals(savings).lines
    }

    private func table(_ savings: [Saving]) -> TextTable {
        var table = TextTable([
            .init("OFF SINCE"), .init("ID", isRight: true), .init("LABEL", limit: 28), .init("POLICY", limit: 24),
            .init("FOR", isRight: true), .init("SAVED $/h", isRight: true), .init("SAVED", isRight: true), .init("")
        ])
        for saving in savings {
            table.add([
                ShownTime.full(saving.from, zone), "\(saving.instance)", saving.label, saving.policy ?? "",
                DurationFormat.format(Duration(clampingSeconds: max(0, saving.to - saving.from))), saving.rate.map { "\($0)" } ?? "?",
                Self.dollars(saving.amount), saving.isRegretted ? "REGRET: on again" : saving.isOver ? "" : "still off"
            ])
        }
        return table
    }

    private func totals(_ savings: [Saving]) -> TextTable {
        var table = TextTable([
            .init("POLICY", limit: 40), .init("STOPS", isRight: true), .init("REGRETTED", isRight: true), .init("SAVED", isRight: true)
        ])
        let groups = Dictionary(grouping: savings) { $0.policy ?? "(no policy)" }
        for (policy, group) in groups.sorted(by: { $0.key < $1.key }) { table.add(Self.total(policy, group)) }
        if groups.count > 1 { table.add(Self.total("together", savings)) }
        return table
    }

    /// What is not known is not added, and said.
    private static func total(_ name: String, _ savings: [Saving]) -> [String] {
        let known = savings.compactMap(\.amount)
        let unknown = savings.count - known.count
        return [
            name, "\(savings.count)", "\(savings.filter(\.isRegretted).count)",
            dollars(known.reduce(0, +)) + (unknown > 0 ? " and \(unknown) unknown" : "")
        ]
    }

    private static func dollars(_ amount: Double?) -> String { amount.map(Dollars.text) ?? "?" }
}
