import FleetClock
import FleetFixtures
import FleetWorld
import Foundation
import SQLite
import Testing
import VastAPI
import VastJSON

@testable import FleetRules
@testable import FleetStore

/// What is dropped is what nobody needs: random journals of three years, random periods.
@Suite("Retention") struct RetentionLawTests {
    private static let now = 1_795_000_000.0
    private static let day = 86_400.0

    @Test("drops what is old and settled, and neither what is open, nor what undo takes, nor a cent of what was saved")
    func law() async throws {
        let result = await Sweep("retention", count: 15, seeds: nil).run { try await Self.check(seed: $0) }
        #expect(result.failures.isEmpty)
    }

    private static func check(seed: UInt64) async throws -> String? {
        var random = SeededGenerator(seed: seed)
        let place = try TemporaryDirectory()
        let database = StateDatabase(directory: place.path + "/state")
        let made = try RandomJournal(database, now: now, &random)
        let periods = RetentionPeriods(
            journal: .seconds(Double.random(in: 1...900, using: &random) * day), readings: .seconds(90 * day))
        let before = try Known(database, made)
        let pruner = StatePruner(database, periods)
        // A little at a time comes to the same as all at once.
        if Bool.random(using: &random) { while try !pruner.prune(now: now, within: .zero).isFinished {} }
        let count = try pruner.prune(now: now, within: nil)
        let after = try Known(database, made)
        let limit = now - periods.journal.seconds
        guard try pruner.prune(now: now, within: nil).isEmpty else { return "the second time drops more" }
        if let difference = before.difference(to: after, limit: limit) { return "\(difference) (limit \(limit))" }
        let needless = try after.needless(limit: limit)
        guard needless.isEmpty else { return "\(needless.count) are left that nobody needs, such as \(needless[0])" }
        let runs = after.runs.filter { $0.ended.map { $0 < limit } ?? false && !after.recent.contains($0.number) }
        let kept = try database.read { try Int64.fetchAll($0, sql: "SELECT run FROM change") }
        if let run = runs.first(where: { !kept.contains($0.number) }) { return "run \(run.number) is empty and left" }
        guard count.isFinished else { return "it is not finished" }
        return nil
    }

    /// What is asked of a journal.
    private struct Known {
        var runs: [RunSummary] = []
        var changes: [Int64: [JournalChange]] = [:]
        var undo: [Int64: UndoPlan] = [:]
        /// In micro-dollars, so that the order of adding does not matter.
        var saved = 0
        var stops = 0, regretted = 0, unknown = 0

        init(_ database: StateDatabase, _ made: RandomJournal) throws {
            let history = JournalHistory(database, account: "a")
            changing = try database.read {
                try Int64.fetchAll(
                    $0,
                    sql: "SELECT run FROM change WHERE NOT is_compensation AND status IN ('sent', 'accepted', 'unknown', 'confirmed')")
            }
            runs = try history.runs(limit: .max)
            for run in runs { changes[run.number] = try history.changes(of: run) }
            for number in recent { undo[number] = UndoPlan(changes[number] ?? [], fleet: made.fleet, now: now) }
            let savings = try SavingsLedger(SampleStore(database, account: "a")).savings(of: history.powerChanges(since: 0))
            for day in try history.savingDays(since: 0) + savings.map({ SavingDay($0) }) {
                stops += day.stops
                regretted += day.regretted
                unknown += day.unknown
                saved += Int((day.amount * 1e6).rounded())
            }
        }

        /// The last twenty that have changed something, with verbs of later versions.
        var recent: [Int64] { Set(changing).sorted(by: >).prefix(20).map(\.self) }
        private let changing: [Int64]

        func difference(to after: Known, limit: Double) -> String? {
            for (run, changes) in changes {
                let left = Set(after.changes[run, default: []].map(\.number))
                for change in changes where !left.contains(change.number) {
                    if change.time >= limit { return "change \(change.number) is young and gone" }
                    if [.sent, .reserved, .unknown].contains(change.status) { return "change \(change.number) is open and gone" }
                    if change.status == .accepted, change.verb.rules.isVisible { return "change \(change.number) is not seen and gone" }
                }
            }
            for (run, plan) in undo {
                guard let other = after.undo[run] else { return "run \(run) is not to be undone any more" }
                let (old, new) = (
                    [plan.steps.map { "\($0)" }, plan.unneeded.map(\.text)], [other.steps.map { "\($0)" }, other.unneeded.map(\.text)]
                )
                if old != new { return "undoing run \(run) is something else: \(old) and \(new)" }
            }
            if (stops, regretted, unknown) != (after.stops, after.regretted, after.unknown) {
                return
                    "\(stops) stops, \(regretted) regretted, \(unknown) unknown became \(after.stops), \(after.regretted), \(after.unknown)"
            }
            return abs(saved - after.saved) > max(10, stops) ? "\(saved) became \(after.saved) micro-dollars" : nil
        }

        /// What is settled and too old, of runs that nobody can undo, and no stop or start that savings are reckoned by.
        func needless(limit: Double) throws -> [JournalChange] {
            let old = changes.filter { !recent.contains($0.key) }.flatMap(\.value).filter { $0.time < limit }
            return old.filter {
                [.satisfied, .failed, .notApplied].contains($0.status)
                    || $0.status == .confirmed && $0.verb.rules.switchesTo == nil || $0.status == .accepted && !$0.verb.rules.isVisible
            }
        }
    }
}

