import FleetClock
import Foundation
import Testing
import VastJSON

@testable import VastSimulator

/// Fleet files with the largest and smallest numbers there are: refused, or a world that goes on.
@Suite("Extreme numbers in fleet files") struct ExtremeFleetLawTests {
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 150)

    private static let ids: [JSONValue] = [
        1, 2, .integer(.max), .integer(.max - 1), .integer(.min), 9007199254740993, 0, -1, .double(1e300)
    ]
    private static let numbers: [JSONValue] = [
        0, 1, -1, 0.5, 1e-320, 1e9, 1e10, 1e12, 1e19, 1e300, -1e300, 1e308, .integer(.max), .integer(.min), .unsigned(.max), .double(-0.0)
    ]
    private static let events = [
        "turns_over:0.5", "turns_over:3", "turns_over:100000", "floor:1e300", "floor:0", "outbid", "bid_wins", "gpus_taken:1000000",
        "gpus_freed:9223372036854775807", "contract_ends", "deleted", "offline", "host_back", "queued_start_fires"
    ]

    private static func file(_ dice: inout SeededGenerator) -> JSONValue {
        func any(_ list: [JSONValue]) -> JSONValue { list.randomElement(using: &dice) ?? nil }
        // Most of it is allowed, or hardly a file would be read.
        func spoilt(_ usual: JSONValue, _ list: [JSONValue] = numbers) -> JSONValue {
            Int.random(in: 0..<3, using: &dice) == 0 ? any(list) : usual
        }
        let known = (0..<Int.random(in: 1...3, using: &dice)).map { spoilt(.integer(Int64($0 + 1)), ids) }
        let rows = known.map { id -> JSONValue in
            var row: JSONObject = ["id": id, "is_bid": .bool(Bool.random(using: &dice))]
            for name in [
                "dph_base", "dph_total", "disk_space", "gpu_util", "gpu_temp", "start_date", "end_date", "disk_usage", "storage_total_cost"
            ]
            where Int.random(in: 0..<4, using: &dice) == 0 { row[name] = any(numbers) }
            if Int.random(in: 0..<6, using: &dice) == 0 { row["machine_id"] = any(ids) }
            if Int.random(in: 0..<8, using: &dice) == 0 { row["num_gpus"] = any(numbers) }
            if row["is_bid"]?.truth == true, Bool.random(using: &dice) { row["simulator"] = ["floor": any(numbers)] }
            return .object(row)
        }
        let events = (0..<Int.random(in: 0...4, using: &dice)).map { _ -> JSONValue in
            ["after": spoilt(10), "id": any(known), "event": .string(Self.events.randomElement(using: &dice) ?? "")]
        }
        var file: JSONObject = ["fleet": 1, "instances": .array(rows), "events": .array(events)]
        if Int.random(in: 0..<4, using: &dice) == 0 { file["account"] = ["id": any(ids), "credit": any(numbers)] }
        if Int.random(in: 0..<4, using: &dice) == 0 {
            file["machines"] = [["id": any(ids), "gpus": any(numbers), "taken_after": any(numbers)]]
        }
        return .object(file)
    }

    @Test("are refused before anything runs, or the world goes on for days, and shows and changes every instance", arguments: seeds)
    func law(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed ^ 0x6578_7472)
        for _ in 0..<20 {
            guard let fleet = try? FleetFile.fleet(try Self.file(&dice).serialized(), at: beginning) else { continue }
            let clock = VirtualClock(start: beginning)
            let service = SimulatedService(fleet, clock: clock)
            for _ in 0..<6 {
                clock.advance(by: .seconds([1, 60, 3_600, 86_400, 400_000].randomElement(using: &dice) ?? 1))
                let world = service.world
                let answer = service.respond(to: SimulatedRequest("GET", "/api/v1/instances/", authorization: "Bearer simulator"))
                #expect(answer.status == 200 && Set(world.ids) == Set(world.instances.keys))
                guard let id = world.ids.randomElement(using: &dice) else { continue }
                let body = [#"{"state":"stopped"}"#, #"{"state":"running"}"#, #"{"label":"x"}"#].randomElement(using: &dice) ?? "{}"
                _ = service.respond(
                    to: SimulatedRequest("PUT", "/api/v0/instances/\(id)/", authorization: "Bearer simulator", body: Array(body.utf8)))
            }
        }
    }

    @Test("the successor of the greatest id has the smallest that is free, again and again")
    func greatest() throws {
        let text =
            #"{"fleet":1,"instances":[{"id":9223372036854775807},{"id":1}],"events":[{"after":10,"id":9223372036854775807,"event":"turns_over:3"}]}"#
        var world = World(try FleetFile.fleet(Array(text.utf8), at: beginning), now: beginning)
        world.advance(to: beginning.addingTimeInterval(60))
        #expect(world.ids == [1, 2])
        world.advance(to: beginning.addingTimeInterval(86_400 * 4))
        #expect(world.ids == [1, 3])
    }

    @Test("a scheduled job may have the greatest id, too")
    func jobs() {
        let service = SimulatedService(Fleet(), clock: VirtualClock(start: beginning))
        func send(_ method: String, _ target: String, _ job: String) -> Int {
            service.respond(to: SimulatedRequest(method, target, authorization: "Bearer simulator", body: Array(job.utf8))).status
        }
        #expect(send("PUT", "/api/v0/commands/schedule_job/9223372036854775807/", #"{"api_endpoint":"a"}"#) < 500)
        #expect(send("POST", "/api/v0/commands/schedule_job/", #"{"api_endpoint":"b"}"#) < 500)
    }
}
