internal import NIOCore
internal import NIOSSL

/// Compares the address that a request is for with those that the server's certificate names. NIOSSL compares the address that
/// the connection goes to, which behind a proxy is the proxy's.
enum CertificateAddress {
    /// The certificate does not name the address.
    struct Mismatch: Error {}

    /// For a new connection whose certificate is believed: an error here keeps every request from being written.
    static func check(_ address: IPAddress) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
        { channel in
            channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
                guard let certificate, names(address, certificate) else { throw Mismatch() }
            }.flatMapErrorThrowing { error in
                channel.close(promise: nil)
                throw error
            }
        }
    }

    private static func names(_ address: IPAddress, _ certificate: NIOSSLCertificate) -> Bool {
        certificate._subjectAlternativeNames().contains { $0.nameType == .ipAddress && Array($0.contents) == address.bytes }
    }
}
