import VastJSON

/// A request as it reaches the service, whichever way it came.
package struct SimulatedRequest: Sendable {
    /// In capitals.
    package var method: String
    /// Path and query as in the request line.
    package var target: String
    /// The header `Authorization`; nil when there is none.
    package var authorization: String?
    /// The bytes of the body; empty when there is none.
    package var body: [UInt8]
    /// The address of the client, without port.
    package var peer: String

    /// - Parameters:
    ///   - method: in capitals.
    ///   - target: path and query, encoded.
    ///   - authorization: the header of that name; nil when there is none.
    ///   - peer: the address of the client, without port.
    package init(
        _ method: String, _ target: String, authorization: String? = nil, body: [UInt8] = [], peer: String = "127.0.0.1"
    ) {
        self.method = method
        self.target = target
        self.authorization = authorization
        self.body = body
        self.peer = peer
    }

    /// The part before the question mark.
    package var path: String { String(target.prefix { $0 != "?" }) }

    /// The decoded pairs after the question mark.
    var query: [String: String] {
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        var pairs: [String: String] = [:]
        for part in target[target.index(after: mark)...].split(separator: "&") {
            let name = part.prefix { $0 != "=" }
            pairs[Self.decoded(name)] = Self.decoded(part.dropFirst(name.count + 1))
        }
        return pairs
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = hexadecimal(rest.prefix(2)) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

/// An answer of the service, and how it is delivered.
package struct SimulatedResponse: Sendable {
    /// The HTTP status.
    package var status: Int
    /// The header fields, in the order in which they are sent.
    package var headers: [(String, String)]
    /// The bytes of the body.
    package var body: [UInt8]
    /// How much of it arrives, and when.
    package var delivery = Delivery.whole

    /// What the connection does with the answer.
    package enum Delivery: Sendable, Equatable {
        case whole
        /// The connection is reset before a byte of the answer is sent.
        case reset
        /// Nothing is ever sent; after these seconds the connection is closed, nil for never.
        case stall(Double?)
        /// So many bytes of the body are sent, of the length that was announced, then the connection is closed.
        case truncated(Int)
        /// The answer begins after so many seconds.
        case delayed(Double)
        /// Bytes that are not HTTP.
        case garbage
    }

    init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        headers = [("Content-Type", contentType)]
        self.body = body
    }

    static func json(_ value: JSONValue, status: Int = 200) -> SimulatedResponse {
        // The simulator puts no number into an answer that is not finite.
        SimulatedResponse(status: status, contentType: "application/json", body: (try? value.serialized()) ?? [])
    }

    static func text(_ text: String, status: Int = 200) -> SimulatedResponse {
        SimulatedResponse(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// The usual error body.
    static func failure(_ status: Int, _ code: String, _ message: String) -> SimulatedResponse {
        json(["success": false, "error": .string(code), "msg": .string(message)], status: status)
    }

    /// The error body of the list and the logs, which has no `success`.
    static func queryFailure(_ status: Int, _ code: String, _ message: String) -> SimulatedResponse {
        json(["error": .string(code), "msg": .string(message)], status: status)
    }

    static func noSuchInstance(_ id: Int64) -> SimulatedResponse {
        failure(404, "no_such_instance", "Instance \(id) not found.")
    }

    static let success = json(["success": true])
}
