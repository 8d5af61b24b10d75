package import VastJSON

/// One request as it was sent, for `history RUN`.
package struct JournalExchange: Sendable, Equatable {
    /// When it was sent, in Unix seconds.
    package var time: Double
    /// Such as `PUT /api/v0/instances/12/`.
    package var request: String
    /// Which sending of the same request it was, from 1.
    package var attempt: Int
    /// Whether it undoes an earlier change of the same call, such as a start that was withdrawn.
    package var isCompensation: Bool
    /// How it ended: `accepted`, `failed`, `unknown`, or `lost` when the run died first; nil: not known yet.
    package var outcome: String?
    /// When that was known, in Unix seconds.
    package var finished: Double?
    /// The kind of the error with which it failed; nil when it did not.
    package var errorKind: String?
    /// The service's own word for the error.
    package var errorCode: String?
    /// The message of that error, for people.
    package var errorText: String?

    /// For `--json`.
    package var json: JSONObject {
        var object: JSONObject = [
            "time": .double(time), "request": .string(request), "attempt": .integer(Int64(attempt)),
            "compensation": .bool(isCompensation), "outcome": outcome.map { .string($0) } ?? .null
        ]
        object["finished"] = finished.map { .double($0) }
        object["error_kind"] = errorKind.map { .string($0) }
        object["error_code"] = errorCode.map { .string($0) }
        object["error"] = errorText.map { .string($0) }
        return object
    }
}
