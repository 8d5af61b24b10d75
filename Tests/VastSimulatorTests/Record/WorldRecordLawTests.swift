import FleetClock
import Foundation
import Synchronization
import Testing
import VastJSON

@testable import VastSimulator

/// A world that is made again from its record is the world that it was.
@Suite("The record of a simulated world") struct WorldRecordLawTests {
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 40)

    /// What a service has written down.
    private final class Lines: Sendable {
        private let lines = Mutex<[UInt8]>([])
        var text: [UInt8] { lines.withLock { $0 } }

        func append(_ line: [UInt8]) -> Bool {
            lines.withLock { $0 += line }
            return true
        }
    }

    private static func fleet(_ seed: UInt64) -> Fleet {
        seed % 3 == 0 ? .standard(at: beginning, seed: seed) : .generated(12, at: beginning, seed: seed)
    }

    private static func request(_ ids: [Int64], _ dice: inout SeededGenerator) -> SimulatedRequest {
        let id = Bool.random(using: &dice) ? ids.randomElement(using: &dice) ?? 1 : 40_112_271
        let some = ids.shuffled(using: &dice).prefix(3).map { "\($0)" }.joined(separator: ",")
        let (method, target, body) =
            [
                ("GET", "/api/v1/instances/", ""), ("PUT", "/api/v0/instances/\(id)/", #"{"state":"stopped"}"#),
                ("PUT", "/api/v0/instances/\(id)/", #"{"state":"running"}"#),
                ("PUT", "/api/v0/instances/\(id)/", #"{"label":"ä \"\#(dice.next())\"\n"}"#),
                ("PUT", "/api/v0/instances/reboot/\(id)/", "{}"), ("PUT", "/api/v0/instances/recycle/\(id)/", "{}"),
                ("DELETE", "/api/v0/instances/\(id)/", "{}"), ("PUT", "/api/v0/instances/bid_price/\(id)/", #"{"price":0.7}"#),
                ("POST", "/api/v0/instances/start", "{\"ids\":[\(some)]}"), ("PUT", "/api/v0/instances/", "{not json"),
                ("GET", "/api/v0/users/current/", "")
            ].randomElement(using: &dice) ?? ("GET", "/", "")
        return SimulatedRequest(method, target, authorization: "Bearer simulator", body: Array(body.utf8))
    }

    private static func service(
        _ seed: UInt64, _ clock: VirtualClock, past: WorldRecord? = nil, lines: Lines? = nil
    ) -> SimulatedService {
        var options = SimulatorOptions()
        options.seed = seed
        return SimulatedService(fleet(seed), options: options, clock: clock, past: past) { request in
            lines?.append(request.changes ? request.line : WorldRecord.line(at: request.at)) ?? true
        }
    }

    /// All that can be seen of a world.
    private static func shown(_ service: SimulatedService) -> [String] {
        let world = service.world
        let rows = world.ids.map { id in
            let instance = world.instances[id]
            return "\(id) \(world.words(id)) \(instance?.label ?? "-") \(instance?.market?.bid ?? 0)"
        }
        return rows + ["credit \((world.account.credit * 1e4).rounded())", "rate \((world.rate * 1e6).rounded())"]
            + world.machines.sorted { $0.key < $1.key }.map { "machine \($0.key) \($0.value.free)" }
    }

    @Test("random requests at random times, in up to four runs: the world goes on as if it had never been put down", arguments: seeds)
    func goesOn(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed ^ 0x776f)
        let (lines, whole) = (Lines(), VirtualClock(start: beginning))
        let unbroken = Self.service(seed, whole)
        var record = WorldRecord(seed: seed, start: beginning)
        _ = lines.append(record.header)
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            let clock = VirtualClock(start: record.now)
            let service = Self.service(seed, clock, past: record, lines: lines)
            #expect(Self.shown(service) == Self.shown(unbroken))
            let ids = service.world.ids
            for _ in 0..<Int.random(in: 1...25, using: &dice) {
                let length = Duration.milliseconds(Int.random(in: 0...600_000, using: &dice))
                clock.advance(by: length)
                whole.advance(by: length)
                let request = Self.request(ids, &dice)
                #expect(service.respond(to: request).status == unbroken.respond(to: request).status)
            }
            _ = lines.append(WorldRecord.line(at: service.elapsed))
            record = try WorldRecord(lines.text)
            #expect(abs(record.end - service.elapsed) < 1e-6)
        }
    }

    @Test("a record that was cut off anywhere in its last line is read without it, and one cut off elsewhere as far as it goes")
    func cutOff() throws {
        var text = WorldRecord(seed: .max, start: beginning).header
        let header = text.count
        let request = RecordedRequest(SimulatedRequest("PUT", "/api/v0/instances/1/", body: Array(#"{"label":"x\n"}"#.utf8)), at: 12.5)
        text += request.line + WorldRecord.line(at: 60)
        let ends = text.indices.filter { text[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        for count in header...text.count {
            let record = try WorldRecord(Array(text.prefix(count)))
            #expect(record.seed == .max && record.start == beginning)
            #expect(record.length == ends.last { $0 <= count })
            #expect(record.requests == (count >= ends[1] ? [request] : []))
            #expect(record.end == (count >= ends[2] ? 60 : count >= ends[1] ? 12.5 : 0))
        }
        for count in 0..<header { #expect(throws: WorldRecord.Invalid.self) { try WorldRecord(Array(text.prefix(count))) } }
    }

    @Test(
        "a line that is not understood is named",
        arguments: [
            #"{"at":-1}"#, #"{"at":1e300}"#, #"{"at":2e11}"#, #"{"at":9223372036854775807}"#,
            #"{"at":1e11,"method":"GET","target":"/","body":""}"#, #"{"at":"1"}"#, "{}", "", "x", #"{"at":1,"method":"PUT"}"#,
            #"{"at":1,"method":1,"target":"/","body":""}"#
        ])
    func damaged(line: String) {
        let text = WorldRecord(seed: 1, start: beginning).header + WorldRecord.line(at: 1) + Array("\(line)\n".utf8)
        #expect { try WorldRecord(text) } throws: { "\($0)" == "line 3 is not understood" }
    }

    @Test("a beginning that can be none is named", arguments: ["-1", "1e300", "9223372036854775807", "-9223372036854775808", "1e11", "1.5"])
    func beginnings(start: String) {
        let text = Array("{\"world\":1,\"seed\":\"1\",\"start\":\(start)}\n".utf8)
        if start == "1e11" {
            #expect(throws: Never.self) { try WorldRecord(text) }
            return
        }
        #expect { try WorldRecord(text) } throws: { "\($0)" == "line 1 is not the beginning of a world" }
    }

    @Test("what cannot be written down is refused, and changes nothing")
    func unwritable() {
        let service = SimulatedService(Self.fleet(1), clock: VirtualClock(start: beginning), recorder: { !$0.changes })
        let before = Self.shown(service)
        for id in service.world.ids {
            let request = SimulatedRequest(
                "PUT", "/api/v0/instances/\(id)/", authorization: "Bearer simulator", body: Array(#"{"label":"changed"}"#.utf8))
            #expect(service.respond(to: request).status == 503)
        }
        #expect(Self.shown(service) == before)
    }
}
