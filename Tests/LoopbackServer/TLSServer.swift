import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that speaks TLS and answers each request with the same bytes. It counts connections and requests, so
/// that it shows what has left a client.
package final class TLSServer: Sendable {
    /// What it does after a request.
    package enum Ending: Sendable {
        case keep
        /// Closes as HTTP and TLS have it.
        case close
        /// Drops the connection without a word, with nothing answered.
        case drop
    }

    /// Whom it speaks with.
    package enum Clients: Sendable {
        case all
        /// Those that show a certificate.
        case certified
        /// The same, before TLS 1.3.
        case certifiedOfOld
    }

    private let channel: any Channel
    private let log: Log

    fileprivate final class Log: Sendable {
        let requests = Mutex<[String]>([])
        let connections = Mutex(0)
    }

    package convenience init(_ certificate: TestCertificate = .good, answer: String, ending: Ending = .keep, for clients: Clients = .all)
        async throws
    { try await self.init(pem: certificate.pem, answer: answer, ending: ending, for: clients) }

    /// - Parameter pem: a certificate for the key of every server.
    package init(pem: String, answer: String, ending: Ending = .keep, for clients: Clients = .all) async throws {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem))],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(TestCertificate.key.utf8), format: .pem)))
        if clients != .all {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates([
                try NIOSSLCertificate(bytes: Array(TestCertificate.authority.utf8), format: .pem)
            ])
        }
        if clients == .certifiedOfOld { configuration.maximumTLSVersion = .tlsv12 }
        let context = try NIOSSLContext(configuration: configuration)
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                log.connections.withLock { $0 += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.addHandler(Answering(answer, ending, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    package var port: Int { channel.localAddress?.port ?? 0 }
    package var requests: [String] { log.requests.withLock { $0 } }
    package var connections: Int { log.connections.withLock { $0 } }

    package func stop() async { try? await channel.close() }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: String
        private let ending: Ending
        private let log: Log
        private var text = ""

        init(_ answer: String, _ ending: Ending, _ log: Log) { (self.answer, self.ending, self.log) = (answer, ending, log) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = Self.unwrapInboundIn(data)
            text += String(decoding: buffer.readableBytesView, as: UTF8.self)
            guard text.contains("\r\n\r\n") else { return }
            log.requests.withLock { $0.append(text) }
            text = ""
            // Below the encryption nobody says goodbye.
            if case .drop = ending { return context.channel.pipeline.syncOperations.dropConnection(context) }
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            if case .close = ending { context.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

extension ChannelPipeline.SynchronousOperations {
    /// Ends the connection from below the TLS handler.
    fileprivate func dropConnection(_ context: ChannelHandlerContext) {
        guard let tls = try? self.context(handlerType: NIOSSLServerHandler.self) else { return }
        tls.close(mode: .all, promise: nil)
    }
}
