import FleetFixtures
import FleetRules
import FleetStore
import Foundation
import SQLite
import Testing
import VastAPI

/// What vast-lua 0.1 has left on disk, read by this program; `make-fixture.py` has made it.
///
/// The numbers here were read out of the files themselves with sqlite3. The fixture is never made again to please a
/// test: what 0.1 has written stays readable.
@Suite("State that version 0.1 has written") struct FixtureTests {
    private static let nightly = "/home/user/nightly.lua"

    let place: TemporaryDirectory
    let database: StateDatabase
    let account: String

    /// Works on a copy.
    init() throws {
        place = try TemporaryDirectory()
        for name in ["state.sqlite", "freeze.json"] { try Self.data(name).write(to: URL(fileURLWithPath: "\(place.path)/\(name)")) }
        database = StateDatabase(directory: place.path)
        account = String(decoding: try Self.data("account.txt"), as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    private static func data(_ name: String) throws -> Data {
        try Data(contentsOf: try #require(Bundle.module.url(forResource: "Fixture-0.1", withExtension: nil)).appendingPathComponent(name))
    }

    private var history: JournalHistory { JournalHistory(database, account: account) }

    /// The oldest first.
    private func runs() throws -> [RunSummary] { try history.runs(limit: 100).reversed() }

    // MARK: the journal

    @Test("every run is understood: what it was, how it ended, and which one nobody has heard of since")
    func everyRun() throws {
        let runs = try runs()
        #expect(try history.accounts() == [account])
        #expect(runs.map(\.info.id) == ["677694", "6c9bd5", "b96f9a", "5e35fd", "e5c1a3", "09354a", "d91e23", "4e2f47"])
        #expect(runs.map(\.info.command) == ["run", "run", "run", "run", "apply", "undo", "run", "run"])
        #expect(runs.map(\.exitCode) == [0, 6, nil, nil, 0, 0, 143, nil])
        #expect(runs.map(\.hasCrashed) == [false, false, true, true, false, false, false, false])
        #expect(runs.map { $0.ended == nil } == [false, false, false, false, false, false, false, true])
        #expect(runs[0].info.script == Self.nightly && runs[0].host == "fixture" && runs[0].pid == 1)
    }

    @Test("every change is understood: so many of each verb came so far")
    func everyChange() throws {
        let changes = try runs().flatMap { try history.changes(of: $0) }
        #expect(changes.filter(\.isCompensation).map { "\($0.verb) \($0.instance) \($0.status)" } == ["stop 40112305 confirmed"])
        let counted = Dictionary(grouping: changes.filter { !$0.isCompensation }) { "\($0.verb.rawValue) \($0.status.rawValue)" }
        #expect(
            counted.mapValues(\.count) == [
                "stop confirmed": 9, "stop accepted": 1, "start confirmed": 4, "start failed": 1, "label confirmed": 6,
                "label failed": 1, "label satisfied": 1, "label sent": 1, "label not_applied": 1, "reboot confirmed": 2,
                "reboot unknown": 1
            ])
        #expect(changes.allSatisfy { $0.before?.id == $0.instance && $0.before?.rateOn != nil })
        // Neither an undo nor a policy acts from a line of a script.
        #expect(Set(changes.filter { $0.line == nil }.map(\.run)) == ["09354a", "d91e23"])
    }

    @Test("the summaries of the runs count what the changes are")
    func summaries() throws {
        for run in try runs() {
            let changes = try history.changes(of: run).filter { !$0.isCompensation }
            #expect(run.counts.reduce(0) { $0 + $1.count } == changes.count)
            for count in run.counts {
                #expect(changes.count { $0.verb == count.verb && $0.status == count.status } == count.count)
            }
        }
    }

    @Test("a change keeps its reason, its line, its error and the label that it set")
    func details() throws {
        let changes = try history.changes(of: try history.run("677694"))
        let stop = try #require(changes.first { $0.instance == 40_112_241 })
        #expect(stop.reason == "idle for an hour" && stop.line == "nightly.lua:2" && stop.before?.label == "dev-anna")
        let refused = try #require(changes.first { $0.instance == 40_112_305 && !$0.isCompensation })
        #expect(refused.errorKind == "unavailable")
        #expect(changes.first { $0.verb == .label }?.payload?.label == "train-b [keep until=fri]")
    }

    @Test("requests are understood, those whose answer never came too")
    func exchanges() throws {
        let outcomes = try runs().flatMap { try history.exchanges(of: $0) }.map(\.outcome)
        #expect(
            Dictionary(grouping: outcomes) { $0 ?? "none" }.mapValues(\.count) == [
                "accepted": 18, "failed": 2, "lost": 2, "unknown": 1, "none": 1
            ])
    }

    @Test("what counts for the guard and for the savings is found")
    func books() throws {
        #expect(try history.guardEntries(account: account, since: 0).entries.count == 24)
        #expect(try history.powerChanges(since: 0).count == 14)
        let starts = try history.starts(onMachine: 31_003, or: 40_112_305)
        #expect(starts.tried == 1 && starts.refused == 1)
    }

    @Test("what the last run has left in doubt is found, and judged by a reading of the fleet")
    func inDoubt() throws {
        let reconciler = JournalReconciler(database, account: account)
        #expect(
            try reconciler.inDoubt().map { "\($0.verb) \($0.instance) \($0.status)" } == ["stop 40112240 accepted", "label 40112233 sent"])
        let fleet = try [TestFleet.row(40_112_233, label: "train-a"), TestFleet.row(40_112_240, .stopped)]
        // A reading from before the changes says nothing about them.
        #expect(try reconciler.reconcile(with: TestFleet.snapshot(fleet)).isEmpty)
        let later = FleetSnapshot(
            instances: fleet, observedAt: Date(timeIntervalSince1970: 1_795_727_700), total: nil, isComplete: true, isFiltered: false)
        #expect(try reconciler.reconcile(with: later).map(\.evidence) == [.applied, .notApplied])
        #expect(try reconciler.inDoubt().isEmpty)
        #expect(try history.run("4e2f47").hasCrashed)
    }

