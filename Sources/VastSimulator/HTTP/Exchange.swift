import FleetClock
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One request over HTTP, and the way in which its answer travels.
struct Exchange {
    /// The connection was ended on purpose.
    private struct Ended: Error {}

    /// The largest request body that is read.
    private static let bodyLimit = 16 << 20

    private let request: Request
    private let channel: any Channel
    private let clock: any FleetClock

    init(_ request: Request, channel: any Channel, clock: any FleetClock) {
        self.request = request
        self.channel = channel
        self.clock = clock
    }

    func answer(with service: SimulatedService, _ writer: consuming ResponseWriter) async throws {
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        let answer = service.respond(
            to: SimulatedRequest(
                request.method.rawValue, request.head.path ?? "/", authorization: request.headers[.authorization],
                body: Array(body.readableBytesView), peer: channel.remoteAddress?.ipAddress ?? "unknown"))
        switch answer.delivery {
        case .whole: try await writer.write(response: head(answer), body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        case .delayed(let seconds):
            try await clock.sleep(for: .seconds(seconds))
            try await writer.write(response: head(answer), body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        case .reset: try await reset()
        case .stall(let seconds):
            try await clock.sleep(for: .seconds(seconds ?? 86_400))
            try await end()
        case .truncated(let count):
            let part = try await writer.writeHead(head(answer))
            try await Self.write(answer.body.prefix(count), to: part)
            try await end()
        case .garbage: try await writeGarbage()
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to writer: some ResponseBodyWriter) async throws {
        var writer = writer
        try await writer.write(ByteBuffer(bytes: bytes))
    }

    private func head(_ answer: SimulatedResponse) -> HTTPResponse {
        var fields = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        fields[.contentLength] = String(answer.body.count)
        fields[.server] = "nginx"
        return HTTPResponse(status: .init(code: answer.status), headerFields: fields)
    }

    /// Closes so that the other side sees a reset rather than an end.
    private func reset() async throws {
        if let socket = channel as? any SocketOptionProvider {
            try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try await end()
    }

    private func end() async throws {
        try? await channel.close()
        throw Ended()
    }

    /// Past the encoder, straight to the socket.
    private func writeGarbage() async throws {
        let pipeline = channel.pipeline
        let noise = ByteBuffer(string: "\u{1}\u{16}\u{3}garbage, not HTTP\r\n\r\n")
        try await channel.eventLoop.flatSubmit {
            pipeline.context(handlerType: HTTPResponseEncoder.self).flatMap { $0.writeAndFlush(NIOAny(noise)) }
        }.get()
        try await end()
    }
}
