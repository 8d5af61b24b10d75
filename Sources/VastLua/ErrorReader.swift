package import LuaEngine
import VastAPI

/// What errors of Lua say that are ours: reads the fields of their objects.
package struct ErrorReader {
    private let host: LuaHost
    private let type: LuaTableType

    /// - Parameter type: that of errors that are ours.
    init(_ host: LuaHost, _ type: LuaTableType) { (self.host, self.type) = (host, type) }

    /// The kind of an uncaught error; nil when it is not one of ours: a table that a script has made up says nothing, whatever its
    /// fields are called. A wait that timed out is `unconfirmed`, which is
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
        let hint = ErrorHints.own(field("hint", of: ending) { $0.string }, kind: publicKind(ending))
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
        return try? host.withReference(reference) { view in view.isTable(of: type) ? try view.withField(name, read) : nil }
    }
}
