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
        if let hint = error.hint { writer.field("hint") { writer.string(hint) } }
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
        if let hint = failure.hint { writer.field("hint") { writer.string(hint) } }
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
        let hint = try object.withField("hint") { $0.string }
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

extension Runtime {
    /// The kind of an uncaught error; nil when it is not one of ours. A wait that timed out is `unconfirmed`, which is
    /// not the time-out of a request.
    package func errorKind(_ error: LuaError) -> String? {
        guard let kind = field("kind", of: error, { $0.string }) else { return nil }
        return field("code", of: error, { $0.string }) == VastError.unconfirmedCode ? VastError.unconfirmedCode : kind
    }

    /// The word that the exit code follows from: the kind, or a code that has an exit code of its own.
    ///
    /// A list that was ended by something has a stronger one than that a part of it failed.
    package func exitKind(_ error: LuaError) -> String? {
        guard let kind = errorKind(error) else { return nil }
        if field("code", of: error, { $0.string }) == "frozen" { return "frozen" }
        switch endWord(error) {
        case "guard"?, "state"?: return VastError.Kind.guard.rawValue
        case "unauthorized"?: return VastError.Kind.unauthorized.rawValue
        default: return kind
        }
    }

    /// What ended the list that an error is about, in one word; nil: nothing did.
    func endWord(_ error: LuaError) -> String? { field("ended_by", of: error) { $0.string } }

    /// The error of a list that was ended by another one after a part of it was done; nil when nothing was, so that the
    /// other one says all.
    ///
    /// - Parameter errors: of those that were tried, by their keys; nil for what went well.
    func endedList(_ name: String, of count: Int, by ending: LuaError, _ errors: [(key: Int64, error: LuaError?)]) -> EachFailure? {
        guard errors.contains(where: { $0.error == nil }), let kind = publicKind(ending), kind != VastError.Kind.cancelled.rawValue else {
            return nil
        }
        let done = errors.count { $0.error == nil }
        let hint = field("hint", of: ending) { $0.string }
        // The hint stands apart.
        let message = ending.message.aboutOneOfMany
        let text = hint.map { message.replacing("\n  \($0)", with: "") } ?? message
        return EachFailure(
            message: "\(name): ended after \(done) of \(count): \(text)", results: errors.map { ($0.key, $0.error?.value) },
            hint: hint, endedBy: (endWord(ending) ?? kind, field("code", of: ending) { $0.string }))
    }

    /// Whether whatever comes after such an error in a list would fail the same way.
    func endsList(_ error: LuaError) -> Bool {
        if let kind = publicKind(error), TasksModule.endingKinds.contains(kind) { return true }
        return endWord(error) != nil
    }

    /// What a person reads about an uncaught error: the message, what was sent, and for other errors the traceback.
    package func describe(_ error: LuaError) -> String {
        guard errorKind(error) != nil else {
            return [error.message, error.traceback].compactMap(\.self).joined(separator: "\n")
        }
        guard let request = field("request", of: error, { $0.string }) else { return error.message }
        let attempts = field("attempts", of: error) { $0.integer } ?? 0
        let status = field("status", of: error) { $0.integer }
        let details = [
            attempts > 0 ? "\(attempts) \(attempts == 1 ? "try" : "tries")" : nil, status.map { "status \($0)" },
            field("code", of: error) { $0.string }
        ].compactMap(\.self)
        return "\(error.message)\n  request  \(([request] + details).joined(separator: ", "))"
    }

    /// What the log says about an error of a job or task: with its traceback, where that names a line of a script.
    func trace(_ error: LuaError) -> String {
        let text = describe(error)
        guard errorKind(error) != nil, let traceback = error.traceback, traceback.contains(/:[0-9]+:/) else { return text }
        return "\(text)\n\(traceback)"
    }

    /// The kind as a script sees it.
    func publicKind(_ error: LuaError) -> String? { field("kind", of: error) { $0.string } }

    /// Whether an error is about a request.
    func isRequest(_ error: LuaError) -> Bool { field("request", of: error) { $0.string } != nil }

    /// The instances that an error is about.
    func instances(of error: LuaError) -> [InstanceID] {
        guard case .reference(let reference) = error.value else { return [] }
        var ids: [InstanceID] = []
        try? host.withReference(reference) { view in
            try view.withField("instance") { if let id = $0.integer { ids.append(InstanceID(id)) } }
            try view.withField("results") { results in
                try results.forEachField { key, _ in if let id = key.integer { ids.append(InstanceID(id)) } }
            }
        }
        return ids
    }

    private func field<Value>(_ name: String, of error: LuaError, _ read: (LuaView) -> Value?) -> Value? {
        guard case .reference(let reference) = error.value else { return nil }
        return try? host.withReference(reference) { view in try view.withField(name, read) }
    }
}
