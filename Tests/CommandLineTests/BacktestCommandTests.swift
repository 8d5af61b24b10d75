import Foundation
import Testing

/// `vast-lua backtest` with the real program.
@Suite struct BacktestCommandTests {
    private static let policy = """
        vast.policy {
          name = "idle", every = "5m", match = {label = "dev*"}, action = "stop", grace = "0s",
          when = function(inst) return inst:is_idle("45m") end,
        }
        """

    /// Four hours of an idle instance and one that works, a minute apart.
    private static func csv() -> String {
        var lines = ["time,id,gpu_util,label,rate_on,rate_off"]
        for minute in 0...240 {
            lines.append("\(1_795_392_000 + minute * 60),1,0,dev-a,1.10,0.10")
            lines.append("\(1_795_392_000 + minute * 60),2,93.5,dev-b,2.00,0.20")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func prepared() throws -> VastLua {
        let vast = try VastLua(["TZ": "UTC"])
        try vast.write("gpus.csv", Self.csv())
        try vast.write("idle.lua", Self.policy)
        return vast
    }

    @Test("somebody's own monitoring tells in one line what a policy would have saved, without a key")
    func csv() async throws {
        let run = try await prepared().run("backtest", "--readings", "gpus.csv", "--timeline", "idle.lua")
        #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(run.output.contains("stop 1 dev-a") && run.output.contains("idle 40m"), "\(run.output)")
        #expect(!run.output.contains("stop 2 dev-b"))
        #expect(run.output.contains("$3.33 of $12.40 saved, 0.0 GPU h of work cut, 0 restarts needed"), "\(run.output)")
    }

    @Test("the answer as JSON is the same each time, and its sums agree")
    func json() async throws {
        let vast = try prepared()
        let first = try await vast.run("backtest", "--readings", "gpus.csv", "--json", "idle.lua")
        let second = try await vast.run("backtest", "--readings", "gpus.csv", "--json", "idle.lua")
        #expect(first.code == 0 && first.output == second.output)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
        let total = try #require(object["total"] as? [String: Any])
        let instances = try #require(object["instances"] as? [[String: Any]])
        for name in ["with", "without", "saved", "hours_off"] {
            let sum = instances.compactMap { $0[name] as? Double }.reduce(0, +)
            #expect(abs(sum - (total[name] as? Double ?? .nan)) < 0.005, "\(name)")
        }
        #expect((instances[0]["actions"] as? [[String: Any]])?.first?["verb"] as? String == "stop")
    }

    @Test("what vast-lua records is what a backtest reads")
    func recorded() async throws {
        let vast = try VastLua(["TZ": "UTC"])
        let record = try await vast.run("record", "day.jsonl", "--simulator", "--simulator-speed", "20000", "--for", "6h", "--every", "5m")
        #expect(record.code == 0, "\(record.errors)")
        try vast.write("s.lua", "vast.sleep('1h') print(#vast.instances(), vast.dry_run)")
        let run = try await vast.run("backtest", "--readings", "day.jsonl", "s.lua")
        #expect(run.code == 0 && run.output.hasPrefix("40\tfalse\n"), "\(run.output)\(run.errors)")
        #expect(run.output.contains("the script has changed nothing"))
    }

    @Test("a sweep shows what each value would have saved, and marks what no other value beats")
    func sweep() async throws {
        let vast = try prepared()
        try vast.write("sweep.lua", Self.policy.replacing("\"45m\"", with: "vast.env('IDLE')"))
        let run = try await vast.run("backtest", "--readings", "gpus.csv", "--sweep", "IDLE=30m,2h,9h", "sweep.lua")
        let lines = run.output.split(separator: "\n")
        #expect(run.code == 0 && lines.count == 4, "\(run.output)\(run.errors)")
        #expect(lines[0].hasPrefix("IDLE") && lines[1].contains("30m") && lines[1].hasSuffix("efficient"), "\(run.output)")
        #expect(lines[2].contains("2h") && !lines[2].contains("efficient") && lines[3].contains("$0.00"), "\(run.output)")
        let json = try await vast.run("backtest", "--readings", "gpus.csv", "--sweep", "IDLE=30m,2h", "--json", "sweep.lua")
        let trials = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        #expect(trials.count == 2 && (trials[1]["values"] as? [String: String]) == ["IDLE": "2h"])
        let wrong = try await vast.run("backtest", "--readings", "gpus.csv", "--sweep", "IDLE", "sweep.lua")
        #expect(wrong.code == 2 && wrong.errors.contains("'--sweep'"), "\(wrong.errors)")
    }

    @Test("a script that fails shows what is known so far, and ends with 1; a broken recording names its line, and ends with 2")
    func failing() async throws {
        let vast = try prepared()
        try vast.write("bad.lua", "vast.sleep('1h') vast.stop(1) vast.sleep('1h') error('no more')")
        let run = try await vast.run("backtest", "--readings", "gpus.csv", "--timeline", "bad.lua")
        #expect(run.code == 1 && run.errors.contains("bad.lua:1: no more"), "\(run.errors)")
        #expect(run.output.contains("stop 1 dev-a") && run.output.contains("saved"), "\(run.output)")
        try vast.write("exit.lua", "vast.sleep('1h') os.exit(7)")
        let exit = try await vast.run("backtest", "--readings", "gpus.csv", "exit.lua")
        #expect(exit.code == 7 && exit.errors.isEmpty && exit.output.contains("saved"), "\(exit.errors)")
        let none = try await vast.run("backtest", "--readings", "gpus.csv", "none.lua")
        #expect(none.code == 1 && none.output.isEmpty && none.errors.contains("none.lua"), "\(none.output)")
        try vast.write("broken.csv", Self.csv().replacing("1795392120,1,0,", with: "1795392120,1,x,"))
        let broken = try await vast.run("backtest", "--readings", "broken.csv", "idle.lua")
        #expect(broken.code == 2 && broken.errors.contains("broken.csv:6: gpu_util 'x'"), "\(broken.errors)")
        let missing = try await vast.run("backtest", "idle.lua")
        #expect(missing.code == 2 && missing.errors.contains("--readings"), "\(missing.errors)")
    }
}
