internal import NIOSSL

/// Whom a certificate has to name: the host of a URL, and nothing else. A name is compared with names and an address with addresses
/// (RFC 9525, and as curl does); the other end of the connection, which may be a proxy, counts for nothing, and neither does the
/// certificate's subject.
enum CertificateHost: Hashable, Sendable {
    /// In small letters, without a dot at its end.
    case name([UInt8])
    case address(IPAddress)

    /// - Parameter host: an address of IPv6 may stand in brackets.
    init(_ host: String) {
        if let address = IPAddress(host) { self = .address(address) } else { self = .name(Self.compared(host.utf8)) }
    }

    func isNamed(by certificate: NIOSSLCertificate) -> Bool {
        certificate._subjectAlternativeNames().contains { name in
            switch name.nameType {
            case .dnsName: isNamed(byPattern: name.contents)
            case .ipAddress: isNamed(byAddress: name.contents)
            default: false
            }
        }
    }

    /// - Parameter pattern: a name of hosts, or one with `*` for its first label, of which at least two more are left: `*.com` is
    ///   everybody.
    func isNamed(byPattern pattern: some Collection<UInt8>) -> Bool {
        guard case .name(let host) = self, !host.isEmpty else { return false }
        let pattern = Self.compared(pattern)
        guard pattern.starts(with: [Self.star, Self.dot]) else { return pattern == host }
        let domain = pattern.dropFirst(2)
        guard domain.contains(Self.dot), let end = host.firstIndex(of: Self.dot), end > host.startIndex else { return false }
        return domain == host[(end + 1)...]
    }

    func isNamed(byAddress bytes: some Collection<UInt8>) -> Bool {
        guard case .address(let address) = self else { return false }
        return address.bytes.elementsEqual(bytes)
    }

    private static let dot = UInt8(ascii: ".")
    private static let star = UInt8(ascii: "*")

    /// Names of hosts know no capitals, and mean the same with a dot at their end.
    private static func compared(_ name: some Collection<UInt8>) -> [UInt8] {
        let small = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return small.last == dot ? small.dropLast() : small
    }
}
