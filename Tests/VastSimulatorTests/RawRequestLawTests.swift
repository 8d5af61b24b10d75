import FleetClock
import Testing
import VastAPI
import VastJSON

@testable import VastSimulator

/// Raw = verb: a request that a script writes itself is judged as the verb that it is, or as nothing that has a name.
@Suite struct RawRequestLawTests {
    private static let methods: [HTTPMethod] = [.put, .delete, .post, .get, .patch]

    /// Paths of the API and what resembles them.
    private static func path(_ dice: inout SeededGenerator) -> String {
        let id =
            ["11", "12", "13", "011", "+11", "11.0", "1e1", "0x0b", "-11", "9223372036854775808", "11/12", "99"].randomElement(using: &dice)
            ?? ""
        let routes = [
            "/api/v0/instances/\(id)/", "/api/v0/instances/\(id)", "/api/v0/instances/", "/api/v0/instances",
            "/api/v0/instances/reboot/\(id)/",
            "/api/v0/instances/recycle/\(id)/", "/api/v0/instances/start", "/api/v0/instances/start/", "/api/v0/Instances/\(id)/",
            "/api/v0/instances//\(id)/", "/api/v0/instances/../instances/\(id)/", "/api/v0/instances/%31%31/", "/api/v1/instances/\(id)/",
            "/api/v0/instances/bid_price/\(id)/", "/api/v0/instances/\(id)/?state=stopped", "api/v0/instances/\(id)/",
            "/api/v0/./instances/\(id)/",
            "/api/v0/instances/request_logs/\(id)/", "/API/V0/INSTANCES/\(id)/", "/api/v0/asks/\(id)/", "/api/v0/instances/\(id)/\\"
        ]
        return routes.randomElement(using: &dice) ?? ""
    }

    private static func body(_ dice: inout SeededGenerator) -> JSONValue? {
        if Int.random(in: 0..<6, using: &dice) == 0 { return nil }
        var object = JSONObject()
        let names = ["ids", "instance_ids", "IDs", "state", "label", "id", "extra", "client_id"]
        for _ in 0..<Int.random(in: 0..<4, using: &dice) {
            guard let name = names.randomElement(using: &dice) else { continue }
            object[name] = value(name, &dice)
        }
        return Int.random(in: 0..<20, using: &dice) == 0 ? .array([.object(object)]) : .object(object)
    }

    private static func value(_ name: String, _ dice: inout SeededGenerator) -> JSONValue {
        if name == "state" { return ["stopped", "running", "Stopped", nil, 1, "destroyed"].randomElement(using: &dice) ?? nil }
        if name == "label" { return ["x", "", nil, 7, .string(String(repeating: "y", count: 2_000))].randomElement(using: &dice) ?? nil }
        let count = Int.random(in: 0..<4, using: &dice)
        let list = (0..<count).map { _ in id(&dice) }
        return Int.random(in: 0..<5, using: &dice) == 0 ? id(&dice) : .array(list)
    }

    private static func id(_ dice: inout SeededGenerator) -> JSONValue {
        let ids: [JSONValue] = [
            11, 12, 13, 11, 12, .double(11.0), .double(11.5), "11", "x", nil, true, -11, 0, .double(1e300), 9_223_372_036_854_775_807, [11],
            ["id": 11]
        ]
        return ids.randomElement(using: &dice) ?? nil
    }

    /// Requests as the verbs send them.
    private static let verbs: [(HTTPMethod, String, JSONValue?)] = [
        (.put, "/api/v0/instances/11/", ["state": "stopped"]), (.put, "/api/v0/instances/12/", ["state": "running"]),
        (.put, "/api/v0/instances/13/", ["label": "new"]), (.put, "/api/v0/instances/", ["state": "stopped", "ids": [11, 13]]),
        (.put, "/api/v0/instances/", ["state": "running", "ids": [12, 12]]), (.delete, "/api/v0/instances/11/", [:]),
        (.delete, "/api/v0/instances/", ["instance_ids": [11, 12]]), (.put, "/api/v0/instances/reboot/11/", nil),
        (.put, "/api/v0/instances/recycle/13/", [:]), (.post, "/api/v0/instances/start", ["IDs": [12]])
    ]

