import FleetClock
import FleetSafety
import VastAPI
import VastJSON

/// Errors cross the line with everything that scripts and exit codes can see of them.
extension VastError {
    func write(to frame: inout ChannelFrame) {
        frame.put("kind", kind.rawValue)
        frame.put("message", message)
        frame.put("status", status.map(Int64.init))
        frame.put("code", code)
        frame.put("instance", instance?.rawValue)
        frame.put("request", request)
        frame.put("attempts", Int64(attempts))
        frame.put("retry_after", retryAfter.map(\.seconds))
        frame.put("unknown_effect", effect == .unknown)
        frame.put("ended_by", endedBy)
        frame.put("hint", hint)
        if !results.isEmpty { results.write(to: &frame, as: "results") }
    }

    /// Writes the member `error` of an object.
    fileprivate func write(toObject writer: inout JSONWriter) {
        writer.name("error")
        var inner = ChannelFrame(writer)
        inner.writer.beginObject()
        write(to: &inner)
        inner.writer.endObject()
        writer = inner.writer
    }

    /// - Throws: ``ChannelError``.
    init(channel json: JSON) throws(ChannelError) {
        self.init(
            Kind(rawValue: try json.required("kind") { $0.string }), try json.required("message") { $0.string },
            status: try json.optional("status") { $0.int64 }.flatMap(Int.init(exactly:)), code: try json.optional("code") { $0.string },
            instance: try json.optional("instance") { $0.instanceID }, request: try json.optional("request") { $0.string },
            attempts: Int(clamping: try json.optional("attempts") { $0.int64 } ?? 0),
            retryAfter: try json.optional("retry_after") { $0.double }.map { Duration(clampingSeconds: $0) },
            effect: try json.optional("unknown_effect") { $0.bool } == true ? .unknown : .none)
        endedBy = try json.optional("ended_by") { $0.string }
        hint = try json.optional("hint") { $0.string }
        if let member = json["results"] { results = try ChangeResultsReader.read(member) }
    }
}

extension [InstanceID: Result<Void, VastError>] {
    /// An array of `{"id": …}` with the error for those that failed.
    func write(to frame: inout ChannelFrame, as name: String) {
        frame.array(name, sorted { $0.key < $1.key }) { writer, entry in
            writer.beginObject()
            writer.name("id")
            writer.integer(entry.key.rawValue)
            if case .failure(let error) = entry.value { error.write(toObject: &writer) }
            writer.endObject()
        }
    }
}

enum ChangeResultsReader {
    static func read(_ json: JSON) throws(ChannelError) -> [InstanceID: Result<Void, VastError>] {
        var results: [InstanceID: Result<Void, VastError>] = [:]
        for element in json.elements {
            let id = try element.required("id") { $0.instanceID }
            if let error = element["error"] { results[id] = .failure(try VastError(channel: error)) } else { results[id] = .success(()) }
        }
        return results
    }
}

/// Outcomes cross the line as an array of `{"id": …, "outcome": …, "error": …}`, with what ended the call beside it.
extension ChangeOutcomes {
    func write(to frame: inout ChannelFrame, as name: String) {
        frame.object(name) { frame in
            frame.array("outcomes", byID.sorted { $0.key < $1.key }) { writer, entry in
                writer.beginObject()
                writer.name("id")
                writer.integer(entry.key.rawValue)
                writer.name("outcome")
                writer.string(entry.value.word)
                if let error = entry.value.error { error.write(toObject: &writer) }
                writer.endObject()
            }
            if let endedBy { frame.object("ended_by") { endedBy.write(to: &$0) } }
        }
    }

    /// - Throws: ``ChannelError``.
    init(channel json: JSON, of order: ChangeOrder) throws(ChannelError) {
        self.init(order.ids)
        for element in json["outcomes"]?.elements.map({ $0 }) ?? [] {
            let id = try element.required("id") { $0.instanceID }
            var error: VastError?
            if let member = element["error"] { error = try VastError(channel: member) }
            set(id, try Outcome(try element.required("outcome") { $0.string }, error))
        }
        if let error = json["ended_by"] { end(by: try VastError(channel: error)) }
    }
}

extension ChangeOutcomes.Outcome {
    fileprivate var word: String {
        switch self {
        case .satisfied: "satisfied"
        case .accepted: "accepted"
        case .notSent: "not_sent"
        case .refused: "refused"
        case .unknown: "unknown"
        }
    }

    fileprivate init(_ word: String, _ error: VastError?) throws(ChannelError) {
        switch (word, error) {
        case ("satisfied", nil): self = .satisfied
        case ("accepted", nil): self = .accepted
        case ("not_sent", let error?): self = .notSent(error)
        case ("refused", let error?): self = .refused(error)
        case ("unknown", let error?): self = .unknown(error)
        default: throw .malformed("'outcome' is none")
        }
    }
}
