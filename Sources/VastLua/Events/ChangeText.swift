import LuaEngine
import VastAPI

/// What `print` shows of something that happened to an instance: `outbid 40112272 spot-a: running -> outbid (by other)`.
enum ChangeText {
    static let type = "vast.Change"

    static func write(_ call: borrowing LuaCall) throws -> LuaOutcome {
        call.results.string(try text(call))
        return .values
    }

    private static func text(_ call: borrowing LuaCall) throws -> String {
        let change = call.argument(1)
        guard change.kind == .table, let runtime = call.host.subject as? Runtime else { return type }
        let event = try word("event", of: change)
        let id = try change.withField("id") { $0.integer }
        let (before, now) = (try instance("before", of: change, runtime), try instance("now", of: change, runtime))
        let label = (now ?? before)?.label ?? ""
        let who = [event, id.map { "\($0)" }, label.isEmpty ? nil : label].compactMap(\.self).joined(separator: " ")
        let verb = try word("verb", of: change)
        let what = verb.map { "\($0) was ordered" } ?? (event == "label" ? labels(before, now) : states(before, now))
        let why = try word("why", of: change)
        let by = try word("by", of: change).map { " (by \($0))" } ?? ""
        return who + ([what, why].compactMap(\.self).map { ": \($0)" }.joined()) + by
    }

    private static func states(_ before: Instance?, _ now: Instance?) -> String? {
        switch (before?.state.rawValue, now?.state.rawValue) {
        case (let old?, let new?): old == new ? new : "\(old) -> \(new)"
        case (let old?, nil): "was \(old)"
        case (nil, let new?): new
        case (nil, nil): nil
        }
    }

    private static func labels(_ before: Instance?, _ now: Instance?) -> String? {
        guard let before, let now else { return nil }
        return "'\(before.label)' -> '\(now.label)'"
    }

    private static func word(_ name: String, of change: LuaView) throws -> String? { try change.withField(name) { $0.string } }

    private static func instance(_ name: String, of change: LuaView, _ runtime: Runtime) throws -> Instance? {
        try change.withField(name) { $0.object(runtime.fleet.instanceType)?.instance }
    }
}
