import FleetClock
import GRDB
import Testing

@testable import FleetControl
@testable import VastAPI

/// The figures that the journal and the guard promise; the bounds leave room for a slow machine and a debug build.
@Suite("Figures of the journal", .serialized)
struct JournalFigureTests {
    private static let clock = SystemClock()
    #if DEBUG
    /// How much longer a debug build may take beside the other tests.
    private static let slowness = 8.0
    #else
    private static let slowness = 1.0
    #endif

    private func milliseconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = Self.clock.uptime
        try await body()
        return (Self.clock.uptime - start).seconds * 1_000
    }

    private func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = Self.clock.uptime
        try body()
        return (Self.clock.uptime - start).seconds * 1_000
    }

    /// Runs and changes as they are after years of use.
    private func fill(_ database: StateDatabase, runs: Int, changesPerRun: Int) throws {
        try database.open()
        try database.write("test") { database in
            for run in 1...runs {
                try database.execute(
                    sql: "INSERT INTO run (id, account, script, command, started, ended, exit_code, host, pid, lease) VALUES (?, ?, 's', 'run', ?, ?, 0, 'h', 1, 'l')",
                    arguments: [format6(run), JournalRig.account, Double(run), Double(run)])
                let statement = try database.cachedStatement(
                    sql: """
                        INSERT INTO change (run, account, at, call, instance, verb, is_compensation, attempts, status, before, rate, gpus)
                        VALUES (?, ?, ?, ?, ?, 'stop', 0, 1, 'confirmed', '{"id":1,"label":"x","state":"running"}', 1, 2)
                        """)
                for change in 1...changesPerRun {
                    try statement.execute(arguments: [run, JournalRig.account, Double(run), change, change])
                }
            }
        }
    }

    private func format6(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    @Test("history of 100,000 changes takes less than 50 ms", arguments: [(2_000, 50), (20, 5_000)])
    func history(runs: Int, changes: Int) throws {
        let rig = try JournalRig()
        let database = rig.database()
        try fill(database, runs: runs, changesPerRun: changes)
        let history = JournalHistory(database, account: JournalRig.account)
        var listed = 0
        let listing = try milliseconds { listed = try history.runs(limit: 20).count }
        #expect(listed == 20)
        let lookup = try milliseconds { _ = try history.run(format6(runs)) }
        let hour = try milliseconds { _ = try history.guardEntries(account: JournalRig.account, since: Double(runs)) }
        let last = try #require(try history.lastRun())
        let rows = try milliseconds { _ = try history.changes(of: last) }
        print("FIGURE history of \(runs) runs of \(changes): list \(listing) ms, look up \(lookup) ms, last hour \(hour) ms, one run \(rows) ms")
        #expect(listing < Self.slowness * 50)
        #expect(lookup < Self.slowness * 50)
        #expect(hour < Self.slowness * 50)
    }

    @Test("guard and journal add less than 1 ms to an action, the disk's sync apart")
    func action() async throws {
        let rig = try JournalRig()
        let journal = rig.journal(freeze: FreezeFile(directory: rig.place.path))
        let fleet = try TestFleet.guarded(on: 300, off: 100)
        let guardian = Guard(GuardRules(script: GuardLimits([.maxStops: 10_000])))
        try await journal.willSend(.test(1, Change(.stop, [1])))
        // Commits that do not wait for the disk: what is left is our own.
        try journal.database.unsyncedForTests()
        let count = 300
        var run: [GuardEntry] = []
        let judging = milliseconds {
            for number in 2...(count + 1) {
                let id = InstanceID(Int64(number % 300 + 1))
                #expect(guardian.judge(GuardOrder(.stop, [id]), fleet: fleet, run: run, hour: run) == .allowed)
                run.append(GuardEntry(.stop, id, facts: fleet.facts[id]))
            }
        }
        let writing = try await milliseconds {
            for number in 2...(count + 1) {
                let id = InstanceID(Int64(number % 300 + 1))
                let note = JournalNote(call: number, line: "s.lua:1", reasons: [id: "idle"], before: fleet.facts[id].map { [id: $0] } ?? [:])
                let intent = ChangeIntent.test(number, Change(.stop, [id]), note: note)
                try await journal.willSend(intent)
                await journal.didFinish(intent, .accepted)
            }
        }
        print("FIGURE an action: guard \(judging / Double(count)) ms, journal \(writing / Double(count)) ms")
        #expect((judging + writing) / Double(count) < Self.slowness)
    }
}

extension StateDatabase {
    fileprivate func unsyncedForTests() throws {
        try write("test", .full) { _ in }
        // The connection believes that it is at `full`, and is not.
        try withConnection { try $0.execute(sql: "PRAGMA synchronous = 0") }
    }
}
