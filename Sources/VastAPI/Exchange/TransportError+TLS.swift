internal import NIOSSL

extension TransportError {
    static func concernsHost(_ error: NIOSSLExtraError) -> Bool {
        error == .failedToValidateHostname || error == .invalidSNIHostname || error == .cannotUseIPAddressInSNI
            || error == .serverHostnameImpossibleToMatch
    }

    /// Only what keeps the handshake from ending keeps the request from leaving; later an answer may be lost.
    init(_ error: NIOSSLError) {
        switch error {
        case .handshakeFailed(let cause): self.init(handshake: "\(cause)")
        case .failedToLoadCertificate, .noSuchFilesystemObject, .unableToValidateCertificate, .noCertificateToValidate, .cannotFindPeerIP,
            .cannotMatchULabel:
            self.init(.insecure, wasNotSent: true, detail: "no secure connection: \(error)")
        default: self.init(.broken, detail: "the encrypted connection broke before the answer was complete")
        }
    }

    /// In TLS 1.3 a client's handshake is over before the server has judged what the client shows.
    init(afterHandshake error: BoringSSLError) {
        let reason = Self.reason("\(error)")
        guard let reason, Self.wantsClientCertificate(reason) else {
            let words = reason.map { " (\(Self.words($0)))" } ?? ""
            self.init(.broken, detail: "the encrypted connection broke before the answer was complete\(words)")
            return
        }
        // A server ends its handshake with this alert, and reads no request before the end of it. Others may be sent at any time.
        self.init(
            .insecure, wasNotSent: reason.hasSuffix("_CERTIFICATE_REQUIRED"), detail: "no secure connection: \(Self.clientCertificate)")
    }

    private init(handshake cause: String) {
        switch Self.reason(cause) {
        case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNEXPECTED_MESSAGE":
            self.init(.insecure, wasNotSent: true, detail: "no secure connection: what answers there does not speak TLS")
        case let reason? where Self.wantsClientCertificate(reason):
            self.init(.insecure, wasNotSent: true, detail: "no secure connection: \(Self.clientCertificate)")
        case "SSLV3_ALERT_HANDSHAKE_FAILURE":
            self.init(
                .insecure, wasNotSent: true,
                detail: "no secure connection: the server has no encryption in common with vast-lua, or wants a certificate from its "
                    + "clients, which vast-lua cannot show")
        case let reason?:
            self.init(.insecure, wasNotSent: true, detail: "no secure connection: \(Self.words(reason))")
        case nil:
            // The connection ended before a word was said; that is the network's doing and may be over soon.
            self.init(.notConnected, wasNotSent: true, detail: "the connection ended before it was encrypted")
        }
    }

    private static let clientCertificate =
        "the server, or a proxy that answers in its place, wants a certificate from its clients, which vast-lua cannot show; "
        + "is it the right address?"

    /// BoringSSL's name of what went wrong, such as `TLSV1_ALERT_CERTIFICATE_REQUIRED`.
    private static func reason(_ cause: String) -> String? {
        cause.firstRange(of: "OPENSSL_internal:").map {
            String(cause[$0.upperBound...].prefix { $0 == "_" || $0.isLetter || $0.isNumber })
        }
    }

    private static func words(_ reason: String) -> String { reason.lowercased().replacing("_", with: " ") }

    /// Whether a server's alert is about the certificate of its client (RFC 8446, section 6.2): vast-lua shows none.
    private static func wantsClientCertificate(_ reason: String) -> Bool {
        guard let alert = reason.firstRange(of: "_ALERT_") else { return false }
        return [
            "CERTIFICATE_REQUIRED", "NO_CERTIFICATE", "BAD_CERTIFICATE", "UNSUPPORTED_CERTIFICATE", "CERTIFICATE_UNKNOWN", "UNKNOWN_CA"
        ].contains(String(reason[alert.upperBound...]))
    }
}
