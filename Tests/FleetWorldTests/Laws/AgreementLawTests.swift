import FleetClock
import FleetStore
import FleetWorld
import Testing
import VastAPI
import VastSimulator

/// After stops and starts that fail, are lost, and are looked up later, the report and the journal tell the same story.
@Suite struct AgreementLawTests {
    private static let ids = Array(1...6 as ClosedRange<Int64>)

    private static func fleet(_ seed: UInt64) -> Fleet {
        var dice = SeededGenerator(seed: seed ^ 0x6167)
        var fleet = Fleet()
        for id in ids {
            var made = InstanceSpecification(id: id, label: "i\(id)")
            (made.machine, made.isOn) = (id + 100, Bool.random(using: &dice))
            fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
            fleet.machines[id + 100] = Machine(gpus: 1, takenByOthers: made.isOn || Bool.random(using: &dice) ? 0 : 1)
        }
        return fleet
    }

    private static func script(_ dice: inout SeededGenerator) -> String {
        var lines = ["vast.guard{max_starts = 99, max_stops = 99, max_changes = 99, max_fraction = 1}"]
        for _ in 0..<Int.random(in: 2...4, using: &dice) {
            let chosen = ids.shuffled(using: &dice).prefix(Int.random(in: 1...4, using: &dice)).map { "\($0)" }.joined(separator: ", ")
            lines.append("pcall(vast.\(["stop", "start", "reboot"].randomElement(using: &dice) ?? "stop"), {\(chosen)})")
            if Bool.random(using: &dice) { lines.append("vast.sleep('\(Int.random(in: 1...60, using: &dice))s')") }
        }
        lines.append("for _ = 1, 40 do pcall(vast.instances) vast.sleep('10s') end")
        return lines.joined(separator: "\n") + "\nreturn #vast.instances()"
    }

    /// The last change of an instance's state that has or may have happened, in the words of both books.
    private static func journaled(_ run: WorldRun, _ id: Int64) -> String {
        let rows = run.rows.filter { $0.instance == InstanceID(id) && !$0.isCompensation && $0.verb.aspect == .state }
        var last: JournalChange?
        for row in rows where ![.failed, .notApplied, .reserved].contains(row.status) {
            // Finding it as it was to be settles what another verb has left in doubt.
            if row.status != .satisfied { last = row } else if last?.verb != row.verb { last = nil }
        }
        return last.map { "\($0.verb.rawValue) \($0.status == .sent ? .unknown : $0.status)" } ?? "nothing"
    }

    private static func reported(_ run: WorldRun, _ id: Int64) -> String {
        let record = run.ledger.changes(of: InstanceID(id)).first { $0.verb.aspect == .state }
        switch record?.status {
        case .sent?, .queued?: return "\(record?.verb.rawValue ?? "") \(JournalChange.Status.unknown)"
        case .accepted?: return "\(record?.verb.rawValue ?? "") \(JournalChange.Status.accepted)"
        case .confirmed?: return "\(record?.verb.rawValue ?? "") \(JournalChange.Status.confirmed)"
        case .satisfied?, .failed?, .replaced?, nil: return "nothing"
        }
    }

    /// The verbs that the journal knows to have been sent to an instance, and perhaps made, and the report does not name.
    private static func unreported(_ run: WorldRun, _ id: Int64) -> Set<Change.Verb> {
        let rows = run.rows.filter { $0.instance == InstanceID(id) && !$0.isCompensation }
        let sent = rows.filter { [.sent, .accepted, .confirmed, .unknown].contains($0.status) }
        let told = run.ledger.changes.filter { $0.id == InstanceID(id) && $0.status != .satisfied }
        return Set(sent.map(\.verb)).subtracting(told.map(\.verb))
    }

    @Test("what stands at a run's end is the same in report and journal, whatever was lost on the way")
    func law() async throws {
        let count = LawCount("agreement")
        let result = await count.sweep(32) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x6772_6565)
            var options = TestWorld.Options()
            options.fleet = { $0 = Self.fleet(seed) }
            options.patience = .seconds(20)
            let world = try TestWorld(seed: seed, options: options)
            var plan = ExchangePlan()
            for later in Int.random(in: 2...8, using: &dice)...Int.random(in: 9...24, using: &dice) {
                plan.faults[later] = [.refused, .lostRequest, .lostAnswer, nil].randomElement(using: &dice) ?? nil
            }
            world.transport.plan = plan
            let run = try await world.run(script: Self.script(&dice))
            count.add(world)
            count.compared(run.calls.count)
            var problems: [String] = []
            for id in Self.ids {
                let (journal, report) = (Self.journaled(run, id), Self.reported(run, id))
                if journal.hasSuffix("unknown") { count.meet("in doubt", 1) }
                if journal.hasSuffix("confirmed") { count.meet("confirmed", 1) }
                let missing = Self.unreported(run, id)
                if !missing.isEmpty { problems.append("\(id): the report does not name \(missing.map(\.rawValue))") }
                if journal != report { problems.append("\(id): the journal says \(journal), the report \(report)") }
            }
            return problems.isEmpty ? nil : problems.joined(separator: "\n")
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 32 || count.met["confirmed", default: 0] > 20 && count.met["in doubt", default: 0] > 0)
    }
}
