/// What carries one request to the service and its answer back.
public protocol HTTPTransport: Sendable {
    /// Sends `request` once. Follows no redirect and repeats nothing.
    ///
    /// - Throws: ``TransportError``, or `CancellationError` when the task is cancelled, unless the request says that it runs
    ///   to its end.
    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse

    /// Closes connections; the transport cannot be used afterwards.
    func shutdown() async
}

/// A request as it goes over the wire.
public struct HTTPRequest: Sendable {
    /// The method, such as `PUT`.
    public var method: HTTPMethod
    /// The whole URL with its query, encoded.
    public var url: String
    /// The header fields in the order in which they are sent, the key among them.
    public var headers: [(name: String, value: String)]
    /// The bytes of the body; nil: none.
    public var body: [UInt8]?
    /// How long the whole exchange may take.
    public var timeout: Duration
    /// How many bytes the answer may have.
    public var bodyLimit: Int
    /// Whether it is carried to its end although its task is cancelled: a change that has left would arrive all the same, and
    /// nobody would know.
    public var runsToItsEnd = false

    /// - Parameters:
    ///   - url: the whole URL, encoded.
    ///   - body: nil: none.
    ///   - timeout: how long the whole exchange may take.
    ///   - bodyLimit: how many bytes the answer may have.
    public init(
        _ method: HTTPMethod, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration, bodyLimit: Int
    ) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
        (self.timeout, self.bodyLimit) = (timeout, bodyLimit)
    }
}

/// An answer as it came over the wire.
public struct HTTPResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The header fields as they came; a name may stand more than once.
    public var headers: [(name: String, value: String)]
    /// The bytes of the body; empty when there is none.
    public var body: [UInt8]

    /// An answer, for transports and for tests.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of a header, whatever its case.
    public func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

/// Why there is no answer.
public struct TransportError: Error, Sendable {
    /// At which point an exchange failed.
    public enum Kind: Sendable, Hashable {
        /// The name of the host is not known.
        case unknownHost
        /// The connection could not be made.
        case notConnected
        /// The server could not prove who it is, or no common encryption was found.
        case insecure
        /// The connection broke before the answer was complete.
        case broken
        /// The answer did not come in time.
        case timedOut
        /// The answer is larger than allowed.
        case tooLarge
        /// The answer is not HTTP, or cannot be unpacked.
        case garbled
        /// What is set for the network, such as a proxy, cannot be used.
        case misconfigured
        /// The request cannot be sent as it is: its URL, or a header.
        case invalidRequest
    }

    /// At which point it failed.
    public var kind: Kind
    /// Whether the request cannot have reached the service.
    public var wasNotSent: Bool
    /// What the lower layer said, for people; it holds no key.
    public var detail: String
    /// Whether it is the proxy, and not the service, that did not take us.
    package internal(set) var concernsProxy = false

    /// - Parameters:
    ///   - wasNotSent: whether the request cannot have reached the service; false where nobody knows.
    ///   - detail: what the lower layer said, without a key.
    public init(_ kind: Kind, wasNotSent: Bool = false, detail: String) {
        self.kind = kind
        self.wasNotSent = wasNotSent
        self.detail = detail
    }
}
