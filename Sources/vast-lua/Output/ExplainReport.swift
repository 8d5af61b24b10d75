import FleetCalendar
import FleetClock
import FleetRules
import FleetStore
import VastAPI
import VastLua

/// Why policies do what they do, for people.
struct ExplainReport {
    let zone: Zone

    /// Each policy with its predicates and what they come to.
    func lines(_ findings: [PolicyFinding], about id: InstanceID) -> [String] {
        guard !findings.isEmpty else {
            return ["no policy of the script looked at \(id): there is none, or the fleet has no such instance"]
        }
        return findings.flatMap { finding -> [String] in
            var table = TextTable([.init("  PREDICATE"), .init("VALUE", limit: 60), .init("WANTED", limit: 40), .init("AGE"), .init("")])
            for line in finding.lines {
                table.add([
                    "  \(line.name)", line.value, line.threshold,
                    line.age.map { DurationFormat.format(Duration(clampingSeconds: $0.rounded())) } ?? "",
                    line.verdict.rawValue
                ])
            }
            let time = finding.wouldActAt.map { "; if nothing changes it would act at \(ShownTime.full($0, zone))" } ?? ""
            return ["policy \(PlainText.safe(finding.policy)), instance \(id)"] + table.lines
                + ["  -> \(PlainText.safe(finding.conclusion))\(time)"]
        }
    }

    /// What was done to an instance, the latest first.
    ///
    /// - Parameter others: what readings have shown and no run has made.
    func past(_ changes: [JournalChange], of id: InstanceID, _ others: [StateSwitch] = []) -> [String] {
        past(changes, of: id) + self.others(others)
    }

    private func others(_ switches: [StateSwitch]) -> [String] {
        guard !switches.isEmpty else { return [] }
        var table = TextTable([.init("SEEN AT"), .init("STATE"), .init("")])
        for one in switches {
            let states = "\(one.before.rawValue) -> \(one.after.rawValue)"
            table.add([ShownTime.full(one.seen, zone), states, "\(one.before.rawValue) since \(ShownTime.full(one.since, zone))"])
        }
        return ["seen by readings and made by no run: somebody else, the host, or a lost bid"] + table.lines
    }

    private func past(_ changes: [JournalChange], of id: InstanceID) -> [String] {
        guard !changes.isEmpty else { return ["no run has changed \(id)"] }
        var table = TextTable([
            .init("AT"), .init("RUN"), .init("CHANGE"), .init("OUTCOME"), .init("WHY", limit: 80), .init("LINE", limit: 40)
        ])
        for change in changes {
            table.add([
                ShownTime.full(change.time, zone), change.run, change.shownVerb, change.shownOutcome,
                change.reason ?? "", change.line ?? ""
            ])
        }
        return table.lines
    }
}
