import FleetBacktest
import FleetClock
import FleetRecording
import Testing
import VastAPI
import VastJSON

/// What holds for every script and every record.
@Suite struct BacktestLawTests {
    /// Instances that come and go, work and idle, with gaps, unknown figures and readings off any grid.
    private static func readings(_ seed: UInt64) -> [RecordedReading] {
        var dice = SeededGenerator(seed: seed)
        var time = Series.start
        var spells: [Int64: (util: Double?, isOn: Bool, left: Int)] = [:]
        let ids = 1...Int64.random(in: 1...6, using: &dice)
        return (0..<Int.random(in: 20...300, using: &dice)).map { _ in
            time += Double.random(in: 40...80, using: &dice) + (Int.random(in: 0..<60, using: &dice) == 0 ? 5_000 : 0)
            var rows: [JSONObject] = []
            for id in ids {
                var spell = spells[id] ?? (nil, true, 0)
                if spell.left == 0 {
                    spell.util = [0, 0, 0.4, 3, 60.5, 99, nil].randomElement(using: &dice) ?? nil
                    spell.isOn = Int.random(in: 0..<4, using: &dice) > 0
                    spell.left = Int.random(in: 1...90, using: &dice)
                }
                spell.left -= 1
                spells[id] = spell
                if Int.random(in: 0..<100, using: &dice) == 0 { continue }
                rows.append(Series.row(id, util: spell.util, isOn: spell.isOn, label: id % 2 == 0 ? "dev" : "run", gpus: id))
            }
            return RecordedReading(time: time, isComplete: Int.random(in: 0..<5, using: &dice) > 0, rows: rows)
        }
    }

    private static func script(_ seed: UInt64) -> String {
        var dice = SeededGenerator(seed: seed ^ 0x7363)
        return """
            vast.guard{max_stops = 999, max_starts = 999, max_fraction = 1}
            vast.policy{name = "idle", every = "\(Int.random(in: 1...9, using: &dice))m", match = {label = "dev*"}, action = "stop",
              when = function(inst) return inst:is_idle("\(Int.random(in: 5...40, using: &dice))m") end}
            vast.every("\(Int.random(in: 7...50, using: &dice))m", function()
              vast.each(vast.instances{label = "run", state = "\(Bool.random(using: &dice) ? "running" : "stopped")"},
                \(Bool.random(using: &dice) ? "vast.stop" : "vast.start"))
            end)
            """
    }

    @Test(
        "a script that does nothing costs what was recorded, and every hour is either known or unknown",
        arguments: 1...30 as ClosedRange<UInt64>)
    func nothing(seed: UInt64) async throws {
        let result = try await Trial.run("vast.every('10m', vast.instances)", Self.readings(seed))
        #expect(result.failure == nil && result.actions.isEmpty)
        for member in result.members {
            #expect(member.bill.with == member.bill.without && member.bill.hoursOff == 0 && member.bill.interruptedHours == 0)
        }
    }

    @Test(
        "the same input gives the same answer, sums agree, and nothing is saved where nothing is known",
        arguments: 1...30 as ClosedRange<UInt64>)
    func sums(seed: UInt64) async throws {
        let readings = Self.readings(seed)
        let (first, second) = (try await Trial.run(Self.script(seed), readings), try await Trial.run(Self.script(seed), readings))
        #expect(first.failure == nil, "\(first.failure ?? "")")
        #expect(first.actions == second.actions && first.members.map(\.bill) == second.members.map(\.bill))
        let (total, bills) = (first.total, first.members.map(\.bill))
        #expect(abs(total.saved - bills.map(\.saved).reduce(0, +)) < 1e-9)
        // What is off instead of on saves a dollar an hour, what is on instead of off costs one.
        let untouched = try await Trial.run("vast.every('10m', vast.instances)", readings)
        for (member, plain) in zip(first.members, untouched.members) {
            #expect(abs(member.bill.without - plain.bill.without) < 1e-9)
            #expect(member.bill.saved <= member.bill.hoursOff + 1e-9)
            #expect(member.bill.unknownHours == plain.bill.unknownHours)
        }
    }
}