/// A journal of three years, written row by row as earlier runs would have left it.
private struct RandomJournal {
    /// The instances that there are now.
    let fleet: FleetSnapshot

    private static let day = 86_400.0
    private static let ids: [Int64] = Array(1...12)

    init(_ database: StateDatabase, now: Double, _ random: inout SeededGenerator) throws {
        let runs = Int.random(in: 1...60, using: &random)
        let alive = Set(Self.ids.filter { _ in Bool.random(using: &random) })
        let start = now - 1_100 * Self.day
        // How long each instance was read.
        var seen: [Int64: Double] = [:]
        for id in Self.ids { seen[id] = alive.contains(id) ? now - 30 : .random(in: start...now, using: &random) }
        var stays: [(Double, Int64, InstanceState)] = []
        for (id, end) in seen.sorted(by: { $0.key < $1.key }) {
            var time = start
            while time < end {
                stays.append((time, id, Bool.random(using: &random) ? .running : .stopped))
                time += .random(in: 600...60 * Self.day, using: &random)
            }
            stays.append((end, id, stays.last?.2 ?? .running))
        }
        let store = SampleStore(database, account: "a")
        for (time, id, state) in stays.sorted(by: { $0.0 < $1.0 }) {
            try store.add([(InstanceID(id), Sample(time: time, state: state))])
        }
        var events: [(time: Double, run: Int64)] = []
        var begun: [Int64: Double] = [:], ends: [Int64: Double] = [:]
        for run in 1...Int64(runs) {
            let begin = start + (now - start) * Double(run - 1) / Double(runs)
            let length = Int.random(in: 0..<10, using: &random) == 0 ? now - begin : Double.random(in: 1...Self.day, using: &random)
            (begun[run], ends[run]) = (begin, min(now, begin + length))
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                events.append((.random(in: begin...min(now, begin + length), using: &random), run))
            }
        }
        try database.write("random") { database in
            for run in 1...Int64(runs) {
                let isOpen = Int.random(in: 0..<15, using: &random) == 0
                try database.execute(
                    sql: """
                        INSERT INTO run (number, id, account, script, command, started, ended, host, pid, lease)
                        VALUES (?, ?, 'a', 's.lua', 'vast-lua s.lua', ?, ?, 'h', 1, 'l')
                        """, arguments: [run, "r\(run)", begun[run], isOpen ? nil : ends[run]])
            }
            for (number, event) in events.sorted(by: { $0.time < $1.time }).enumerated() {
                try Self.insert(database, Int64(number + 1), event.time, event.run, &random)
            }
        }
        let rows = try alive.sorted().map { try TestFleet.row($0, Bool.random(using: &random) ? .running : .stopped, label: "b") }
        fleet = FleetSnapshot(instances: rows, observedAt: Date(timeIntervalSince1970: now), isComplete: true, isFiltered: false)
    }

    private static let verbs = ["stop", "stop", "start", "start", "label", "reboot", "recycle", "destroy", "bid", "other", "unheard"]
    private static let states = [
        "confirmed", "confirmed", "confirmed", "accepted", "failed", "satisfied", "unknown", "sent", "reserved", "not_applied"
    ]

    private static func insert(
        _ database: Database, _ number: Int64, _ time: Double, _ run: Int64, _ random: inout SeededGenerator
    ) throws {
        guard let verb = verbs.randomElement(using: &random), let status = states.randomElement(using: &random),
            let id = ids.randomElement(using: &random)
        else { return }
        let isSent = !["satisfied", "reserved"].contains(status)
        if isSent {
            try database.execute(
                sql: """
                    INSERT INTO exchange (number, run, account, at, request, verb, attempt, is_compensation, outcome)
                    VALUES (?, ?, 'a', ?, 'PUT', ?, 1, 0, ?)
                    """, arguments: [number, run, time, verb, status == "sent" ? nil : status])
        }
        var before = InstanceFacts(
            id: InstanceID(id), label: ["a", "b"].randomElement(using: &random) ?? "", state: verb == "stop" ? .running : .stopped)
        if Int.random(in: 0..<5, using: &random) > 0 { (before.rateOn, before.rateOff) = (USDPerHour(2.5), USDPerHour(0.5)) }
        let facts = String(decoding: try JSONValue.object(before.json).serialized(), as: UTF8.self)
        let reason = Bool.random(using: &random) ? "policy idle: idle" : nil as String?
        let label = verb == "label" ? ["a", "b", "c"].randomElement(using: &random) : verb == "bid" ? "0.5" : nil
        try database.execute(
            sql: """
                INSERT INTO change (number, run, account, at, call, instance, verb, is_compensation, exchange, attempts, status, before,
                    reason, confirmed, label_after)
                VALUES (?, ?, 'a', ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
                """,
            arguments: [
                number, run, time, number, id, verb, Int.random(in: 0..<10, using: &random) == 0, isSent ? number : nil, status, facts,
                reason, status == "confirmed" ? time + 5 : nil, label
            ])
    }
}
