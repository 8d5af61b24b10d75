import FleetBacktest
import FleetClock
import FleetRecording
import FleetWorld
import Synchronization
import Testing
import VastAPI
import VastJSON
import VastSimulator

/// A backtest over what a run has read does what the run has done.
@Suite struct ParityLawTests {
    private static func world(_ seed: UInt64) throws -> TestWorld {
        var options = TestWorld.Options()
        (options.latency, options.pacing) = (0...0, .unpaced)
        options.fleet = { fleet in
            var dice = SeededGenerator(seed: seed ^ 0x7061)
            fleet = Fleet()
            for id in 1...Int64.random(in: 2...9, using: &dice) {
                var made = InstanceSpecification(id: id, label: ["dev-a", "dev-b", "run"].randomElement(using: &dice) ?? "")
                (made.machine, made.isOn) = (id + 100, Int.random(in: 0..<5, using: &dice) > 0)
                made.workload = Workload([.idle, .training, .falseZeros].randomElement(using: &dice) ?? .idle)
                fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
                fleet.machines[id + 100] = Machine(gpus: 1)
            }
        }
        return try TestWorld(seed: seed, options: options)
    }

    private static func script(_ seed: UInt64) -> String {
        var dice = SeededGenerator(seed: seed ^ 0x7363)
        let window = Int.random(in: 10...60, using: &dice)
        return """
            vast.guard{max_stops = 99, max_starts = 99, max_labels = 99, max_fraction = 1}
            for look = 1, \(Int.random(in: 20...60, using: &dice)) do
              for _, inst in ipairs(vast.instances()) do
                if inst.label:find("^dev") and inst:is_idle("\(window)m") then vast.stop(inst) end
                if look == \(Int.random(in: 2...20, using: &dice)) and inst.state == "running" then vast.label(inst, "seen") end
                if look == \(Int.random(in: 20...40, using: &dice)) and inst.state == "stopped" and inst.id % 3 == 0 then pcall(vast.start, inst) end
              end
              vast.sleep("\(Int.random(in: 1...7, using: &dice))m")
            end
            """
    }

    @Test("one for one, at the same times", arguments: 1...25 as ClosedRange<UInt64>)
    func law(seed: UInt64) async throws {
        let world = try Self.world(seed)
        let readings = Mutex<[RecordedReading]>([])
        let clock = world.clock
        world.transport.rewrite = { request, response in
            if request.method == .get, request.url.contains("/api/v1/instances/"), !request.url.contains("select_filters"),
                let root = try? JSONDocument(parsing: String(decoding: response.body, as: UTF8.self)).root,
                case .array(let rows)? = root["instances"]?.value
            {
                let objects = rows.compactMap { if case .object(let object) = $0 { object } else { nil } }
                readings.withLock { $0.append(RecordedReading(time: clock.unixTime, isComplete: true, rows: objects)) }
            }
            return response
        }
        let run = try await world.run(script: Self.script(seed), wait: .zero)
        #expect(run.errorText == nil, "\(run.errorText ?? "")")
        let record = readings.withLock { $0 }
        let backtest = try await Trial.run(Self.script(seed), record)
        #expect(backtest.failure == nil, "\(backtest.failure ?? "")")
        let live = run.rows.filter { !$0.isCompensation && $0.status != .satisfied && $0.status != .failed }
            .map { "\($0.verb) \($0.instance)" }
        #expect(backtest.actions.map { "\($0.verb) \($0.id)" } == live)
    }
}
