import FleetCalendar
import FleetRules
@testable import FleetStore
import FleetWorld
import Foundation
import Testing
import VastJSON
import VastModels
@testable import vast_lua

/// The files on which safety depends: plans, and the configuration.
@Suite("Fuzzed files", .serialized) struct FileFuzzTests {
    // MARK: plans

    private static let plan: Plan = {
        var (limits, facts) = (GuardLimits.none, InstanceFacts(id: 12, label: "train", state: .running))
        limits.numbers = [.maxStops: 30, .maxFraction: 0.5]
        limits.protect.labels = [LabelGlob("prod*")]
        facts.rate = USDPerHour(1.25)
        var start = PlanAction(.start, before: InstanceFacts(id: 13, state: .stopped), rateAfter: USDPerHour(2), risks: ["billing"])
        start.unavailable = .retry(every: .seconds(300), within: .seconds(7_200), maxRate: USDPerHour(4))
        let actions = [
            PlanAction(.stop, before: facts, seen: ["label": "train", "gpu_util": .null], reason: "idle", line: "a.lua:3"),
            PlanAction(.label, before: facts, payload: .label("x [keep]")), start
        ]
        return Plan(
            account: "7", script: "a.lua", scriptHash: "ab", created: 1_795_435_200, observed: 1_795_435_199, limits: limits,
            actions: actions)
    }()

    @Test("a plan is refused, or is written as it was read and bounds something; with its hash made to fit, too")
    func plans() async throws {
        let fuzzer = Fuzzer(
            "plan", count: 1_200,
            tokens: [
                "\"verb\"", "\"stop\"", "\"destroy\"", "\"before\"", "\"id\"", "\"limits\"", "\"protect\"", "\"max_destroys\"", "{", "}",
                ",", ":"
            ],
            isJSON: true)
        try await fuzzer.run(more: [try Self.plan.encoded()], longest: 8_192) { bytes in
            if let problem = Self.problem(bytes) { return problem }
            guard case .object(var object)? = (try? JSONDocument(parsing: bytes))?.root.value else { return nil }
            object["hash"] = .string(try Plan.hash(of: object))
            return Self.problem(try JSONValue.object(object).serialized()).map { "with its hash: \($0)" }
        }
    }

    private static func problem(_ bytes: [UInt8]) -> String? {
        let plan: Plan
        do { plan = try Plan(decoding: bytes) } catch {
            return (error as PlanError).description.count > 10 ? nil : "it is refused without words"
        }
        guard let written = try? plan.encoded() else { return "it cannot be written" }
        guard (try? Plan(decoding: written)) == plan else { return "written it is another plan" }
        guard plan.limits.permissions.isEmpty, plan.limits.numbers[.maxDestroys] == nil else { return "it brings a permission" }
        guard plan.limits.numbers.values.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return "a limit that bounds nothing" }
        guard plan.actions.allSatisfy({ $0.id.rawValue > 0 && $0.verb != .other }) else { return "an action that is none" }
        return plan.actions.contains { $0.payload == nil && $0.verb.rules.payload != nil } ? "an action without what it sets" : nil
    }

    // MARK: configuration

    @Test("a configuration is refused with one clear line, or every number of its guard holds as it stands there")
    func configuration() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/vast-lua/config.json"
        try FileManager.default.createDirectory(atPath: "\(folder.path)/vast-lua", withIntermediateDirectories: true)
        let zones = ZoneCatalog()
        let environment = ProcessEnvironment(values: ["XDG_CONFIG_HOME": folder.path, "HOME": folder.path])
        let fuzzer = Fuzzer(
            "config", count: 800,
            tokens: [
                "\"guard\":", "\"max_stops\":", "\"protect\":", "\"label\":", "\"id\":", "\"timezone\":\"UTC\"", "//", "/*", "*/", "\n",
                "{", "}", ",",
                "\"allow_destroy\":true", "\"retention\":{\"journal\":\"90d\"}", "\"account\":", "/", "\"", "\\\"", "null", "0.5", "[", "]"
            ], isJSON: true)
        try await fuzzer.run { bytes in
            if let problem = Self.problem(ofBlanked: bytes) { return problem }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            do {
                return Self.problem(try ConfigFile.read(environment, zones: zones), bytes)
            } catch {
                let text = "\(error)"
                return text.count < 800 && !text.contains("\n") && text.contains(path) ? nil : "it is refused with '\(text)'"
            }
        }
    }

    private static func problem(ofBlanked bytes: [UInt8]) -> String? {
        let blanked = JSONComments.blanked(bytes)
        guard blanked.count == bytes.count else { return "without comments it has another length" }
        guard JSONComments.blanked(blanked) == blanked else { return "there are comments in what is left without them" }
        let isKept = zip(bytes, blanked).allSatisfy { $0 == $1 || $1 == 32 && $0 != 10 }
        return isKept ? nil : "more than comments was taken away"
    }

    private static func problem(_ file: ConfigFile, _ bytes: [UInt8]) -> String? {
        guard let root = (try? JSONDocument(parsing: JSONComments.blanked(bytes)))?.root else { return "it is read, and is no JSON" }
        guard root.firstDuplicateMember == nil else { return "it is read, and says something twice" }
        for (name, value) in root["guard"]?.members.map({ ($0.name, $0.value) }) ?? [] {
            if let number = value.double {
                guard let limit = GuardLimit(rawValue: name), file.ceilings.numbers[limit] == number else { return "\(name) does not hold" }
            } else if let flag = value.bool {
                guard let permission = GuardPermission(rawValue: name) else { return "\(name) is believed" }
                guard file.ceilings.permissions[permission] == flag else { return "\(name) does not hold" }
            } else if name == "protect" {
                let (labels, ids) = (file.ceilings.protect.labels.count, file.ceilings.protect.ids)
                guard ids.allSatisfy({ $0.rawValue > 0 }) else { return "an id that is none is protected: \(ids)" }
                if value["label"]?.string != nil, labels == 0 { return "nothing is protected" }
            } else {
                return "\(name) is believed"
            }
        }
        return nil
    }
}
