internal import NIOCore
internal import NIOHTTP1

/// Requests that are not encrypted go to an HTTP proxy as they are, with the whole URL in their first line (RFC 9112, section
/// 3.2.2): many proxies let nothing but encrypted connections through by `CONNECT`.
enum ForwardedRequest {
    /// Carries scheme, host and port from the request to the connection; it never leaves.
    static let originHeader = "X-Forwarded-Origin"

    /// The URL by which the proxy is reached in the place of `url`, with the same path and query.
    static func url(_ url: String, through proxy: ProxyAddress) -> String {
        let rest = url.drop { $0 != "/" }.dropFirst(2).drop { !"/?#".contains($0) }.prefix { $0 != "#" }
        return "http://\(proxy.host):\(proxy.port)" + (rest.hasPrefix("/") ? "" : "/") + rest
    }

    /// Scheme, host and, unless it is the usual one, port.
    static func authority(_ address: WebAddress) -> String { address.port == 80 ? address.host : "\(address.host):\(address.port)" }

    /// For a new connection to a proxy.
    static func install(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let encoder = try channel.pipeline.syncOperations.handler(type: HTTPRequestEncoder.self)
            try channel.pipeline.syncOperations.addHandler(Handler(), position: .after(encoder))
        }
    }

    private final class Handler: ChannelOutboundHandler {
        typealias OutboundIn = HTTPClientRequestPart
        typealias OutboundOut = HTTPClientRequestPart

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            guard case .head(var head) = Self.unwrapOutboundIn(data), let origin = head.headers.first(name: originHeader) else {
                return context.write(data, promise: promise)
            }
            head.headers.remove(name: originHeader)
            head.uri = origin + head.uri
            context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
        }
    }
}
