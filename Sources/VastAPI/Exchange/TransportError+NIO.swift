internal import AsyncHTTPClient
#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

extension TransportError {
    /// What an error of AsyncHTTPClient or NIO means for us.
    init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError: self.init(error)
        case is NIOTooManyBytesError: self.init(.tooLarge, detail: "the answer is larger than allowed")
        case let error as NIOConnectionError: self.init(error)
        case let error as IOError where error.errnoCode == 111 || error.errnoCode == 61:
            self.init(.notConnected, wasNotSent: true, detail: "connection refused")
        case let error as IOError: self.init(.broken, detail: "the connection broke: \(String(cString: strerror(error.errnoCode)))")
        case is HTTPParserError: self.init(.garbled, detail: "the answer is not HTTP")
        case let error as ChannelError: self.init(error)
        default: self.init(unfamiliar: error)
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .connectTimeout:
            self.init(.notConnected, wasNotSent: true, detail: "the connection was not made in time")
        case .getConnectionFromPoolTimeout, .tlsHandshakeTimeout, .socksHandshakeTimeout, .httpProxyHandshakeTimeout:
            self.init(.notConnected, wasNotSent: true, detail: "\(error.shortDescription)")
        case .invalidURL, .emptyHost, .emptyScheme, .unsupportedScheme("http"), .unsupportedScheme("https"):
            self.init(.unknownHost, wasNotSent: true, detail: "\(error.shortDescription)")
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            self.init(.timedOut, detail: "no answer in time")
        case .remoteConnectionClosed:
            self.init(.broken, detail: "the connection was closed before the answer was complete")
        default: self.init(.broken, detail: "\(error.shortDescription)")
        }
    }

    private init(_ error: NIOConnectionError) {
        if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
            self.init(.unknownHost, wasNotSent: true, detail: "the host '\(error.host)' is not known")
        } else {
            let reason = error.connectionErrors.first.map { "\($0.error)" } ?? "no address"
            self.init(.notConnected, wasNotSent: true, detail: "no connection to \(error.host):\(error.port): \(reason)")
        }
    }

    private init(_ error: ChannelError) {
        switch error {
        case .connectTimeout: self.init(.notConnected, wasNotSent: true, detail: "the connection was not made in time")
        default: self.init(.broken, detail: "\(error)")
        }
    }

    // The errors of NIOSSL and of the DNS resolver are of modules that this target does not depend on.
    private init(unfamiliar error: any Error) {
        let type = String(reflecting: Swift.type(of: error))
        if type.hasPrefix("NIOSSL") {
            self.init(.insecure, wasNotSent: true, detail: "no secure connection: \(error)")
        } else if type.contains("SocketAddressError") || type.contains("Resolver") {
            self.init(.unknownHost, wasNotSent: true, detail: "the host is not known: \(error)")
        } else {
            self.init(.broken, detail: "\(error)")
        }
    }
}
