import FleetWorld
import Foundation
import Synchronization
import Testing
import VastSimulator

/// `scripts/bid-floor.lua` bids and starts by what is so now, whatever others do at whatever moment.
@Suite struct BidFloorLawTests {
    /// Somebody does something before one of the exchanges of a run.
    private final class Intervention: Sendable {
        private let moment = Mutex<Duration?>(nil)

        /// On the clock of the world; nil: the run has ended before.
        var time: Duration? { moment.withLock { $0 } }

        func happen(in world: TestWorld?, _ request: SimulatedRequest) {
            guard let world else { return }
            _ = world.service.respond(to: request)
            moment.withLock { $0 = world.clock.uptime }
        }
    }

    @Test("what somebody stops, at any moment, gets no higher bid and no start any more", arguments: [1, 2] as [Int64])
    func stopped(id: Int64) async throws {
        var stops = 0
        for number in 1...60 {
            let stop = SimulatedRequest(
                "PUT", "/api/v0/instances/\(id)/", authorization: "Bearer simulator", body: Array(#"{"state": "stopped"}"#.utf8))
            guard let (run, _) = try await Self.run(before: number, stop) else { continue }
            stops += 1
            let later = Self.changes(run, of: id).filter { $0.exchange >= number }
            #expect(
                !later.contains { $0.bid != nil || $0.what == "intended stopped -> running" },
                "before exchange \(number): \(later) \(run.trace.joined(separator: "\n"))")
        }
        #expect(stops > 10)
    }

    @Test("what the market has given back gets no higher bid")
    func givenBack() async throws {
        // The first look is before anything is outbid.
        for number in 2...60 {
            let back = SimulatedRequest("POST", "/simulator/events", body: Array(#"{"id": 2, "event": "floor:0.1", "after": 10}"#.utf8))
            guard let (run, moment) = try await Self.run(before: number, back) else { continue }
            // The market moves while the script waits, and some seconds later the instance is back.
            let later = Self.changes(run, of: 2).filter { $0.bid != nil && $0.time > moment + .seconds(20) }
            #expect(later.isEmpty, "before exchange \(number): \(later)")
        }
    }

    /// Two instances lose their bids, and the script holds them for twenty minutes.
    ///
    /// - Returns: the run and when it was; nil where the request is a change, of which nobody could have known.
    private static func run(before number: Int, _ request: SimulatedRequest) async throws -> (WorldRun, Duration)? {
        var options = TestWorld.Options()
        options.fleet = { fleet in
            fleet = Fleet()
            for id in [1, 2] as [Int64] {
                var made = InstanceSpecification(id: id, label: "spot-\(id)")
                (made.machine, made.isBid) = (100 + id, true)
                fleet.instances.append(made.instance(at: TestWorld.start, seed: 1))
                fleet.machines[100 + id] = Machine(gpus: 1)
                fleet.events.append(Fleet.Plan(after: 60 + 5 * Double(id), instance: id, event: .outbid))
            }
        }
        let world = try TestWorld(seed: 1, options: options)
        let (intervention, origin) = (Intervention(), world.clock.uptime)
        var plan = ExchangePlan()
        plan.at(.before, number) { [weak world] in intervention.happen(in: world, request) }
        world.transport.plan = plan
        let run = try await world.run(script: try script())
        #expect(run.errorKind == nil, "\(run.errorText ?? "")")
        guard let time = intervention.time, let line = run.trace.first(where: { $0.contains(" #\(number) ") }), !line.contains(" PUT ")
        else { return nil }
        return (run, time - origin)
    }

    private static func changes(_ run: WorldRun, of id: Int64) -> [WorldChange] { run.changes.filter { $0.instance == id } }

    /// The script itself, which ends by itself.
    private static func script() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let text = try String(contentsOf: root.appendingPathComponent("scripts/bid-floor.lua"), encoding: .utf8)
        return "arg = {'spot*', '5', '0.9'}\n" + text.replacing("vast.every(", with: "local job = vast.every(")
            + "\nvast.sleep('20m')\njob:cancel()\n"
    }
}
