import FleetBacktest
import FleetRecording
import Testing
import VastAPI
import VastJSON

/// Scripts over small recordings whose answers are reckoned by hand.
@Suite struct BacktestTests {
    private static let idle = """
        vast.policy {
          name = "idle", every = "5m", match = {label = "dev*"}, action = "stop",
          when = function(inst) return inst:is_idle("45m") end,
        }
        """

    @Test("an instance that idles is stopped after the length of the policy, and saves its rate without the disk")
    func saves() async throws {
        // Idle for four hours at $1.10, of which the disk is $0.10; four fifths of the window have to be watched.
        let result = try await Trial.run(Self.idle, Trial.minutes(241) { _ in 0 })
        #expect(result.failure == nil && result.actions.map(\.verb) == [.stop], "\(result.failure ?? "") \(result.actions)")
        let stopped = try #require(result.actions.first).time - Series.start
        #expect((2_160...3_060).contains(stopped), "\(stopped)")
        #expect(result.actions[0].reason?.hasPrefix("policy idle: idle ") == true, "\(result.actions[0])")
        let bill = result.total
        #expect(abs(bill.without - 4.4) < 1e-9)
        #expect(abs(bill.with - (1.1 * stopped / 3_600 + 0.1 * (4 - stopped / 3_600))) < 1e-9)
        #expect(abs(bill.hoursOff - (4 - stopped / 3_600)) < 1e-9)
        #expect(bill.interruptedHours == 0 && bill.restartsNeeded == 0 && bill.unknownHours == 0)
    }

    @Test("what works is left alone, and so is what nobody knows about", arguments: [80.0, 6.0, nil] as [Double?])
    func spares(util: Double?) async throws {
        let result = try await Trial.run(Self.idle, Trial.minutes(241) { _ in util })
        #expect(result.failure == nil && result.actions.isEmpty)
        #expect(abs(result.total.with - 4.4) < 1e-9 && abs(result.total.saved) < 1e-9)
    }

    @Test("the owner starts it at the first work, and only the work until it runs again is interrupted")
    func returns() async throws {
        // Idle for two hours, then work for one.
        let readings = Trial.minutes(181) { $0 < 120 ? 0 : 90 }
        let result = try await Trial.run(Self.idle, readings)
        let stopped = try #require(result.actions.first).time - Series.start
        let bill = result.total
        #expect(bill.restartsNeeded == 1 && bill.regretted == 0)
        #expect(abs(bill.interruptedHours - 10.0 / 60) < 1e-9 && abs(bill.interruptedCost - 1.1 / 6) < 1e-9)
        #expect(abs(bill.hoursOff - (7_200 + 600 - stopped) / 3_600) < 1e-9)
        #expect(abs(bill.saved - bill.hoursOff) < 1e-9)
        var options = BacktestOptions()
        options.returns = .never
        let never = try await Trial.run(Self.idle, readings, options).total
        #expect(never.restartsNeeded == 0 && abs(never.interruptedHours - 1) < 1e-9)
    }

    @Test("a stop in the middle of work loses what was computed since the last idle minute, up to the checkpoint")
    func losesWork() async throws {
        // Idle for an hour, then work; the script stops it two hours after that, whatever it does.
        let readings = Trial.minutes(241) { $0 < 60 ? 0 : 90 }
        let script = "vast.sleep('3h') vast.stop(1)"
        var options = BacktestOptions()
        options.returns = .never
        let whole = try await Trial.run(script, readings, options).total
        // One hour of work could not be done, and two were lost; the last idle minute began at 0:59.
        #expect(abs(whole.interruptedHours - (1 + 121.0 / 60)) < 1e-3, "\(whole)")
        options.checkpoint = .seconds(1_800)
        let cut = try await Trial.run(script, readings, options).total
        #expect(abs(cut.interruptedHours - 1.5) < 1e-3, "\(cut)")
    }

    @Test("a gap is unknown: it is neither idle nor saved")
    func gap() async throws {
        // Nothing is recorded from 0:30 to 3:30.
        let readings = Trial.minutes(241) { _ in 0 }.filter { !(1_800..<12_600).contains($0.time - Series.start) }
        let result = try await Trial.run(Self.idle, readings)
        #expect(abs(result.total.unknownHours - 181.0 / 60) < 1e-9)
        #expect(result.actions.isEmpty, "\(result.actions)")
        #expect(abs(result.total.without - 1.1 * 59 / 60) < 1e-9 && result.total.saved == 0)
    }

    @Test("what the guard refuses is not done, and is told")
    func refused() async throws {
        let readings = (0..<10).map { minute in
            RecordedReading(
                time: Series.start + Double(minute) * 60, isComplete: true,
                rows: (1...30).map { Series.row($0, util: 0, label: $0 > 20 ? "other" : "dev") })
        }
        let result = try await Trial.run("vast.guard{max_stops = 3} pcall(vast.stop, vast.instances{label = 'dev'})", readings)
        #expect(result.actions.isEmpty && result.refusals.count == 1)
        #expect(abs(result.total.saved) < 1e-12)
    }

    @Test(
        "programs, files and requests are not touched, and the error says what to do",
        arguments: [
            "os.execute('true')", "io.popen('true')", "io.open('/tmp/vast-lua-backtest', 'w')", "os.remove('x')", "os.rename('x', 'y')",
            "os.tmpname()", "io.output('x')", "package.loadlib('x', 'y')", "vast.http.get('http://127.0.0.1:9/')"
        ])
    func fence(call: String) async throws {
        let result = try await Trial.run(call, Trial.minutes(3) { _ in 0 })
        let failure = try #require(result.failure)
        #expect(failure.contains("not in a backtest") && failure.contains("script.lua:1"), "\(failure)")
    }

    @Test("what a script has stopped, started, labelled or destroyed looks so to it")
    func changes() async throws {
        let script = """
            local function look() local inst = vast.instance(1) return inst and inst.state .. " " .. inst.label end
            vast.stop(1) assert(look() == "stopped dev", look())
            vast.start(1) assert(look() == "running dev", look())
            vast.label(1, "other") assert(look() == "running other", look())
            vast.sleep("2m") assert(look() == "running other", look())
            vast.guard{allow_destroy = true, max_destroys = 1}
            vast.destroy(1, {confirm = 1}) assert(look() == nil)
            """
        let result = try await Trial.run(script, Trial.minutes(10) { _ in 0 })
        #expect(result.failure == nil, "\(result.failure ?? "")")
        #expect(result.actions.map(\.verb) == [.stop, .start, .label, .destroy])
    }
}
