internal import AsyncHTTPClient
#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Why encryption did not come about: the certificate that the server has shown is not believed.
enum CertificateRejection {
    /// Nobody who is believed stands for it, or not now.
    case chain
    /// It is for other hosts.
    case host

    /// - Returns: nil for every other error.
    init?(_ error: any Error) {
        switch error {
        case is CertificateCheck.Mismatch: self = .host
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate: self = .chain
        case NIOSSLError.handshakeFailed(let cause) where "\(cause)".contains("CERTIFICATE_VERIFY_FAILED"): self = .chain
        case let error as NIOConnectionError:
            guard let inner = error.connectionErrors.lazy.compactMap({ CertificateRejection($0.error) }).first else { return nil }
            self = inner
        default: return nil
        }
    }
}

extension TransportError {
    /// What an error of AsyncHTTPClient or NIO means for us.
    ///
    /// - Parameter proxy: what the request was to go through.
    init(_ error: any Error, proxy: ProxyAddress? = nil) {
        switch error {
        case let error as HTTPClientError: self.init(error, proxy)
        case is NIOTooManyBytesError: self.init(.tooLarge, detail: "the answer is larger than allowed")
        case let error as NIOConnectionError: self.init(error, proxy)
        case let error as IOError where error.errnoCode == 111 || error.errnoCode == 61:
            // Where there is a proxy, the connection goes to it.
            self.init(
                .notConnected, wasNotSent: true, detail: proxy.map { "no connection to \($0.shown): refused" } ?? "connection refused")
            concernsProxy = proxy != nil
        case let error as IOError:
            self.init(.broken, detail: "the connection\(Self.way(proxy)) broke: \(String(cString: strerror(error.errnoCode)))")
        case is HTTPParserError: self.init(.garbled, detail: "the answer\(Self.way(proxy)) is not HTTP")
        case let error as ChannelError: self.init(error)
        case let error as NIOSSLError: self.init(error)
        case let error as BoringSSLError: self.init(afterHandshake: error)
        case let error as NIOSSLExtraError where Self.concernsHost(error):
            self.init(.insecure, wasNotSent: true, detail: "no secure connection: \(error)")
        default: self.init(unfamiliar: error, proxy)
        }
    }

    /// By which way something came.
    private static func way(_ proxy: ProxyAddress?) -> String { proxy.map { " by way of \($0.shown)" } ?? "" }

    private init(_ error: HTTPClientError, _ proxy: ProxyAddress?) {
        let name = proxy?.shown ?? "the proxy"
        switch error {
        case .connectTimeout:
            self.init(.notConnected, wasNotSent: true, detail: "the connection was not made in time")
        case .proxyAuthenticationRequired:
            let advice =
                proxy?.credentials == nil
                ? "wants a user and a password; write them as http://USER:PASSWORD@HOST:PORT" : "does not accept the user and password"
            self.init(.misconfigured, wasNotSent: true, detail: "\(name) \(advice)")
        case .invalidProxyResponse:
            self.init(.notConnected, wasNotSent: true, detail: "\(name) does not connect us (it refused CONNECT)")
            concernsProxy = true
        case .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            self.init(.notConnected, wasNotSent: true, detail: "\(name) did not connect us in time")
            concernsProxy = true
        case .getConnectionFromPoolTimeout, .tlsHandshakeTimeout:
            self.init(.notConnected, wasNotSent: true, detail: "\(error.shortDescription)")
        case .invalidURL, .emptyHost, .emptyScheme, .unsupportedScheme("http"), .unsupportedScheme("https"):
            self.init(.unknownHost, wasNotSent: true, detail: "\(error.shortDescription)")
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            self.init(.timedOut, detail: "no answer in time")
        case .remoteConnectionClosed:
            self.init(.broken, detail: "the connection\(Self.way(proxy)) was closed before the answer was complete")
        default: self.init(.broken, detail: "\(error.shortDescription)")
        }
    }

    private init(_ error: NIOConnectionError, _ proxy: ProxyAddress?) {
        let isProxy = proxy.map { $0.port == error.port && $0.host.contains(error.host.lowercased()) } ?? false
        if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
            self.init(.unknownHost, wasNotSent: true, detail: "the host '\(error.host)'\(isProxy ? " of the proxy" : "") is not known")
        } else {
            let cause = error.connectionErrors.first?.error
            let system = (cause as? IOError).map { String(cString: strerror($0.errnoCode)) }
            let reason = system ?? cause.map { "\($0)" } ?? "no address"
            let place = isProxy ? proxy?.shown ?? "" : "\(error.host):\(error.port)"
            self.init(.notConnected, wasNotSent: true, detail: "no connection to \(place): \(reason)")
        }
        concernsProxy = isProxy
    }

    private init(_ error: ChannelError) {
        switch error {
        case .connectTimeout: self.init(.notConnected, wasNotSent: true, detail: "the connection was not made in time")
        default: self.init(.broken, detail: "\(error)")
        }
    }

    // These errors are of modules that this target does not depend on.
    private init(unfamiliar error: any Error, _ proxy: ProxyAddress?) {
        let type = String(reflecting: Swift.type(of: error))
        if type.hasPrefix("NIOHTTPCompression"), "\(error)" == "limit" {
            self.init(.tooLarge, detail: "the answer is larger than allowed when it is unpacked")
        } else if type.hasPrefix("NIOHTTPCompression") {
            self.init(.garbled, detail: "the answer cannot be unpacked")
        } else if type.hasPrefix("NIOSOCKS") {
            self.init(.notConnected, wasNotSent: true, detail: "\(proxy?.shown ?? "the proxy") does not connect us: \(error)")
            concernsProxy = true
        } else if type.hasSuffix("NoResult") {
            // The way was open, or said to be, and ended before anything could be sent on it.
            let how = proxy.map { "\($0.shown) has connected us to something that is not the service, or has closed the connection" }
            self.init(
                .notConnected, wasNotSent: true,
                detail: "no secure connection: \(how ?? "what answers speaks no TLS, or has closed the connection")")
            concernsProxy = proxy != nil
        } else if type.contains("SocketAddressError") || type.contains("Resolver") {
            self.init(.unknownHost, wasNotSent: true, detail: "the host is not known: \(error)")
        } else {
            self.init(.broken, detail: "\(error)")
        }
    }
}
