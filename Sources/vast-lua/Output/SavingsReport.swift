import FleetClock
import VastAPI
import FleetCalendar
import FleetRules
import FleetStore
import VastLua

/// What stops have saved, for people: each of them, then by policy.
struct SavingsReport {
    let zone: Zone

    /// - Parameter days: the totals of what is too old to be kept one by one.
    func lines(_ savings: [Saving], days: [SavingDay] = []) -> [String] {
        guard !savings.isEmpty || !days.isEmpty else { return ["nothing was stopped in that time"] }
        return (savings.isEmpty ? [] : table(savings).lines + [""]) + totals(savings, days).lines
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

    private func totals(_ savings: [Saving], _ days: [SavingDay]) -> TextTable {
        var table = TextTable([
            .init("POLICY", limit: 40), .init("STOPS", isRight: true), .init("REGRETTED", isRight: true), .init("SAVED", isRight: true)
        ])
        var groups = Dictionary(grouping: days) { $0.policy ?? "(no policy)" }.mapValues { $0.reduce(SavingDay(start: 0), Self.sum) }
        for saving in savings {
            let policy = saving.policy ?? "(no policy)"
            groups[policy] = Self.sum(groups[policy] ?? SavingDay(start: 0), SavingDay(saving))
        }
        for (policy, group) in groups.sorted(by: { $0.key < $1.key }) { table.add(Self.row(policy, group)) }
        if groups.count > 1 { table.add(Self.row("together", groups.values.reduce(SavingDay(start: 0), Self.sum))) }
        return table
    }

    private static func sum(_ one: SavingDay, _ other: SavingDay) -> SavingDay {
        var sum = one
        sum.stops += other.stops
        sum.regretted += other.regretted
        sum.unknown += other.unknown
        sum.amount += other.amount
        return sum
    }

    /// What is not known is not added, and said.
    private static func row(_ name: String, _ total: SavingDay) -> [String] {
        [
            name, "\(total.stops)", "\(total.regretted)",
            dollars(total.amount) + (total.unknown > 0 ? " and \(total.unknown) unknown" : "")
        ]
    }

    private static func dollars(_ amount: Double?) -> String { amount.map(Dollars.text) ?? "?" }
}
