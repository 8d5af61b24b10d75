import FleetRules
import LuaEngine
import VastAPI

/// `vast.guard{…}`
final class GuardModule: RuntimeModule {
    func limit(_ call: borrowing LuaCall) throws -> LuaOutcome {
        _ = try call.table(1, "limits")
        var limits = GuardLimits()
        try call.options(1, "limits") { name, value in
            if let limit = GuardLimit(rawValue: name) {
                limits.numbers[limit] = try Self.limit(value, name)
            } else if let permission = GuardPermission(rawValue: name) {
                limits.permissions[permission] = try value.flag(name)
            } else {
                limits.protect = try Self.protection(value)
            }
        }
        try limits.check()
        for warning in try runtime.options.limit(limits) { logger.warning("\(warning)") }
        return .values
    }

    static func limit(_ view: LuaView, _ name: String) throws -> Double {
        guard view.kind == .number, let number = view.number else {
            throw VastError.invalidArgument("\(name) is a number, not a \(view.typeName)")
        }
        return number
    }

    /// `protect = {label = glob or list, id = id or list}`
    private static func protection(_ view: LuaView) throws -> Protection {
        guard view.kind == .table else {
            throw VastError.invalidArgument("protect is {label = …, id = …}, not a \(view.typeName)")
        }
        var protection = Protection.none
        try view.forEachField { key, value in
            switch key.string {
            case "label":
                try forEach(value) { element in
                    guard let text = element.string else {
                        throw VastError.invalidArgument("protect.label is text or a list of texts, with a \(element.typeName) in it")
                    }
                    protection.labels.append(LabelGlob(text))
                }
            case "id":
                try forEach(value) { element in
                    guard let id = element.integer, id > 0 else {
                        throw VastError.invalidArgument("protect.id is an id or a list of ids, with \(element.shownInMessage) in it")
                    }
                    protection.ids.insert(InstanceID(id))
                }
            case let name:
                throw VastError.invalidArgument(
                    "protect: " + LuaSuggestion.unknown("field", name ?? "of the kind \(key.kind)", among: ["label", "id"]))
            }
        }
        return protection
    }

    /// One value, or each of a list.
    private static func forEach(_ view: LuaView, _ body: (LuaView) throws -> Void) throws {
        guard view.kind == .table else { return try body(view) }
        try view.forEachElement { _, element in try body(element) }
    }
}
