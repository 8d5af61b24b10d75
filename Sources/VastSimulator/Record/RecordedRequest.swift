import VastJSON

/// A request that reached a simulated service, and when: what else a world needs to be made again.
package struct RecordedRequest: Sendable, Equatable {
    /// Seconds since the world began, without what was skipped.
    package var at: Double
    /// The method of HTTP, in capitals.
    package var method: String
    /// Path and query.
    package var target: String
    /// What it carried, as text; empty: nothing.
    package var body: String

    init(_ request: SimulatedRequest, at: Double) {
        self.at = at
        method = request.method
        target = request.target
        body = String(decoding: request.body, as: UTF8.self)
    }

    /// Whether a world may be another one after it.
    package var changes: Bool { method != "GET" }

    /// One line of a record.
    package var line: [UInt8] {
        let object: JSONObject = ["at": .double(at), "method": .string(method), "target": .string(target), "body": .string(body)]
        return WorldRecord.line(object)
    }

    /// - Returns: nil for what is no line of a record.
    init?(_ json: JSONValue, at: Double) {
        guard let method = json["method"]?.text, let target = json["target"]?.text, let body = json["body"]?.text else { return nil }
        (self.at, self.method, self.target, self.body) = (at, method, target, body)
    }

    /// The request as it came, by whoever holds the key.
    func request(key: String) -> SimulatedRequest {
        SimulatedRequest(method, target, authorization: "Bearer \(key)", body: Array(body.utf8))
    }
}
