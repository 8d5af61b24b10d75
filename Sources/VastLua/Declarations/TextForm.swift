import FleetCalendar
import FleetRules
import LuaEngine
import VastAPI

/// What a text has to be, where not every text will do.
package enum TextForm: Sendable, Equatable {
    /// One of several words.
    case words([String])
    /// A length of time such as `45m`.
    case length
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
        case .length: Self.problem { () throws(LengthText.ParseError) in _ = try LengthText.parse(text) }
        case .cron: Self.problem { () throws(CalendarError) in _ = try CronExpression(text) }
        case .field(let mayFall):
            Self.nearMiss(mayFall && text.hasPrefix("-") ? String(text.dropFirst()) : text, "field", FieldDeclaration.instanceNames)
        case .errorKind: Self.nearMiss(text, "kind", Self.errorKinds)
        }
    }

    /// Kinds, the code of a wait that timed out, and what else can end a list.
    private static let errorKinds = VastError.Kind.all.map(\.rawValue) + [VastError.unconfirmedCode, "state"]

    private static func problem<Failure>(_ body: () throws(Failure) -> Void) -> String? {
        do { try body() } catch { return "\(error)" }
        return nil
    }

    /// Rows may have fields that nobody has heard of yet, and scripts kinds of their own: only what is nearly a known one
    /// is a mistake.
    private static func nearMiss(_ text: String, _ noun: String, _ known: [String]) -> String? {
        guard text.utf8.count <= 64, !known.contains(text), LuaSuggestion.closest(to: text, among: known) != nil else { return nil }
        return LuaSuggestion.unknown(noun, text, among: known)
    }
}
