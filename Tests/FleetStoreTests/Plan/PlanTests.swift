import FleetFixtures
import FleetClock
import Testing
import VastAPI
import VastJSON

@testable import FleetStore

@Suite("A plan and its file")
struct PlanTests {
    static func plan(_ count: Int64 = 3) throws -> Plan {
        var plan = Plan(account: "host/7", script: "/x/nightly.lua", scriptHash: "ab", created: 1_795_000_000.25, observed: 1_795_000_000)
        for id in 1...count {
            let row = try TestFleet.row(id, label: "träin \"\(id)\"", rateOn: 0.1 * Double(id) + 0.2)
            plan.actions.append(
                PlanAction(
                    .stop, before: InstanceFacts(row), seen: ["gpu_util": 0.0, "state": "running", "onstart": "SECRET-START"],
                    reason: "idle 52m", line: "nightly.lua:9", rateAfter: USDPerHour(0.02), risks: ["GPU may be taken"]))
        }
        plan.actions.append(PlanAction(.label, before: InstanceFacts(try TestFleet.row(99)), payload: .label("")))
        return plan
    }

    private func kind(_ text: String) -> PlanError.Kind? {
        do {
            _ = try Plan(decoding: Array(text.utf8))
            return nil
        } catch {
            return error.kind
        }
    }

    private func text(_ plan: Plan) throws -> String { String(decoding: try plan.encoded(), as: UTF8.self) }

    @Test("what was written is read again, secrets apart")
    func roundTrip() throws {
        let plan = try Self.plan()
        let bytes = try plan.encoded()
        #expect(try Plan(decoding: bytes) == plan)
        #expect(try Plan(decoding: bytes).encoded() == bytes)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("SECRET"))
    }

    @Test("an action stands on a line of its own, so that two plans can be compared")
    func lines() throws {
        let lines = try text(Self.plan(5)).split(separator: "\n")
        #expect(lines.filter { $0.contains("\"verb\"") }.count == 6)
    }

    @Test(
        "a plan that was changed anywhere is refused",
        arguments: [
            ("\"stop\"", "\"destroy\""), ("idle 52m", "idle 53m"), ("\"id\":2", "\"id\":4"), ("host/7", "host/8"), ("0.02", "0.03")
        ])
    func tampered(old: String, new: String) throws {
        let original = try text(Self.plan())
        let found = try #require(original.range(of: old))
        #expect(kind(original.replacingCharacters(in: found, with: new)) == .hash)
        #expect(kind(original) == nil)
    }

    @Test("layout and the order of members do not matter to the hash")
    func layout() throws {
        let plan = try Self.plan()
        let root = try JSONDocument(parsing: plan.encoded()).root
        let reversed = JSONObject(root.members.map { ($0.name, $0.value.value) }.reversed())
        #expect(try Plan(decoding: JSONValue.object(reversed).serialized()) == plan)
    }

    @Test("a second member of the same name is refused")
    func duplicates() throws {
        let original = try text(Self.plan())
        #expect(kind(original.replacing("\"account\"", with: "\"script\": \"/y.lua\", \"account\"", maxReplacements: 1)) != nil)
        #expect(kind(String(original.dropLast(2)) + ",\"actions\":[]}") == .form)
    }

    @Test("wherever a file ends too early, it is refused as incomplete")
    func truncated() throws {
        let bytes = try Self.plan(1).encoded()
        for length in 0..<(bytes.count - 2) {
            #expect { try Plan(decoding: Array(bytes[..<length])) } throws: { ($0 as? PlanError)?.kind == .notJSON }
        }
    }

    @Test("a file of another version, of no plan, or too large is refused")
    func others() throws {
        #expect(kind("{\"vast_lua_plan\": 3}") == .version)
        #expect(kind("{}") == .form)
        #expect(kind("[]") == .form)
        #expect(kind("hello") == .notJSON)
        #expect(kind(String(repeating: "[", count: 1_000)) == .notJSON)
        #expect { try Plan(decoding: [UInt8](repeating: 0x20, count: Plan.largestFile + 1)) } throws: {
            ($0 as? PlanError)?.kind == .tooLarge
        }
    }

    @Test(
        "a wrong type is refused with its place, though the hash fits",
        arguments: [
            ("actions", JSONValue.object([:]), "the plan.actions is of kind object, and has to be a list"),
            ("script", 7, "the plan.script is of kind integer, and has to be a text"),
            ("created", "now", "the plan.created is of kind string, and has to be a number"),
            ("account", nil, "the plan.account is missing, and has to be a text"),
            ("actions", [["verb": "stop", "before": ["id": "12"], "seen": [:]]], "actions[0].before.id is missing or no whole number"),
            ("actions", [["verb": "other", "before": ["id": 1], "seen": [:]]], "actions[0].verb is \"other\", which no plan can hold"),
            ("actions", [["verb": "label", "before": ["id": 1], "seen": [:]]], "actions[0].label_after is missing"),
            ("actions", [["verb": "stop", "before": ["id": -1], "seen": [:]]], "actions[0].before.id is -1"),
            ("actions", [["verb": "stop", "before": ["id": 1], "seen": []]], "actions[0].seen is of kind array, and has to be an object")
        ] as [(String, JSONValue?, String)])
    func wrongTypes(name: String, value: JSONValue?, message: String) throws {
        let root = try JSONDocument(parsing: Self.plan(1).encoded()).root
        var object = JSONObject(root.members.map { ($0.name, $0.value.value) })
        object[name] = value
        object["hash"] = .string(try Plan.hash(of: object))
        let error = #expect(throws: PlanError.self) { try Plan(decoding: JSONValue.object(object).serialized()) }
        #expect(error == PlanError(.form, message))
    }

    @Test("no damaged byte makes it crash or be believed")
    func fuzz() throws {
        let original = try Self.plan(1).encoded()
        let plan = try Plan(decoding: original)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            var bytes = original
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            if let read = try? Plan(decoding: bytes) { #expect(read == plan) }
        }
    }

    @Test("another account's plan is refused")
    func account() throws {
        try Self.plan().check(account: "host/7")
        #expect { try Self.plan().check(account: "host/8") } throws: { ($0 as? PlanError)?.kind == .account }
    }

    @Test("SHA-256 of the standard's examples")
    func sha256() {
        #expect(ContentHash.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(ContentHash.sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }

    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
