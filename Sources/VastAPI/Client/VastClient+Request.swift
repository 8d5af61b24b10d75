public import VastJSON

extension VastClient {
    /// Sends any request with the same key, pace, repetitions and observer as the others.
    ///
    /// - Parameters:
    ///   - path: from `/api/` on; the final slash is added when it is missing.
    ///   - query: as in the official client, dictionaries and lists go as JSON text.
    /// - Throws: ``VastError``; of kind `invalid_argument` for an absolute URL, `..`, or a query inside the path.
    public func request(
        _ method: HTTPMethod, _ path: String, query: [(name: String, value: JSONValue)] = [], body: JSONValue? = nil,
        note: (any ChangeNote)? = nil
    ) async throws -> Answer {
        let known = try KnownRequest(method, path: path, query: JSONObject(query.map { ($0.name, $0.value) }), body: body)
        var endpoint = Endpoint(
            method, known.path, query: try query.map { ($0.name, try Self.queryText($0.value)) }, body: body,
            repetition: known.repetition, change: known.change)
        endpoint.route = known.route
        return try await send(endpoint, note: note)
    }

    private static func queryText(_ value: JSONValue) throws -> String {
        if case .string(let text) = value { return text }
        return String(decoding: try value.serialized(), as: UTF8.self)
    }
}
