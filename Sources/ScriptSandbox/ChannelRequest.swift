import FleetRules
import FleetSafety
import Logging
import VastAPI
import VastJSON

/// A frame from a script's process, read strictly. Both sides read it: the script's before it sends, so that what the other side
/// would end it for is an error of the call instead.
enum ChannelRequest {
    case list(ListQuery)
    case show(InstanceID)
    case change(ChangeOrder)
    case user
    case `guard`(GuardLimits)
    case cancel(Int64)
    case log(Logger.Level, JSON)
    case serving(Bool)
    case end(RestrictedEnd)

    /// - Throws: ``ChannelError`` for a frame that no binding sends.
    init(_ frame: JSON) throws(ChannelError) {
        guard let call = ChannelCall(rawValue: try frame.required("call") { $0.string }) else { throw .malformed("an unknown call") }
        switch call {
        case .list: self = .list(try ListQuery(channel: frame))
        case .show: self = .show(try frame.required("instance") { $0.instanceID })
        case .change: self = .change(try ChangeOrder(channel: frame))
        case .user: self = .user
        case .guard: self = .guard(try GuardLimits(channel: frame))
        case .cancel: self = .cancel(try frame.required("id") { $0.int64 })
        case .log: self = .log(try frame.required("level") { $0.string.flatMap(Logger.Level.init(rawValue:)) }, frame)
        case .serving: self = .serving(try frame.required("is_serving") { $0.bool })
        case .end: self = .end(try RestrictedEnd(channel: frame))
        }
    }

    /// The frame that stands in some bytes.
    ///
    /// - Throws: ``ChannelError``.
    static func frame(_ bytes: [UInt8]) throws(ChannelError) -> JSON {
        do {
            return try JSONDocument(parsing: bytes, limits: JSONDocument.Limits(depth: 32, bytes: Channel.longestFromScript)).root
        } catch {
            throw .malformed("a frame that is no JSON")
        }
    }

    /// That the other side will understand a call.
    ///
    /// - Throws: ``VastError`` of kind `invalid_argument`.
    static func check(_ bytes: [UInt8]) throws(VastError) {
        guard bytes.count <= Channel.longestFromScript else {
            throw VastError(
                .invalidArgument, "the call is larger than a restricted script may make (\(Channel.longestFromScript >> 20) MiB)")
        }
        do {
            _ = try ChannelRequest(try frame(bytes))
        } catch {
            throw VastError(.invalidArgument, "a restricted script may not make this call: \(error.description)")
        }
    }
}
