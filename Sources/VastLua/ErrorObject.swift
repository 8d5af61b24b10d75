import FleetRules
import FleetSafety
package import LuaEngine
import VastAPI

/// Errors as scripts see them: a table with `kind`, `message`, `status`, `code`, `instance`, `request`, `attempts` and
/// `results`, whose `tostring` is one readable line that begins with the script's file and line.
struct ErrorObject {
    let type = LuaTableType("vast.error", metamethods: [("__tostring", Self.toString), ("__index", Self.absentField)])

    private static let fields = ObjectDeclaration.plain.first { $0.name == "vast.Error" }?.fields.map(\.name) ?? []

    /// What an error of Swift becomes in Lua.
    func describe(_ error: any Error) -> LuaThrown {
        switch error {
        case let error as VastError: object(error)
        case let error as EachFailure: .object(type) { write(error, $0) }
        case let error as LuaArgumentError: object(VastError(.invalidArgument, error.description))
        case is CancellationError: object(VastError(.cancelled, "cancelled"))
        case let error as LuaConflict: object(VastError(.conflict, error.description))
        default: .message("\(error)")
        }
    }

    private func object(_ error: VastError) -> LuaThrown {
        .object(type) { writer in
            writer.field("where") { writer.positioned("") }
            write(error, writer)
        }
    }

    private func write(_ error: VastError, _ writer: LuaWriter) {
        writer.field("kind") { writer.string(error.kind.rawValue) }
        writer.field("message") { writer.string(error.message) }
        writer.field("hint") { writer.string(error.hint ?? ErrorHints.usual(for: error.kind)) }
        writer.field("retryable") { writer.boolean(error.isRetryable) }
        writer.field("ids") {
            let failed = error.results.filter { if case .failure = $0.value { true } else { false } }.keys.sorted()
            let ids = error.results.isEmpty ? [error.instance].compactMap(\.self) : failed
            writer.integers(ids.map(\.rawValue))
        }
        writer.field("attempts") { writer.integer(error.attempts) }
        if let status = error.status { writer.field("status") { writer.integer(status) } }
        if let code = error.code { writer.field("code") { writer.string(code) } }
        if let instance = error.instance {
            for name in ["id", "instance"] as [StaticString] { writer.field(name) { writer.integer(instance.rawValue) } }
        }
        if let request = error.request { writer.field("request") { writer.string(request) } }
        if let word = error.endedBy { writer.field("ended_by") { writer.string(word) } }
        if !error.results.isEmpty { writer.field("results") { write(error.results, writer) } }
    }

    /// `results[id]` is true, or that id's error.
    private func write(_ results: [InstanceID: Result<Void, VastError>], _ writer: LuaWriter) {
        writer.table(fields: results.count) {
            for (id, result) in results.sorted(by: { $0.key < $1.key }) {
                writer.integer(id.rawValue)
                switch result {
                case .success: writer.boolean(true)
                case .failure(let error): writer.error(.object(type) { write(error, $0) })
                }
                writer.setField()
            }
        }
    }

    private func write(_ failure: EachFailure, _ writer: LuaWriter) {
        writer.field("where") { writer.positioned("") }
        writer.field("kind") { writer.string(VastError.Kind.partial.rawValue) }
        writer.field("message") { writer.string(failure.message) }
        writer.field("hint") { writer.string(failure.hint ?? ErrorHints.usual(for: .partial)) }
        writer.field("retryable") { writer.boolean(false) }
        writer.field("attempts") { writer.integer(0) }
        writer.field("ids") { writer.integers(failure.results.filter { $0.error != nil }.map(\.key)) }
        if let endedBy = failure.endedBy {
            writer.field("ended_by") { writer.string(endedBy.word) }
            if let code = endedBy.code { writer.field("code") { writer.string(code) } }
        }
        writer.field("results") {
            writer.table(fields: failure.results.count) {
                for (key, value) in failure.results {
                    writer.integer(key)
                    if let value { writer.value(value) } else { writer.boolean(true) }
                    writer.setField()
                }
            }
        }
    }

    /// A field that an error may have and this one lacks is nil; any other name is a mistake.
    private static func absentField(_ call: borrowing LuaCall) throws -> LuaOutcome {
        if let name = call.argument(2).string, !fields.contains(name), name != "where" {
            let hint = LuaSuggestion.didYouMean(LuaSuggestion.closest(to: name, among: fields))
            throw VastError.invalidArgument("an error has no field '\(name)'\(hint)")
        }
        call.results.nil()
        return .values
    }

    private static func toString(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let object = call.argument(1)
        let place = try object.withField("where") { $0.string } ?? ""
        let message = try object.withField("message") { $0.string } ?? "error"
        let kind = try object.withField("kind") { $0.string } ?? "error"
        // The usual one of its kind is for those who ask.
        let hint = ErrorHints.own(try object.withField("hint") { $0.string }, kind: kind)
        // What to do about it stands on lines of its own.
        let lines = message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = (lines.count > 1 ? "\n\(lines[1])" : "") + (hint.map { "\n  \($0)" } ?? "")
        call.results.string(PrintableText.lines("\(place)\(lines[0]) (\(kind))\(rest)"))
        return .values
    }
}

extension String {
    /// The message of one of a list without what holds of it alone.
    var aboutOneOfMany: String { replacing(" Nothing was sent.", with: "") }
}

/// What `vast.each` raises in the end: which elements failed.
struct EachFailure: Error {
    let message: String
    /// By id, or by position where an element has none: nil for success, else the error.
    let results: [(key: Int64, error: LuaValue?)]
    /// What would help, from what ended it.
    var hint: String?
    /// What ended it before all was tried, in one word, and its code; nil: nothing did.
    var endedBy: (word: String, code: String?)?
}

extension VastError {
    /// The `code` of an error about a change that was accepted and not seen in time.
    static let unconfirmedCode = "unconfirmed"

    static func invalidArgument(_ message: String) -> VastError { VastError(.invalidArgument, message) }
}