    @Test("the first run can be undone: starts, a stop, a label, and what does not come back")
    func undo() throws {
        let fleet = try [
            TestFleet.row(40_112_234, label: "train-b [keep until=fri]", rateOn: 1.38), TestFleet.row(40_112_241, .stopped, rateOn: 0.36),
            TestFleet.row(40_112_242, .stopped, rateOn: 0.36), TestFleet.row(40_112_262, rateOn: 0.64),
            TestFleet.row(40_112_302, .stopped), TestFleet.row(40_112_305, .stopped), TestFleet.row(40_112_309, rateOn: 1.98)
        ]
        let plan = UndoPlan(try history.changes(of: try history.run("677694")), fleet: TestFleet.snapshot(fleet), now: 1_795_727_700)
        #expect(
            plan.steps.map { "\($0.verb) \($0.id) \($0.payload?.text ?? "")" } == [
                "start 40112241 ", "start 40112242 ", "stop 40112309 ", "label 40112234 train-b"
            ])
        #expect(plan.lost.map { "\($0.verb) \($0.id)" } == ["reboot 40112262"])
        #expect(plan.unneeded.isEmpty)
    }

    // MARK: what scripts and policies remember

    @Test("samples and stays are read")
    func samples() throws {
        let store = AccountState(database, account: account).samples
        let samples = try store.samples(since: 0)
        #expect(samples.count == 40 && samples.values.reduce(0) { $0 + $1.count } == 281)
        #expect(samples[40_112_241]?.map(\.state).first == .running && samples[40_112_241]?.map(\.state).last == .stopped)
        #expect(
            try store.spells(of: 40_112_247) == [
                .init(began: 1_795_727_549, state: .running), .init(began: 1_795_727_595, state: .stopped),
                .init(began: 1_795_727_597, state: .running)
            ])
        #expect(try store.lastSeen(40_112_241) == 1_795_727_597)
    }

    @Test("policies have kept their marks, acts, respites and switches")
    func policies() throws {
        let jobs = JobStore(database, account: account, script: "/home/user/policies.lua")
        func memory(_ name: String) throws -> PolicyMemory { PolicyMemory(json: try #require(try jobs.memory(of: name)?.mark)) }
        let (quiet, patient, office) = (try memory("policy quiet"), try memory("policy patient"), try memory("policy office"))
        #expect(quiet.acts == [40_112_246: .init(time: 1_795_727_592.387332, verb: .stop, isSeen: true)])
        #expect(quiet.leftAlone == [40_112_247: 1_795_741_997.3873777])
        let since = 1_795_727_589.3888128
        #expect(patient.marks == [40_112_260: since, 40_112_261: since, 40_112_262: since])
        #expect(office.edges == [40_112_240: 1_795_647_600, 40_112_311: 1_795_647_600])
    }

    @Test("jobs, values and the last reading of a script are found")
    func scripts() throws {
        let jobs = try JobStore(database, account: account, script: Self.nightly).memories()
        #expect(jobs["soon"]?.lastHandled == 1_795_727_557 && jobs["night"]?.lastHandled == nil && jobs.count == 2)
        let values = KeyValueStore(database, account: account, script: Self.nightly)
        #expect(try values.keys() == ["last", "nights"])
        #expect(try values.get("last") == #"{"note":"naïve ✓","stopped":[40112241,40112242]}"#)
        #expect(try values.get("nights") == "1")
        let snapshots = SnapshotStore(database, account: account)
        #expect(try snapshots.last(of: Self.nightly)?.rows.utf8.count == 24_500)
        #expect(try snapshots.lastFleetSize() == 40)
    }

    @Test("the day in which its reading of labels still counts is to come, begins once, and leaves the tables as they are")
    func labelGrammar() throws {
        let store = AccountState(database, account: account).labelGrammar
        #expect(try store.state() == .pending)
        let first = LabelGrammarStore.Transition(since: 1_795_800_000, labels: [.init(id: 12, text: "a [owner=anna]")])
        let begun = try #require(try store.begin(first))
        #expect(begun.isNew && begun.holds == first)
        let again = try #require(try store.begin(.init(since: 1_795_900_000, labels: [])))
        #expect(!again.isNew && again.holds == first && again.holds.end == 1_795_886_400)
        #expect(try store.state() == .begun(first))
        #expect(try AccountState(database, account: "another").labelGrammar.state() == .settled)
        #expect(try content().version == 2)
    }

    // MARK: files

    @Test("the freeze held for its second, and has ended")
    func freeze() throws {
        let file = FreezeFile(directory: place.path)
        let held = try #require(file.current(at: 1_795_727_599))
        #expect(held.reason == "audit" && held.by == "user@fixture" && held.until == 1_795_727_599.575276)
        #expect(file.current(at: 1_795_727_600) == nil)
    }

    @Test("a plan of version 1 is read, with several actions on one instance in their order")
    func plan() throws {
        let plan = try Plan(decoding: [UInt8](try Self.data("plan.json")))
        try plan.check(account: account)
        #expect(plan.script == "/home/user/planned.lua")
        #expect(
            plan.actions.map { "\($0.verb) \($0.id) \($0.payload?.text ?? "")" } == [
                "stop 40112244 ", "label 40112244 keep-bench (stopped)", "stop 40112245 ", "label 40112245 keep-demo (stopped)",
                "start 40112310 ", "label 40112300 old", "label 40112301 old"
            ])
        // 0.1 wrote down what it expected after its own stop, not what was read.
        #expect(plan.actions.prefix(2).map(\.before.state) == [.running, .stopped])
    }

    // MARK: the way back

    @Test("reading alone leaves the database as 0.1 knows it, version, tables and rows")
    func wayBack() throws {
        let before = try content()
        #expect(before.version == 2)
        let runs = try runs()
        for run in runs {
            _ = try (history.changes(of: run), history.exchanges(of: run), history.run(run.info.id))
        }
        let state = AccountState(database, account: account)
        _ = try (state.samples.samples(since: 0), state.samples.firstSeen(), history.guardEntries(account: account, since: 0))
        _ = try (history.powerChanges(since: 0), JournalReconciler(database, account: account).inDoubt())
        _ = try JobStore(database, account: account, script: Self.nightly).memories()
        _ = try KeyValueStore(database, account: account, script: Self.nightly).keys()
        database.close()
        #expect(try content() == before)
    }

    private struct Content: Equatable {
        var version: Int
        var owner: Int
        var tables: [String]
        var rows: [Int]
    }

    /// Read past our own opening of the file.
    private func content() throws -> Content {
        try DatabaseQueue(path: "\(place.path)/state.sqlite", busyTimeout: 1_000).read { database in
            let names = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            return Content(
                version: try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
                owner: try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                tables: try String.fetchAll(database, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"),
                rows: try names.map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \"\($0)\"") ?? 0 })
        }
    }
}
