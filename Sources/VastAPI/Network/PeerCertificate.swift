internal import AsyncHTTPClient
internal import NIOCore
internal import NIOSSL

/// Reads the certificate that a server shows, believing nothing and sending nothing: the connection is closed as soon as the
/// handshake is over.
enum PeerCertificate {
    private struct Shown: Error {
        let certificate: NIOSSLCertificate?
    }

    /// - Parameter configuration: how the server is reached.
    /// - Returns: nil when it shows none.
    static func read(
        _ address: WebAddress, _ configuration: HTTPClient.Configuration, within limit: TimeAmount
    ) async -> CertificateFacts? {
        var configuration = configuration
        var encryption = TLSConfiguration.makeClientConfiguration()
        encryption.certificateVerification = .none
        configuration.tlsConfiguration = encryption
        configuration.http1_1ConnectionDebugInitializer = { channel in
            // An error here keeps every request from being written.
            channel.nioSSL_peerCertificate().flatMapThrowing { throw Shown(certificate: $0) }
                .always { _ in channel.eventLoop.execute { channel.close(promise: nil) } }
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var facts: CertificateFacts?
        do {
            _ = try await client.execute(
                HTTPClientRequest(url: "https://\(address.host):\(address.port)/"), timeout: limit)
        } catch let shown as Shown {
            facts = shown.certificate.flatMap(Self.facts)
        } catch {}
        try? await client.shutdown()
        return facts
    }

    private static func facts(_ certificate: NIOSSLCertificate) -> CertificateFacts? {
        guard let bytes = try? certificate.toDERBytes(), let names = CertificateNames(der: bytes) else { return nil }
        return CertificateFacts(
            issuer: names.issuer, subject: names.subject, isSelfIssued: names.isSelfIssued,
            validFrom: names.validFrom, validUntil: names.validUntil, hosts: hosts(certificate))
    }

    private static func hosts(_ certificate: NIOSSLCertificate) -> [String] {
        certificate._subjectAlternativeNames().compactMap { name in
            switch name.nameType {
            case .dnsName: String(decoding: name.contents, as: UTF8.self).printableLine
            case .ipAddress: address(Array(name.contents))
            default: nil
            }
        }
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        try? NIOCore.SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0).ipAddress
    }
}
