import FleetClock
import Foundation
import Testing
import VastJSON

@testable import VastSimulator

/// A fleet file with a random slip in it either says what its reader then has, or is refused with the place and what is allowed.
@Suite("Slips in fleet files") struct FleetFileLawTests {
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 400)

    private static let whole: JSONValue = [
        "fleet": 1, "account": ["id": 3, "email": "a@b.example", "credit": 5.5],
        "machines": [["id": 9, "gpus": 4, "taken": 3, "taken_after": 60], ["id": 10, "gpus": 2]],
        "instances": [
            [
                "id": 1, "label": "a", "num_gpus": 2, "is_bid": true, "gpu_name": "L40S", "intended_status": "running", "machine_id": 9,
                "disk_space": 10.5, "cur_state": "running", "actual_status": "running",
                "simulator": ["workload": "idle", "busy_for": 60, "floor": 0.25]
            ], ["id": 2, "label": nil, "machine_id": 10]
        ],
        "events": [["after": 10, "id": 1, "event": "offline"], ["after": 0.5, "id": 2, "event": "gpus_taken:2"]]
    ]

    private static let values: [JSONValue] = [
        0, 1, -1, 2, 1_001, 1_000_001, .integer(.max), .integer(.min), 0.5, -0.5, 1e6, 1e11, 1e13, 1e300, -1e300, "", "1", "1h", "idle",
        "gpus_taken:0", "gpus_taken:1", "gpus_taken:-1", "gpus_taken:1e2", "gpus_taken:", "gpus_taken:1000001", "gpus_taken", "gpus_freed",
        "turns_over", "floor:nan", "floor:0.3", "floor:0x1", "gpus_taken:0x2", "turns_over:0x3",
        "floor:-1", "floor", "outbid:1", "stopped", "Running", " running", true, false, nil, [], [1], ["a": 1], "\u{1B}[2J\u{202E}"
    ]

    /// Changes one random place in it: a value, a name, or that it is there at all.
    private static func slip(in value: JSONValue, _ dice: inout SeededGenerator) -> JSONValue {
        switch value {
        case .object(let members) where members.contains { _ in true } && Int.random(in: 0..<4, using: &dice) > 0:
            var list = members.map { ($0.name, $0.value) }
            let place = Int.random(in: 0..<list.count, using: &dice)
            switch Int.random(in: 0..<8, using: &dice) {
            case 0: list.remove(at: place)
            case 1: list[place].0 = name(list[place].0, &dice)
            default: list[place].1 = slip(in: list[place].1, &dice)
            }
            return .object(JSONObject(list))
        case .array(var elements) where !elements.isEmpty && Int.random(in: 0..<4, using: &dice) > 0:
            let place = Int.random(in: 0..<elements.count, using: &dice)
            elements[place] = slip(in: elements[place], &dice)
            return .array(elements)
        case .object, .array: return Int.random(in: 0..<3, using: &dice) > 0 ? value : values.randomElement(using: &dice) ?? nil
        default: return values.randomElement(using: &dice) ?? nil
        }
    }

    private static func name(_ name: String, _ dice: inout SeededGenerator) -> String {
        var letters = Array(name)
        let place = Int.random(in: 0..<letters.count, using: &dice)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: letters.remove(at: place)
        case 1: letters.insert("x", at: place)
        case 2: letters[place] = Character(letters[place].uppercased())
        default: letters.swapAt(place, max(0, place - 1))
        }
        return String(letters)
    }

    /// What a fleet has otherwise than its file says; nil: nothing.
    private static func difference(_ fleet: Fleet, _ file: JSONValue) -> String? {
        if let credit = file["account"]?["credit"]?.number, fleet.account.credit != credit { return "credit \(fleet.account.credit)" }
        if let id = file["account"]?["id"]?.wholeNumber, fleet.account.id != id { return "account" }
        for json in file["machines"]?.elements ?? [] {
            guard let id = json["id"]?.wholeNumber, let machine = fleet.machines[id] else { return "a machine is missing" }
            guard Int64(machine.gpus) == json["gpus"]?.wholeNumber else { return "gpus \(machine.gpus)" }
            guard Int64(machine.takenByOthers) == json["taken"]?.wholeNumber ?? 0 else { return "taken \(machine.takenByOthers)" }
            guard machine.takenAfter?.seconds == json["taken_after"]?.number else { return "taken_after" }
        }
        for (instance, json) in zip(fleet.instances, file["instances"]?.elements ?? []) {
            guard instance.id == json["id"]?.wholeNumber, instance.label == json["label"]?.text else { return "id or label" }
            guard Int64(instance.gpus) == json["num_gpus"]?.wholeNumber ?? 1 else { return "num_gpus \(instance.gpus)" }
            guard instance.isBid == json["is_bid"]?.truth ?? false else { return "is_bid" }
            if let machine = json["machine_id"]?.wholeNumber, instance.machine != machine { return "machine_id" }
            if let kind = json["simulator"]?["workload"]?.text, instance.workload.kind.rawValue != kind { return "workload" }
            let floor = json["simulator"]?["floor"]?.number
            if let floor, (0...1e12).contains(floor), let market = instance.market, abs(market.floor - floor) > 1e-4 { return "floor" }
            if let word = json["intended_status"]?.text, instance.status.intended != word { return "intended_status" }
        }
        for (plan, json) in zip(fleet.events, file["events"]?.elements ?? []) {
            guard plan.after == json["after"]?.number, plan.instance == json["id"]?.wholeNumber else { return "an event's time" }
            guard "\(plan.event)" == json["event"]?.text.flatMap(WorldEvent.init(_:)).map({ "\($0)" }) else { return "an event" }
        }
        let counts = [fleet.instances.count, fleet.machines.count, fleet.events.count]
        return counts == ["instances", "machines", "events"].map { file[$0]?.elements?.count ?? 0 } ? nil : "counts \(counts)"
    }

    @Test("without a slip it is read")
    func right() throws {
        let fleet = try FleetFile.fleet(try Self.whole.serialized(), at: beginning)
        #expect(Self.difference(fleet, Self.whole) == nil)
    }

    @Test("one or two slips: what is read is what is written, and what is not is refused by place, value and rule", arguments: seeds)
    func slips(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed ^ 0x666c)
        for _ in 0..<10 {
            var file = Self.slip(in: Self.whole, &dice)
            if Bool.random(using: &dice) { file = Self.slip(in: file, &dice) }
            let text = try file.serialized()
            switch Result(catching: { () throws(FleetFile.Invalid) in try FleetFile.fleet(text, at: beginning) }) {
            case .success(let fleet):
                // What is not of our form counts as a page of the API, which may have anything.
                guard file["fleet"] != nil else { continue }
                #expect(Self.difference(fleet, file) == nil, "\(String(decoding: text, as: UTF8.self))")
            case .failure(let error):
                let line = error.description
                #expect(line.hasPrefix("fleet file") || line.hasPrefix("the fleet file"), "\(line)")
                #expect(!line.contains("\u{1B}") && !line.contains("\u{202E}") && !line.contains("\n") && line.count < 400, "\(line)")
            }
        }
    }

    @Test(
        "an event that would mean nothing, or less than it says, is refused",
        arguments: ["gpus_taken", "gpus_freed", "floor:0x1", "floor:inf", "turns_over", "turns_over:0x1", "outbid", "bid_wins", "floor:0.2"]
    )
    func events(name: String) throws {
        let file: JSONValue = ["fleet": 1, "instances": [["id": 1]], "events": [["after": 1, "id": 1, "event": .string(name)]]]
        let error = #expect(throws: FleetFile.Invalid.self) { try FleetFile.fleet(try file.serialized(), at: beginning) }
        #expect(error?.description.contains("event 1") == true, "\(error?.description ?? "")")
    }

    @Test("an instance that is larger than its machine is refused")
    func room() throws {
        let file: JSONValue = [
            "fleet": 1, "machines": [["id": 7, "gpus": 2]],
            "instances": [["id": 1, "machine_id": 7, "num_gpus": 2], ["id": 2, "machine_id": 7, "num_gpus": 4]]
        ]
        let error = #expect(throws: FleetFile.Invalid.self) { try FleetFile.fleet(try file.serialized(), at: beginning) }
        #expect(error?.description == "fleet file, instance 2: \"num_gpus\" is 4, and its machine has 2 GPUs")
    }

    @Test(
        "a message has the row, the member, the value and what is allowed",
        arguments: [
            ("num_gpus", "\"2\"", "instance 1: \"num_gpus\" must be a whole number, at least 1 and not above 1000, not \"2\""),
            ("num_gpus", "1001", "not above 1000, not 1001"), ("is_bid", "\"yes\"", "\"is_bid\" must be true or false, not \"yes\""),
            ("label", "7", "\"label\" must be a text, not 7"), ("intended_status", "\"of\u{1B}f\"", "intended_status is no 'of\\u001bf'"),
            ("gpu_util", "\"93%\"", "\"gpu_util\" must be a number, not \"93%\""),
            ("simulator", "{\"floor\":\"1\"}", "instance 1, simulator: \"floor\" must be a number, not \"1\""),
            ("simulator", "{\"floor\":1}", "instance 1, simulator: \"floor\" counts for interruptible instances"),
            ("simulator", "\"idle\"", "\"simulator\" must be an object, not \"idle\"")
        ])
    func messages(name: String, value: String, message: String) throws {
        let json = try JSONDocument(parsing: Array(value.replacing("\u{1B}", with: "\\u001b").utf8)).root.value
        let file: JSONValue = ["fleet": 1, "instances": [.object(JSONObject([("id", 1), (name, json)]))]]
        let error = #expect(throws: FleetFile.Invalid.self) { try FleetFile.fleet(try file.serialized(), at: beginning) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
