import VastJSON

/// A refusal on the way, as an error.
struct Refusal: Error {
    let response: SimulatedResponse
}

extension Backend {
    static let invalidJSON = SimulatedResponse.failure(400, "invalid_args", "error 400/1782: Invalid args: invalid json")

    /// The body as an object; an empty body is an empty object, and anything else is nil.
    static func object(_ body: [UInt8]) -> JSONValue? {
        if body.isEmpty { return [:] }
        guard let document = try? JSONDocument(parsing: body), document.root.kind == .object else { return nil }
        return document.root.value
    }

    /// The ids of a bulk body.
    static func ids(
        in body: JSONValue, _ name: String, other: String, _ behaviour: Behaviour
    ) -> Result<[Int64], Refusal> {
        let member = body[name] ?? (behaviour.wrongBulkKey == .success ? body[other] : nil)
        guard let list = member?.elements, !list.isEmpty else {
            return .failure(Refusal(response: .failure(400, "invalid_args", "Invalid args: \(name) must be a list of instance ids")))
        }
        let ids = list.compactMap(\.wholeNumber)
        guard ids.count == list.count else {
            return .failure(Refusal(response: .failure(400, "invalid_args", "invalid instance_id")))
        }
        guard ids.count <= bulkLimit || behaviour.bulkOverLimit == .success else {
            return .failure(Refusal(response: .failure(400, "invalid_args", "Invalid args: at most \(bulkLimit) \(name)")))
        }
        return .success(ids)
    }
}
