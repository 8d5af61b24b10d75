public import VastJSON

/// A successful answer.
public struct Answer: Sendable {
    /// The HTTP status, from 200 to 299.
    public let status: Int
    /// The body, when it is JSON.
    public let json: JSON?
    /// The body as it came.
    public let body: [UInt8]
    /// How many times the request was sent.
    public var attempts: Int
    /// Whether an earlier sending of the same request got no answer, so that this one may be the second to arrive.
    public var followsLostAnswer: Bool

    /// The service's own words.
    public var message: String? { json?["msg"]?.string ?? json?["message"]?.string }
}
