import FleetRules
import FleetSafety
import Foundation
@testable import ScriptSandbox
import Testing
import VastAPI
import VastJSON

/// What a hostile script may send to the process that holds the key.
@Suite("Fuzzed frames", .serialized) struct ChannelFuzzTests {
    @Test("a frame is refused, or is a call that is written and read as the same; of an answer nothing is believed that traps")
    func frames() async throws {
        let fuzzer = Fuzzer(
            "frames", count: 2_500,
            tokens: [
                "\"call\":", "\"change\"", "\"list\"", "\"verb\":", "\"ids\":", "[12,13]", "\"filters\":", "\"in\":", "\"guard\"",
                "\"numbers\":", "{",
                "}", ",", "\"unavailable\":\"retry\"", "\"every\":", "\"kind\":", "\"rows\":", "\"reasons\":", "[[12,\"x\"]]"
            ], isJSON: true)
        try await fuzzer.run { bytes in
            guard let frame = try? ChannelRequest.frame(bytes) else { return nil }
            _ = try? FleetSnapshot(channel: frame)
            if let error = try? VastError(channel: frame), let problem = try Self.problem(error) { return problem }
            guard let request = try? ChannelRequest(frame) else { return nil }
            return try Self.problem(request)
        }
    }

    private static func rewritten(_ write: (inout ChannelFrame) throws -> Void) throws -> JSON {
        var frame = ChannelFrame()
        try write(&frame)
        return try JSONDocument(parsing: frame.bytes).root
    }

    private static func problem(_ error: VastError) throws -> String? {
        let written = try rewritten { error.write(to: &$0) }
        let read = try VastError(channel: written)
        return try rewritten { read.write(to: &$0) }.value == written.value ? nil : "an error is written as another one"
    }

    private static func problem(_ request: ChannelRequest) throws -> String? {
        switch request {
        case .change(let order):
            guard !order.ids.isEmpty, Set(order.ids).count == order.ids.count, order.ids.allSatisfy({ $0.rawValue > 0 }) else {
                return "odd ids"
            }
            guard (order.payload == nil) == (order.verb.rules.payload == nil) else { return "a change that sets something else" }
            guard order.decision.line?.contains("\n") != true else { return "a line of two lines" }
            let written = try rewritten { try order.write(to: &$0) }
            let read = try ChangeOrder(channel: written)
            return try rewritten { try read.write(to: &$0) }.value == written.value ? nil : "written it is another change"
        case .list(let query):
            let written = try rewritten { try query.write(to: &$0) }
            return try ListQuery(channel: written).filters == query.filters ? nil : "written it is another list"
        case .guard(let limits):
            let written = try rewritten { limits.write(to: &$0) }
            return try GuardLimits(channel: written) == limits ? nil : "written it is another guard"
        default: return nil
        }
    }

    @Test("a stream of bytes is frames and then its end or an error, and is never waited for")
    func streams() async throws {
        let fuzzer = Fuzzer(
            "streams", count: 2_500,
            tokens: ["\0\0\0\u{1}", "\0\0\0\u{2}{}", "\0\0\0\0", "\0\u{10}\0\0", "\0\u{10}\0\u{1}", "\u{7F}\u{7F}\u{7F}\u{7F}", "{}"])
        try await fuzzer.run { bytes in
            var ends: [Int32] = [0, 0]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return "no sockets" }
            let channel = Channel(descriptor: ends[1])
            _ = Glibc.send(ends[0], bytes, bytes.count, Int32(MSG_NOSIGNAL))
            close(ends[0])
            return withExtendedLifetime(channel) { Self.problem(channel, bytes) }
        }
    }

    private static func problem(_ channel: Channel, _ bytes: [UInt8]) -> String? {
        var taken = 0
        do {
            while let frame = try channel.receive(longest: Channel.longestFromScript) {
                let header = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: frame.count >> $0) }
                guard !frame.isEmpty, bytes[taken...].starts(with: header + frame) else { return "a frame that was not sent" }
                taken += 4 + frame.count
            }
            return taken == bytes.count ? nil : "\(bytes.count - taken) bytes were lost in silence"
        } catch {
            return taken < bytes.count ? nil : "an error after the last frame: \(error)"
        }
    }
}
