import FleetClock
import FleetWorld
import Foundation
import Testing
import VastAPI
import VastJSON
import VastSimulator

/// Requests to the simulator, drawn from its routes with parameters and bodies by chance.
@Suite("Random requests to the simulator", .serialized, .timeLimit(.minutes(10))) struct SimulatorRequestTests {
    private static let routes = [
        "GET /api/v1/instances/", "GET /api/v0/instances/", "PUT /api/v0/instances/", "DELETE /api/v0/instances/",
        "GET /api/v0/instances/filters/",
        "GET /api/v0/instances/count/", "POST /api/v0/instances/start/", "GET /api/v0/instances/pending-price-increases/",
        "GET /api/v0/users/current/", "GET /api/v0/auth/apikeys/", "GET /api/v0/audit_logs/", "GET /api/v0/commands/schedule_job/",
        "POST /api/v0/commands/schedule_job/", "GET /api/v0/instances/ID/", "PUT /api/v0/instances/ID/", "DELETE /api/v0/instances/ID/",
        "PUT /api/v0/instances/reboot/ID/", "PUT /api/v0/instances/recycle/ID/", "PUT /api/v0/instances/bid_price/ID/",
        "PUT /api/v0/instances/prepay/ID/", "PUT /api/v0/instances/command/ID/", "PUT /api/v0/instances/request_logs/ID/",
        "PUT /api/v0/commands/schedule_job/ID/", "DELETE /api/v0/commands/schedule_job/ID/", "PUT /api/v0/asks/ID/", "GET /simulator/state",
        "GET /simulator/rows", "GET /simulator/log", "POST /simulator/advance", "POST /simulator/events", "PUT /simulator/behaviour",
        "PUT /simulator/limits", "PUT /simulator/credit", "PUT /simulator/faults", "GET /simulator/results/ID", "GET /ID/"
    ]
    private static let ids = [
        "1", "3", "6", "99", "0", "-1", "01", "1.0", "9223372036854775808", "x", "%00", "%2e%2e", "1%2F2", "%F0%9F%92%A5", ""
    ]
    private static let parameters = [
        "limit", "order_by", "select_cols", "select_filters", "after_token", "owner", "api_key", "tail", "interval", "type", "page", "x"
    ]
    private static let values = [
        "", "1", "0", "-1", "1e308", "9223372036854775808", "[]", "{}", "null", "[{\"col\":\"id\",\"dir\":\"desc\"}]", "[\"id\",\"label\"]",
        "[\"*\"]",
        "{\"id\":{\"in\":[1,2]}}", "{\"id\":{\"gt\":\"x\"}}", "{\"label\":{\"eq\":null}}", "{\"x\":{\"eq\":1}}", "{\"id\":{\"in\":{}}}",
        "eyJpZCI6MX0=", "\0", "%"
    ]
    private static let names = [
        "state", "label", "ids", "instance_ids", "IDs", "id", "price", "client_id", "amount", "command", "tail", "filter", "seconds",
        "event", "after",
        "rules", "fault", "credit", "name", "instance_id", "api_endpoint", "request_method", "start_time", "frequency", "image", "disk"
    ]
    private static let scalars: [JSONValue] = [
        nil, true, 0, 1, 3, -1, 1.5, 1e9, 1e308, -1e308, .integer(.max), .integer(.min), .unsigned(.max), "", "stopped", "running", "x",
        "1", "\u{0}",
        [], [1, 2], [1, 1], ["1"], [nil], [[1]], [:], ["id": 1], "outbid", "HOURLY", "0x1", "1h"
    ]

    private static func target(_ dice: inout FuzzDice) -> (String, String) {
        let route = dice.pick(routes).split(separator: " ").map(String.init)
        let method = dice.isOne(of: 12) ? dice.pick(["GET", "PUT", "POST", "DELETE", "PATCH"]) : route[0]
        var path = route[1].replacingOccurrences(of: "ID", with: dice.pick(ids))
        if dice.isOne(of: 10) {
            path += dice.pick(["/", "..", "//", "%", "\u{E9}"]).addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
        }
        let query = (0..<(dice.isOne(of: 2) ? dice.number(1...3) : 0)).map { _ in
            let value = dice.pick(values)
            return "\(dice.pick(parameters))=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        return (method, path + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
    }

    private static func body(_ dice: inout FuzzDice) throws -> [UInt8]? {
        switch dice.number(0...7) {
        case 0: return nil
        case 1:
            return Array(
                dice.pick(["", "{", "[]", "null", "1", "\"x\"", "{\"a\":1,\"a\":2}", "\u{0}", String(repeating: "[", count: 3_000)]).utf8)
        default:
            var object = JSONObject()
            for _ in 0..<dice.number(0...4) { object[dice.pick(names)] = FuzzedJSON.mutated(dice.pick(scalars), &dice) }
            return try JSONValue.object(object).serialized()
        }
    }

    @Test("no answer is a failure of the server, each is JSON that says so, and comes at once")
    func law() async throws {
        let transport = AsyncHTTPTransport()
        let result = await Sweep("simulator requests", count: 12, seeds: nil).run { seed in
            let clock = VirtualClock(start: TestWorld.start)
            var (fleet, options) = (Fleet(), SimulatorOptions())
            for id in 1...6 as ClosedRange<Int64> {
                fleet.instances.append(InstanceSpecification(id: id, label: "i").instance(at: clock.now, seed: seed))
            }
            options.seed = seed
            options.behaviour.startRoute = seed % 2 == 0
            let server = SimulatorServer(SimulatedService(fleet, options: options, clock: clock))
            let url = "http://127.0.0.1:\(try await server.start())"
            var (dice, problem) = (FuzzDice(seed: seed), String?.none)
            for _ in 0..<60 where problem == nil { problem = try await Self.problem(url, transport, &dice) }
            await server.stop()
            return problem
        }
        await transport.shutdown()
        #expect(result.failures.isEmpty)
    }

    private static func problem(_ url: String, _ transport: AsyncHTTPTransport, _ dice: inout FuzzDice) async throws -> String? {
        let (method, target) = target(&dice)
        // What is planned to go wrong may.
        guard !target.hasPrefix("/simulator/faults"), let known = HTTPMethod(rawValue: method) else { return nil }
        var request = HTTPRequest(known, url + target, timeout: .seconds(20), bodyLimit: 16 << 20)
        request.body = try method == "GET" ? nil : body(&dice)
        request.headers = [("Content-Type", dice.isOne(of: 6) ? "text/plain" : "application/json")]
        if !dice.isOne(of: 8) { request.headers.append(("Authorization", "Bearer simulator")) }
        let shown = "\(method) \(target) \(request.body.map { FuzzCorpus.escaped(Array($0.prefix(300))) } ?? "")"
        let answer: HTTPResponse
        do { answer = try await transport.exchange(request) } catch {
            // What is no URL is not sent.
            if let error = error as? TransportError, error.kind == .invalidRequest { return nil }
            return "\(shown): \(error)"
        }
        guard (200..<500).contains(answer.status) else {
            return "\(shown): status \(answer.status) \(String(decoding: answer.body, as: UTF8.self))"
        }
        let type = answer.headers.first { $0.name.lowercased() == "content-type" }?.value ?? ""
        guard type.contains("json") else { return nil }
        return (try? JSONDocument(parsing: answer.body)) == nil
            ? "\(shown): what comes is no JSON: \(FuzzCorpus.escaped(answer.body))" : nil
    }
}
