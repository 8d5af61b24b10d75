internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Lets a request leave only to a server whose certificate names the request's host. That the certificate is believed, NIOSSL has
/// seen to by then; its own comparison of names takes the address of the connection's other end, a proxy's too, for the host's.
enum CertificateCheck {
    /// The certificate does not name the host.
    struct Mismatch: Error {}

    /// Carries the host from the request to the connection; it never leaves.
    static let hostHeader = "X-Certificate-Host"

    /// For a new encrypted connection whose handshake is over.
    static func install(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
            let certificate = try pipeline.handler(type: NIOSSLClientHandler.self).peerCertificate
            try pipeline.addHandler(Handler(certificate), position: .after(encoder))
        }
    }

    private final class Handler: ChannelOutboundHandler {
        typealias OutboundIn = HTTPClientRequestPart
        typealias OutboundOut = HTTPClientRequestPart

        private let certificate: NIOSSLCertificate?
        private var isRefused = false
        /// The host that has been found in the certificate last.
        private var named: String?

        init(_ certificate: NIOSSLCertificate?) { self.certificate = certificate }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if !isRefused, case .head(var head) = Self.unwrapOutboundIn(data) {
                guard isNamed(head.headers.first(name: hostHeader)) else {
                    isRefused = true
                    // The request fails with the first error that it hears of.
                    context.fireErrorCaught(Mismatch())
                    context.close(promise: nil)
                    promise?.fail(Mismatch())
                    return
                }
                head.headers.remove(name: hostHeader)
                return context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
            }
            guard !isRefused else {
                promise?.fail(Mismatch())
                return
            }
            context.write(data, promise: promise)
        }

        private func isNamed(_ host: String?) -> Bool {
            guard let host, let certificate else { return false }
            if named != host, CertificateHost(host).isNamed(by: certificate) { named = host }
            return named == host
        }
    }
}
