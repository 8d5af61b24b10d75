import Foundation

/// A certificate with any names, by itself and for the one key of all servers. Its signature is none, which nobody looks at: an
/// authority's own is not checked where the authority is believed.
package struct MadeCertificate: Sendable {
    /// A name in the extension for names (RFC 5280, section 4.2.1.6).
    package enum Name: Sendable, Hashable {
        case dns(String)
        /// 4 or 16 bytes in those that are right.
        case address([UInt8])
        case mail(String)
    }

    package let pem: String

    /// - Parameters:
    ///   - names: without any, the extension is left out.
    ///   - commonName: of the subject.
    package init(_ names: [Name], commonName: String) {
        let body = Self.sequence(
            Self.element(0xA0, [2, 1, 2]), [2, 1, 77], Self.algorithm, Self.name(commonName), Self.validity, Self.name(commonName),
            Self.publicKey, Self.element(0xA3, Self.sequence(Self.isNoAuthority, names.isEmpty ? [] : Self.extension(names))))
        let certificate = Self.sequence(body, Self.algorithm, Self.element(3, [0] + Self.sequence([2, 1, 1], [2, 1, 1])))
        let lines = Data(certificate).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        pem = "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----"
    }

    /// ECDSA with SHA-256.
    private static let algorithm: [UInt8] = [0x30, 0x0A, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]
    private static let isNoAuthority: [UInt8] = [0x30, 0x0C, 6, 3, 0x55, 0x1D, 0x13, 1, 1, 0xFF, 4, 2, 0x30, 0]
    private static let validity = sequence(element(0x18, Array("20200101000000Z".utf8)), element(0x18, Array("21200101000000Z".utf8)))

    /// That of the others.
    private static let publicKey: [UInt8] = {
        let lines = TestCertificate.selfSigned.pem.split(separator: "\n").filter { !$0.hasPrefix("-") }
        let whole = Array(Data(base64Encoded: lines.joined()) ?? Data())
        let head: [UInt8] = [0x30, 0x59, 0x30, 0x13]
        let start = whole.indices.first { whole[$0...].starts(with: head) } ?? 0
        return Array(whole[start...].prefix(0x5B))
    }()

    private static func `extension`(_ names: [Name]) -> [UInt8] {
        let contents = names.flatMap { name in
            switch name {
            case .dns(let text): element(0x82, Array(text.utf8))
            case .address(let bytes): element(0x87, bytes)
            case .mail(let text): element(0x81, Array(text.utf8))
            }
        }
        return sequence([6, 3, 0x55, 0x1D, 0x11], element(4, sequence(contents)))
    }

    private static func name(_ text: String) -> [UInt8] {
        sequence(element(0x31, sequence([6, 3, 0x55, 4, 3], element(0x0C, Array(text.utf8)))))
    }

    private static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap(\.self)) }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag] + length(content.count) + content }

    /// In as few bytes as it takes (X.690, section 10.1).
    private static func length(_ count: Int) -> [UInt8] {
        switch count {
        case ..<0x80: [UInt8(count)]
        case ..<0x100: [0x81, UInt8(count)]
        default: [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
        }
    }
}
