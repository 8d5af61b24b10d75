import FleetCalendar
import FleetRules
import LuaEngine
import VastAPI

/// Reads the table of `vast.policy`.
struct PolicyReader: ~Copyable {
    private static let actions = ["stop", "start"]

    private let runtime: Runtime
    private var rules: PolicyRules
    private var interval = Duration.seconds(300)
    private var match: Query?
    private var isAboutAll = false
    private var functions: [String: LuaReference] = [:]
    private var action: Policy.Action?
    private var reason: String?
    private var hours: Hours?
    private var followsLabels = false
    private let position: String?

    /// - Throws: `LuaArgumentError` or `VastError` of kind `invalid_argument`.
    init(_ runtime: Runtime, _ call: borrowing LuaCall) throws {
        self.runtime = runtime
        position = call.position?.description
        rules = PolicyRules(name: position ?? "policy")
        _ = try call.table(1, "policy")
        try call.options(1, "policy") { try read($0, $1) }
        try check()
    }

    private mutating func read(_ name: String, _ value: LuaView) throws {
        switch name {
        case "name": rules.name = try Self.text(value, name)
        case "every": interval = try value.length(name)
        case "match": match = try Self.query(value)
        case "all": isAboutAll = try Self.flag(value, name)
        case "when", "notify", "before": functions[name] = try Self.function(value, name)
        case "up": try readHours(value)
        case "action": action = try Self.action(value)
        case "reason": reason = try Self.text(value, name)
        default: try readRule(name, value)
        }
    }

    private mutating func readRule(_ name: String, _ value: LuaView) throws {
        switch name {
        case "grace": rules.grace = try value.length(name)
        case "cooldown": rules.cooldown = try value.length(name)
        case "leave_alone": rules.leaveAloneFor = try value.length(name)
        case "enforce": rules.isEnforced = try Self.flag(value, name)
        case "only": rules.only = try Self.word(value, name)
        case "overflow": rules.overflow = try Self.overflow(value)
        default: rules.max = try Self.count(value, name)
        }
    }

    private mutating func readHours(_ value: LuaView) throws {
        if value.string == "label" { return followsLabels = true }
        guard let object = value.object(runtime.calendars.hoursType) else {
            throw wrong("up is vast.hours(…), or \"label\" where each label has its own, not a \(value.typeName)")
        }
        hours = object.hours
    }

    /// What only makes sense together.
    private func check() throws {
        guard interval >= .seconds(1) else { throw wrong("every is at least 1 second") }
        guard isAboutAll || match?.isRestricted == true else {
            throw wrong(TableRule.match.message)
        }
        let hasHours = hours != nil || followsLabels
        guard (functions["when"] != nil) != hasHours else {
            throw wrong(hasHours ? "it has when or up, not both" : "when = function(inst) … end or up = vast.hours(…) is missing")
        }
        guard hasHours == (action == nil) else {
            throw wrong(hasHours ? "up says what to do; an action goes with when" : "action is \"stop\", \"start\" or a function")
        }
        guard hasHours || (!rules.isEnforced && rules.only == nil) else { throw wrong(TableRule.hours.message) }
    }

    private func wrong(_ message: String) -> VastError { Self.wrong(message) }

    /// What was read.
    consuming func policy() -> Policy {
        rules.hours = hours
        return Policy(
            rules: rules, interval: interval, match: match ?? Query(), when: functions["when"], notify: functions["notify"],
            before: functions["before"], action: action ?? .hours, reason: reason, position: position, followsLabels: followsLabels)
    }

    // MARK: values

    private static func wrong(_ message: String) -> VastError { .invalidArgument("vast.policy: \(message)") }

    private static func text(_ value: LuaView, _ name: String) throws -> String {
        guard let text = value.string, !text.isEmpty else { throw wrong("\(name) is a text that is not empty") }
        return text
    }

    private static func flag(_ value: LuaView, _ name: String) throws -> Bool {
        guard let flag = value.boolean else { throw wrong("\(name) is true or false, not a \(value.typeName)") }
        return flag
    }

    private static func query(_ value: LuaView) throws -> Query {
        guard value.kind == .table else { throw wrong("match is a query such as {label = \"dev*\"}, not a \(value.typeName)") }
        let query = try Query(value, function: "vast.policy: match")
        try query.checkSpelling("vast.policy: match")
        return query
    }

    private static func function(_ value: LuaView, _ name: String) throws -> LuaReference {
        guard value.kind == .function else { throw wrong("\(name) is a function, not a \(value.typeName)") }
        return try value.reference()
    }

    private static func count(_ value: LuaView, _ name: String) throws -> Int {
        guard let number = value.integer, number >= 0 else { throw wrong("\(name) is a whole number from 0") }
        return Int(number)
    }

    private static func action(_ value: LuaView) throws -> Policy.Action {
        if value.kind == .function { return .function(try value.reference()) }
        guard let word = value.string else { throw wrong("action is \"stop\", \"start\" or a function, not a \(value.typeName)") }
        guard actions.contains(word), let verb = Change.Verb(rawValue: word) else {
            throw wrong(LuaSuggestion.unknown("action", word, among: actions))
        }
        return .verb(verb)
    }

    private static func word(_ value: LuaView, _ name: String) throws -> PolicyRules.Only {
        guard let text = value.string, let only = PolicyRules.Only(rawValue: text) else {
            throw wrong("\(name) is \"stop\" or \"start\"")
        }
        return only
    }

    private static func overflow(_ value: LuaView) throws -> PolicyRules.Overflow {
        guard let text = value.string, let overflow = PolicyRules.Overflow(rawValue: text) else {
            throw wrong("overflow is \"refuse\" or \"oldest\"")
        }
        return overflow
    }
}
