import VastJSON

/// How a restricted script says that it ended. The other process believes no more of it than its words.
package struct RestrictedEnd: Sendable, Equatable {
    /// What a person reads about the error that nothing caught; nil: there was none.
    package var failure: String?
    /// The kind of that error, when it is one of ours: the exit code follows from it.
    package var kind: String?
    /// Whether changes failed and the script did not deal with it.
    package var hasOpenFailures: Bool

    /// - Parameters:
    ///   - failure: the message of the error that ended it; nil when it came to its end.
    ///   - kind: the kind of that error; nil when it had none.
    ///   - hasOpenFailures: whether changes failed and the script did not deal with it.
    package init(failure: String? = nil, kind: String? = nil, hasOpenFailures: Bool = false) {
        self.failure = failure
        self.kind = kind
        self.hasOpenFailures = hasOpenFailures
    }

    func write(to frame: inout ChannelFrame) {
        frame.put("failure", failure.map { String($0.prefix(60_000)) })
        frame.put("kind", kind)
        frame.put("has_open_failures", hasOpenFailures)
    }

    init(channel json: JSON) throws(ChannelError) {
        failure = try json.optional("failure") { $0.string }.map { ScriptText.lines($0, longest: 60_000) }
        kind = try json.optional("kind") { $0.string }
        hasOpenFailures = try json.required("has_open_failures") { $0.bool }
    }
}
