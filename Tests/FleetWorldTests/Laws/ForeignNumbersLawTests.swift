import FleetClock
import FleetWorld
import SQLite
import Testing
import VastAPI

@testable import FleetSafety
@testable import FleetStore

/// No number of a row, an answer or the journal ends the program, or gives an instance what belongs to another one.
@Suite struct ForeignNumbersLawTests {
    private static let reading = """
        for _, inst in ipairs(vast.instances()) do
          local text = tostring(inst)
          for _, name in ipairs({"rate", "rate_on", "rate_off", "age", "ends_in", "billing", "state", "gpu_util", "gpu_temp", "num_gpus", "end_date",
            "start_date", "dph_total", "dph_base", "machine_id", "disk_space", "duration", "reliability2", "inet_up", "min_bid", "cpu_cores", "gpu_ram"}) do
            pcall(function() local value = inst[name] text = text .. tostring(value) end)
          end
          pcall(function() inst:is_idle("10m") end)
          pcall(function() inst:wishes() end)
        end
        pcall(function() vast.instances{gpu_util = "<5"} vast.instances{rate = ">0.5", ends_in = "<1h"} end)

        """

    @Test("whatever numbers rows and answers hold: lists, verbs, plans, checks, undo and report go on, and outcomes stay with their ids")
    func law() async throws {
        let count = LawCount("foreign-numbers")
        let result = await count.sweep(12) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x666F_7265)
            var options = TestWorld.Options()
            options.fleetSize = [2, 5, 9, 30].randomElement(using: &dice) ?? 5
            let world = try TestWorld(seed: seed, options: options)
            let victims = Set(world.ids.filter { _ in Bool.random(using: &dice) })
            let foreign = ForeignNumbers(victims: victims, seed: seed, isEnvelopeSpoilt: seed % 4 == 0)
            world.transport.rewrite = { foreign.rewrite($0, $1) }
            var plain = RandomScript.Options()
            plain.hasWaits = false
            let plan = "pcall(function() \(Self.reading) end)\n" + RandomScript.script(seed: seed, ids: world.ids, options: plain)
            let script = "pcall(function() \(Self.reading) end)\n" + LawScript.script(seed: seed, ids: world.ids)
            let run = try await world.run(script: script, plans: [plan])
            let books = CallBooks(run, world)
            count.add(world)
            count.compared(books.compared)
            count.meet("accepted", run.calls.reduce(0) { $0 + $1.outcomes.byID.count { if case .accepted = $1 { true } else { false } } })
            count.meet("planned changes", run.planned.count)
            let seen = try await Self.useEverything(run, world)
            let unread =
                foreign.isEnvelopeSpoilt
                ? [] : world.ids.filter { !victims.contains($0) && !seen.contains($0) && world.service.world.instances[$0] != nil }
            return unread.isEmpty ? books.text : "the numbers of others have taken \(unread) from the list"
        }
        #expect(result.failures.isEmpty)
        #expect(
            result.tried < 12 || count.ids > 50 && count.met["accepted", default: 0] > 5 && count.met["planned changes", default: 0] > 3)
    }

    /// Everything that reads what was kept, by a fleet that is spoilt as well.
    ///
    /// - Returns: the ids that can be read.
    private static func useEverything(_ run: WorldRun, _ world: TestWorld) async throws -> Set<Int64> {
        let snapshot = try? await world.clock.working { try await world.client().list(.all) }
        let plan = Plan(
            account: TestWorld.account, script: "script.lua", created: world.clock.unixTime, observed: world.clock.unixTime,
            actions: run.planned)
        if let bytes = try? plan.encoded() { _ = try? Plan(decoding: bytes) }
        guard let snapshot else { return [] }
        _ = PlanCheck(plan, against: snapshot).results.map { "\($0.outcome)" }
        let undo = UndoPlan(run.rows, fleet: snapshot, now: world.clock.unixTime)
        _ = undo.lost.map(\.text) + undo.unneeded.map(\.text) + undo.steps.map { "\($0.facts)" }
        return Set(snapshot.instances.map(\.id.rawValue))
    }

    @Test("rows of the journal with a verb, a status or numbers that this program does not know count against every cap, and nothing traps")
    func journal() async throws {
        let count = LawCount("foreign-journal")
        let result = await count.sweep(16) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x6A6F_7572)
            var options = TestWorld.Options()
            options.fleetSize = 9
            options.fleet = { $0.events = [] }
            let world = try TestWorld(seed: seed, options: options)
            _ = try await world.run(script: "pcall(vast.label, \(world.ids[8]), 'first')")
            let number = Int.random(in: 1...4, using: &dice)
            let unknown = try Self.insert(number, world, &dice)
            let verb = ["stop", "start", "label", "reboot"].randomElement(using: &dice) ?? "stop"
            let cap = ["stop": "max_stops", "start": "max_starts", "label": "max_labels", "reboot": "max_reboots"][verb] ?? "max_changes"
            // The first run's label counts as well, where it was made.
            let script =
                "vast.guard{\(cap) = \(number), max_fraction = 1} local done, last = 0 for _, id in ipairs{\(world.ids.map { "\($0)" }.joined(separator: ", "))} do "
                + "local ok, e = pcall(vast.\(verb), id\(verb == "label" ? ", 'second'" : "")) if not ok then last = e end end return tostring(last and last.kind)"
            let run = try await world.run(script: script)
            count.add(world)
            count.compared(world.ids.count)
            count.meet("rows of verbs unknown", unknown)
            let carried = Carried(run.changes, world).changes.count
            if unknown >= number, carried > 0 {
                return "\(carried) \(verb) carried out, with \(unknown) unknown changes under \(cap) = \(number)"
            }
            let history = JournalHistory(world.soundDatabase())
            for summary in try history.runs(limit: 100) { _ = (try history.changes(of: summary), summary.json) }
            return carried > number - unknown ? "\(carried) \(verb) carried out, \(unknown) unknown, \(cap) = \(number)" : nil
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 16 || count.met["rows of verbs unknown", default: 0] >= 12)
    }

    /// Puts changes of a later program into the journal.
    ///
    /// - Returns: how many of them.
    private static func insert(_ count: Int, _ world: TestWorld, _ dice: inout SeededGenerator) throws -> Int {
        let database = world.soundDatabase()
        defer { database.close() }
        let now = world.clock.unixTime
        let rows = (0..<count).map { number -> [String] in
            let verb = ["teleport", "STOP", "", "stop "].randomElement(using: &dice) ?? "teleport"
            let status = ["quantum", "accepted", "sent", "", "Failed"].randomElement(using: &dice) ?? "quantum"
            let rate = ["1e308", "-1e308", "9e18", "'NaN'", "NULL", "9223372036854775807", "1e-320"].randomElement(using: &dice) ?? "NULL"
            let gpus = ["9223372036854775807", "-9223372036854775808", "'many'", "1e300", "NULL"].randomElement(using: &dice) ?? "NULL"
            return ["\(900 + number)", "\(70 + number)", "'\(verb)'", "'\(status)'", rate, gpus]
        }
        try database.write("test", .full) { database in
            try database.execute(
                sql: """
                    INSERT INTO run (number, id, account, script, command, started, ended, host, pid, lease)
                    VALUES (4711, 'later', '\(TestWorld.account)', 's', 'run', \(now), \(now), 'h', 1, 'later-1')
                    """)
            for row in rows {
                try database.execute(
                    sql: """
                        INSERT INTO change (run, account, at, call, instance, verb, is_compensation, attempts, status, rate, gpus)
                        VALUES (4711, '\(TestWorld.account)', \(now), \(row[0]), \(row[1]), \(row[2]), 0, 1, \(row[3]), \(row[4]), \(row[5]))
                        """)
            }
        }
        return count
    }
}
