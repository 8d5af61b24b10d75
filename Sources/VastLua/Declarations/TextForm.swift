import FleetCalendar
import FleetClock
import FleetRules
import LuaEngine
import VastAPI

/// What a text has to be, where not every text will do.
package enum TextForm: Sendable, Equatable {
    /// One of several words.
    case words([String])
    /// A length of time such as `45m`.
    case length(NumberForm)
    /// A date and a time of day.
    case date
    /// Hours of the week.
    case hours
    /// The name of a time zone.
    case zone
    /// Anything but "".
    case notEmpty
    /// A method of HTTP, in whatever case.
    case method([String])
    /// A URL of http or https.
    case url
    /// Five fields of cron, or a name such as `@daily`.
    case cron
    /// The name of a field of instances; with `-` before it where that means falling order.
    case field(mayFall: Bool)
    /// A kind of error, or another word by which `vast.try` knows errors.
    case errorKind

    /// Why a text is not of this form, found by what reads it when the script runs; nil where it is, or may be.
    ///
    /// - Parameter name: of the parameter.
    package func problem(with text: String, _ name: String) -> String? {
        switch self {
        case .words(let words): words.contains(text) ? nil : LuaSuggestion.unknown(name, text, among: words)
        case .length(let bounds): Self.problem(withLength: text, bounds)
        case .date: Self.problem { () throws(CalendarError) in _ = try WallTime(text) }
        case .hours: Self.problem { () throws(CalendarError) in _ = try Hours(text, zone: .utc, zones: Self.zones) }
        case .zone: Self.problem(withZone: text)
        case .method(let methods):
            methods.contains(text.uppercased()) ? nil : LuaSuggestion.unknown("method", Self.shortened(text), among: methods)
        case .url: Self.problem(withURL: text)
        case .notEmpty: text.isEmpty ? "a text that is not empty expected" : nil
        case .cron: Self.problem { () throws(CalendarError) in _ = try CronExpression(text) }
        case .field(let mayFall):
            FieldDeclaration.misspelling(of: mayFall && text.hasPrefix("-") ? String(text.dropFirst()) : text, options: [])
        case .errorKind:
            TasksModule.tryKinds.contains(text)
                ? nil : LuaSuggestion.unknown("kind of error", Self.shortened(text), among: TasksModule.tryKinds)
        }
    }

    private static func shortened(_ text: String) -> String { String(text.prefix(64)) }

    /// The machine's zones.
    private static let zones = ZoneCatalog()

    private static func problem(withLength text: String, _ bounds: NumberForm) -> String? {
        do { return bounds.problem(with: try DurationFormat.parse(text).seconds) } catch { return "\(error)" }
    }

    /// Where the machine has no zones, nothing is known of theirs.
    private static func problem(withZone text: String) -> String? {
        guard (try? zones.zone("Europe/Berlin")) != nil else { return nil }
        return problem { () throws(CalendarError) in _ = try zones.zone(text) }
    }

    private static func problem(withURL text: String) -> String? {
        do { _ = try WebClient.url(text) } catch { return (error as? VastError)?.message }
        return nil
    }

    private static func problem<Failure>(_ body: () throws(Failure) -> Void) -> String? {
        do { try body() } catch { return "\(error)" }
        return nil
    }
}
