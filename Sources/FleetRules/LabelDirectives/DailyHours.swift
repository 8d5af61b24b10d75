internal import FleetCalendar

/// `off=22:00 on=08:00 days=mon-fri` as hours of the week.
struct DailyHours {
    private let off: String?
    private let on: String?
    private let days: String

    /// - Throws: ``LabelBracket/Problem`` when a time is none.
    init(_ bracket: LabelBracket) throws {
        off = try bracket.has("off") ? Self.time(bracket.value(of: "off"), "off") : nil
        on = try bracket.has("on") ? Self.time(bracket.value(of: "on"), "on") : nil
        days = bracket.value(of: "days") ?? "mon-sun"
    }

    /// With `off=` alone nothing is ever started, with `on=` alone nothing stopped.
    ///
    /// - Throws: `CalendarError` for days that are none.
    func hours(_ zone: Zone, _ zones: ZoneCatalog) throws -> (Hours, PolicyRules.Only?) {
        switch (on, off) {
        case (let on?, let off?):
            guard on != off else { throw LabelBracket.Problem(description: "on and off are at the same time") }
            return (try Hours("\(days) \(on)-\(off)", zone: zone, zones: zones), nil)
        case (nil, let off?):
            // Up from midnight, of which nobody starts anything; at midnight itself there is only the switch of the day
            // before.
            return (try Hours("\(days) 00:00-\(off == "00:00" ? "24:00" : off)", zone: zone, zones: zones), .stop)
        default:
            return (try Hours("\(days) \(on ?? "00:00")-24:00", zone: zone, zones: zones), .start)
        }
    }

    /// `8:00` and `08:00` alike.
    private static func time(_ text: String?, _ key: String) throws -> String {
        let parts = (text ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute), parts[0].allSatisfy(\.isNumber)
        else { throw LabelBracket.Problem(description: "\(key)=HH:MM expected, such as \(key)=22:00") }
        return "\(hour < 10 ? "0" : "")\(hour):\(parts[1])"
    }
}
