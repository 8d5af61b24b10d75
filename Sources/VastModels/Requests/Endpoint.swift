public import VastJSON

/// One request to the API as a value: what to send and how it may be repeated.
public struct Endpoint: Sendable {
    /// What may be done when the answer was lost (Vast API contract, section 7).
    public enum Repetition: Sendable {
        /// It changes nothing: send it again.
        case read
        /// It changes something: never without looking first.
        case never
    }

    /// The method of the request.
    public var method: HTTPMethod
    /// The path from `/api/` on, not encoded.
    public var path: String
    /// What its pace is counted by.
    public var route: Route
    /// The parameters behind the path in their order, not encoded; empty: none.
    public var query: [(name: String, value: String)]
    /// What is sent as JSON; nil: no body.
    public var body: JSONValue?
    /// What may be done when the answer was lost.
    public var repetition: Repetition
    /// What this changes; nil for a read.
    public var change: Change?

    /// - Parameters:
    ///   - path: from `/api/` on, not encoded.
    ///   - route: nil: the one that method and path make.
    ///   - query: not encoded.
    ///   - body: nil: none.
    ///   - change: nil for a read.
    public init(
        _ method: HTTPMethod, _ path: String, route: Route? = nil, query: [(name: String, value: String)] = [],
        body: JSONValue? = nil, repetition: Repetition, change: Change? = nil
    ) {
        self.method = method
        self.path = path
        self.route = route ?? Route(method: method, path: path)
        self.query = query
        self.body = body
        self.repetition = repetition
        self.change = change
    }

    /// Method and path, for messages.
    public var name: String { "\(method.rawValue) \(path)" }

    /// Path and query as they stand in the request line.
    package var target: String {
        let text = query.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
        let encoded = Self.encode(path, keeping: "/")
        return text.isEmpty ? encoded : "\(encoded)?\(text)"
    }

    static func encode(_ text: String, keeping extra: String = "") -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case _ where extra.utf8.contains(byte): bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
