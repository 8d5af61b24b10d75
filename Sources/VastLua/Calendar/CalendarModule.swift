import FleetCalendar
import LuaEngine
import VastAPI

/// A calendar as an object of Lua.
final class CalendarObject {
    let calendar: CronCalendar

    init(_ calendar: CronCalendar) {
        self.calendar = calendar
    }
}

/// Hours of a week as an object of Lua.
final class HoursObject {
    let hours: Hours

    init(_ hours: Hours) {
        self.hours = hours
    }
}

/// `vast.calendar` and `vast.hours`: pure, so that a schedule can be tested without waiting for it.
final class CalendarModule: RuntimeModule {
    /// Where zones are looked up.
    let zones: ZoneCatalog
    private(set) lazy var calendarType = makeCalendarType()
    private(set) lazy var hoursType = makeHoursType()

    override init(_ runtime: Runtime) {
        zones = runtime.options.zones
        super.init(runtime)
    }

    func new(_ call: borrowing LuaCall) throws -> LuaOutcome {
        call.results.object(CalendarObject(try calendar(call, 1, optionsAt: 2)), as: calendarType)
        return .values
    }

    func hours(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let text = try call.string(1, "hours")
        let zone = try zone(call, optionsAt: 2)
        do {
            call.results.object(HoursObject(try Hours(text, zone: zone, zones: zones)), as: hoursType)
        } catch {
            throw call.wrong(1, "hours", "\(error)")
        }
        return .values
    }

    // MARK: arguments

    /// A calendar: one that the script has made, or a cron expression with the `tz` and `dst` of an options table.
    func calendar(_ call: borrowing LuaCall, _ position: Int, optionsAt optionsPosition: Int) throws -> CronCalendar {
        if let made = call.argument(position).object(calendarType) {
            for option in ["tz", "dst"] where try !call.argument(optionsPosition).withField(option, { $0.isNil }) {
                throw call.wrong(optionsPosition, "options", "the calendar has its own \(option)")
            }
            return made.calendar
        }
        let text = try call.string(position, "spec")
        let expression: CronExpression
        do { expression = try CronExpression(text) } catch { throw call.wrong(position, "spec", "\(error)") }
        for warning in expression.warnings { logger.warning("\(call.position.map { "\($0): " } ?? "")\(warning)") }
        return CronCalendar(
            expression, zone: try zone(call, optionsAt: optionsPosition), dst: try dstRule(call, optionsAt: optionsPosition))
    }

    /// `dst = {gap = "next"|"skip", overlap = "first"|"last"|"both"}`
    private func dstRule(_ call: borrowing LuaCall, optionsAt position: Int) throws -> DSTRule {
        var rule = DSTRule()
        try call.argument(position).withField("dst") { table in
            guard !table.isNil else { return }
            guard table.kind == .table else { throw call.wrong(position, "options", "dst is a table, not a \(table.typeName)") }
            try table.forEachField { key, value in
                switch key.string {
                case "gap": rule.gap = try word(call, position, "dst.gap", value)
                case "overlap": rule.overlap = try word(call, position, "dst.overlap", value)
                case let name:
                    throw call.wrong(
                        position, "options", LuaSuggestion.unknown("field of dst", name ?? "?", among: ["gap", "overlap"]))
                }
            }
        }
        return rule
    }

    private func word<Word: RawRepresentable<String> & CaseIterable>(
        _ call: borrowing LuaCall, _ position: Int, _ name: String, _ value: LuaView
    ) throws -> Word {
        let words = Word.allCases.map(\.rawValue)
        guard let text = value.string else {
            throw call.wrong(position, "options", "\(name) is one of \(words.joined(separator: ", "))")
        }
        guard let word = Word(rawValue: text) else {
            throw call.wrong(position, "options", LuaSuggestion.unknown(name, text, among: words))
        }
        return word
    }

    /// Unix seconds, floored; the run's now when there is no argument.
    private func instant(_ call: borrowing LuaCall, _ position: Int, _ parameter: StaticString) throws -> Int64 {
        let seconds = try call.optionalNumber(position, parameter) ?? now
        guard seconds.isFinite, abs(seconds) < 1e15 else { throw call.wrong(position, "\(parameter)", "Unix seconds out of range") }
        return Int64(seconds.rounded(.down))
    }

    // MARK: objects

    private func makeCalendarType() -> LuaType<CalendarObject> {
        LuaType(
            "vast.calendar",
            methods: runtime.methods(.calendar),
            metamethods: [
                ObjectDeclaration.calendar.absence,
                shown { module, call in
                    let calendar = try call.object(1, "calendar", module.calendarType).calendar
                    return "calendar \(calendar.expression) \(calendar.zone)"
                }
            ])
    }

    /// `c:next(after)` is one instant, or nil; `c:next(after, n)` is a list of at most n.
    func next(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let calendar = try call.object(1, "calendar", calendarType).calendar
        let after = try instant(call, 2, "after")
        guard let count = try call.optionalInteger(3, "n") else {
            if let next = calendar.next(after: after) { call.results.integer(next) } else { call.results.nil() }
            return .values
        }
        guard (0...1_000_000).contains(count) else { throw call.wrong(3, "n", "a number from 0 to 1000000 expected") }
        let firings = calendar.next(after: after, count: Int(count))
        call.results.openTable(array: firings.count)
        for (index, firing) in firings.enumerated() { call.results.element(index + 1) { call.results.integer(firing) } }
        return .values
    }

    private func makeHoursType() -> LuaType<HoursObject> {
        LuaType(
            "vast.hours",
            methods: runtime.methods(.hours),
            metamethods: [
                ObjectDeclaration.hours.absence,
                shown { module, call in "hours \(try call.object(1, "hours", module.hoursType).hours)" }
            ])
    }

    func matches(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let calendar = try call.object(1, "calendar", calendarType).calendar
        call.results.boolean(calendar.matches(try instant(call, 2, "t")))
        return .values
    }

    func contain(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let hours = try call.object(1, "hours", hoursType).hours
        call.results.boolean(hours.contains(try instant(call, 2, "t")))
        return .values
    }

    func edge(_ call: borrowing LuaCall, _ find: (Hours, Int64) -> Int64?) throws -> LuaOutcome {
        let hours = try call.object(1, "hours", hoursType).hours
        if let instant = find(hours, try instant(call, 2, "t")) { call.results.integer(instant) } else { call.results.nil() }
        return .values
    }
}