    /// A verb's request, another one, or something between.
    private static func request(_ dice: inout SeededGenerator) -> (HTTPMethod, String, JSONValue?) {
        guard Bool.random(using: &dice), var request = verbs.randomElement(using: &dice) else {
            return (methods.randomElement(using: &dice) ?? .put, path(&dice), body(&dice))
        }
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: request.0 = methods.randomElement(using: &dice) ?? .put
        case 1: request.1 = path(&dice)
        case 2: request.2 = body(&dice)
        case 3, 4:
            guard case .object(var members)? = request.2 else { break }
            let name = ["ids", "instance_ids", "IDs", "state", "label", "extra"].randomElement(using: &dice) ?? "ids"
            members[name] = value(name, &dice)
            request.2 = .object(members)
        default: break
        }
        return request
    }

    @Test("whatever is written: the service does nothing that the reading of the request does not say")
    func law() throws {
        var dice = SeededGenerator(seed: 13)
        var (sent, changed, named) = (0, 0, 0)
        for _ in 0..<8_000 {
            let rig = Rig([running(11), stopped(12), running(13)]) {
                $0.behaviour.startRoute = true
                $0.behaviour.bulkOverLimit = .success
            }
            let (method, path, body) = Self.request(&dice)
            // What is no path of the API is not sent at all.
            guard let known = try? KnownRequest(method, path: path, body: body) else { continue }
            sent += 1
            let before = Self.facts(rig.service.world)
            _ = rig.send(method.rawValue, known.path, body ?? [:])
            let after = Self.facts(rig.service.world)
            let touched = Set(before.keys.filter { before[$0] != after[$0] }.map { InstanceID($0) })
            guard let change = known.change else {
                #expect(touched.isEmpty, "\(method) \(path) \(String(describing: body)) is no read")
                continue
            }
            changed += touched.isEmpty ? 0 : 1
            guard change.verb != .other else { continue }
            named += 1
            #expect(!change.instances.isEmpty && Set(change.instances).count == change.instances.count)
            #expect(touched.isSubset(of: change.instances), "\(method) \(path) \(String(describing: body)) is a \(change)")
            for id in touched { #expect(Self.fits(change, before[id.rawValue], after[id.rawValue])) }
        }
        #expect(sent > 5_000 && changed > 1_500 && named > 1_500, "\(sent) sent, \(changed) changed something, \(named) had a verb's name")
    }

    private struct Facts: Equatable {
        var intended: String
        var actual: String
        var label: String
    }

    private static func facts(_ world: World) -> [Int64: Facts] {
        world.instances.mapValues { Facts(intended: $0.status.intended, actual: $0.status.actual ?? "", label: $0.label ?? "") }
    }

    /// Whether what happened to an instance is what the verb does.
    private static func fits(_ change: Change, _ before: Facts?, _ after: Facts?) -> Bool {
        switch change.verb {
        case .stop: after?.intended == "stopped" && after?.label == before?.label
        case .start: after?.intended == "running" && after?.label == before?.label
        case .label: after?.label == change.label && after?.intended == before?.intended
        case .destroy: after == nil
        case .reboot, .recycle: after?.intended == before?.intended && after?.label == before?.label
        default: change.verb == .other
        }
    }

    @Test(
        "a request that has no verb's name tells every instance that it may be about, however it is written",
        arguments: [
            (#"{"ids": [11.0], "state": "stopped"}"#, [11]), (#"{"ids": ["11", 12], "state": "stopped"}"#, [11, 12]),
            (#"{"instance_ids": [11], "force": true}"#, [11]), (#"{"a": {"instance_id": 13}}"#, [13]),
            (#"{"price": 11, "note": "copy 12 to 013"}"#, [11, 12, 13]), (#"{"x": true, "y": [0, -4, 1.5]}"#, [])
        ] as [(String, [Int64])])
    func mentioned(body: String, ids: [Int64]) throws {
        let known = try KnownRequest(.put, path: "/api/v0/instances/", body: try JSONDocument(parsing: body).root.value)
        #expect(known.change?.verb == .other)
        #expect(known.change?.instances.map(\.rawValue) == ids)
    }

    @Test("a verb with anything beside it, such as a query, is no verb")
    func query() throws {
        let known = try KnownRequest(.put, path: "/api/v0/instances/11/", query: ["a": 12], body: ["state": "stopped"])
        #expect(known.change?.verb == .other && known.change?.instances == [11, 12])
    }
}
