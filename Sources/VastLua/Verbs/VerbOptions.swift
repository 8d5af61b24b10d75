import LuaEngine
import VastAPI

/// The options of a verb.
struct VerbOptions {
    /// Why, for the journal: text or a function of the instance.
    enum Reason {
        case text(String)
        case function(LuaReference)
    }

    var reason: Reason?
    /// How long to wait until the fleet shows it; nil: do not wait.
    var wait: Duration?
    var all = false
    var unavailable = UnavailableRule.cancel
    /// The highest price that may be set, in $/h.
    var highest: USDPerHour?
    /// The ids that a verb without return has to be given again.
    var confirm: Set<InstanceID>?

    /// How long `wait = true` waits.
    static let usualWait = Duration.seconds(600)

    /// - Throws: `LuaArgumentError` or `VastError` of kind `invalid_argument`.
    init(_ call: borrowing LuaCall, _ position: Int, verb: Change.Verb) throws {
        var retry = (every: Duration.seconds(300), within: Duration.seconds(7_200), maxRate: Double?.none)
        var (mode, retryOptions) = ("cancel", [String]())
        try call.options(position, "options") { name, value in
            switch name {
            case "reason": reason = try Self.reason(value)
            case "wait": wait = try Self.wait(value)
            case "all": all = try value.flag("all")
            case "confirm": confirm = try Self.ids(value)
            case "unavailable": mode = try Self.mode(value)
            case "max": highest = try Self.price(value)
            default: retryOptions.append(name)
            }
            switch name {
            case "every": retry.every = try value.length("every")
            case "within": retry.within = try value.length("within")
            case "max_rate":
                guard let rate = value.number, rate >= 0 else {
                    throw VastError.invalidArgument("max_rate is a rate in $/h from 0 up, not \(value.shownInMessage)")
                }
                retry.maxRate = rate
            default: break
            }
        }
        if let option = retryOptions.first, mode != "retry" {
            throw VastError.invalidArgument("\(option) goes with unavailable = \"retry\"")
        }
        switch mode {
        case "queue": unavailable = .queue
        case "retry":
            guard retry.every > .zero else { throw VastError.invalidArgument("every is longer than 0") }
            unavailable = .retry(every: retry.every, within: retry.within, maxRate: retry.maxRate.map { USDPerHour($0) })
        default: break
        }
    }

    private static func price(_ view: LuaView) throws -> USDPerHour {
        guard let price = view.number, price > 0, price.isFinite else {
            throw VastError.invalidArgument("max is a price in $/h above 0, not \(view.shownInMessage)")
        }
        return USDPerHour(price)
    }

    private static func reason(_ view: LuaView) throws -> Reason {
        if view.kind == .function { return .function(try view.reference()) }
        guard let text = view.string else {
            throw VastError.invalidArgument("reason is text or a function of the instance, not a \(view.typeName)")
        }
        return .text(text)
    }

    private static func wait(_ view: LuaView) throws -> Duration? {
        if let flag = view.boolean { return flag ? usualWait : nil }
        return try view.length("wait")
    }

    private static let modes = ["cancel", "queue", "retry"]

    private static func mode(_ view: LuaView) throws -> String {
        guard let text = view.string, modes.contains(text) else {
            let hint = view.string.map { LuaSuggestion.unknown("value", $0, among: modes) } ?? "got a \(view.typeName)"
            throw VastError.invalidArgument("unavailable is one of \(modes.joined(separator: ", ")): \(hint)")
        }
        return text
    }

    static func ids(_ view: LuaView) throws -> Set<InstanceID> {
        if let id = view.integer { return [InstanceID(id)] }
        guard view.kind == .table else {
            throw VastError.invalidArgument("confirm is an id or a list of ids, not \(view.shownInMessage)")
        }
        var ids = Set<InstanceID>()
        try view.forEachElement { _, element in
            guard let id = element.integer else {
                throw VastError.invalidArgument("confirm is a list of ids, with \(element.shownInMessage) in it")
            }
            ids.insert(InstanceID(id))
        }
        return ids
    }
}
