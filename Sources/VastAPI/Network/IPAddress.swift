#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An address of IPv4 or IPv6, as its 4 or 16 bytes.
struct IPAddress: Hashable, Sendable {
    let bytes: [UInt8]

    /// - Parameter text: `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`.
    /// - Returns: nil when it is no address.
    init?(_ text: some StringProtocol) {
        var text = String(text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        guard !text.utf8.contains(0) else { return nil }
        let family = text.contains(":") ? AF_INET6 : AF_INET
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        guard inet_pton(family, text, &bytes) == 1 else { return nil }
        self.bytes = bytes
    }

    /// Whether the first `bits` bits are those of `network`.
    func isIn(_ network: IPAddress, bits: Int) -> Bool {
        guard bytes.count == network.bytes.count, (0...bytes.count * 8).contains(bits) else { return false }
        let (whole, rest) = (bits / 8, bits % 8)
        guard bytes.prefix(whole) == network.bytes.prefix(whole) else { return false }
        return rest == 0 || (bytes[whole] ^ network.bytes[whole]) >> (8 - rest) == 0
    }

    /// Whether it is of this machine: 127.0.0.0/8, ::1, and 0.0.0.0 and ::, which lead here too; those of IPv4 also inside IPv6.
    var isLoopback: Bool {
        let isMapped = bytes.count == 16 && bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let four = bytes.count == 4 ? bytes : isMapped ? Array(bytes.suffix(4)) : nil
        if let four { return four[0] == 127 || four == [0, 0, 0, 0] }
        return bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] <= 1
    }
}
