#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Walks through DER, the encoding of certificates (ITU-T X.690), as far as names in them need it.
struct DERReader {
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>
        var elements: DERReader { DERReader(content) }
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next element; nil at the end, and when what follows is none.
    mutating func next() -> Element? {
        guard rest.count >= 2, let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first & 0x80 != 0 {
            let count = Int(first & 0x7F)
            guard (1...4).contains(count), rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return Element(tag: tag, content: rest.prefix(length))
    }

    /// The next element when it has this tag.
    mutating func next(_ tag: UInt8) -> Element? { next().flatMap { $0.tag == tag ? $0 : nil } }
}

/// The names and dates in a certificate (RFC 5280, section 4.1). It is read here, since what a server shows may be anything.
struct CertificateNames {
    let issuer: String
    let subject: String
    let isSelfIssued: Bool
    let validFrom: Date
    let validUntil: Date

    private static let sequence: UInt8 = 0x30
    private static let commonName: [UInt8] = [0x55, 0x04, 0x03]
    private static let organization: [UInt8] = [0x55, 0x04, 0x0A]

    /// - Returns: nil when it is no certificate.
    init?(der: [UInt8]) {
        var outer = DERReader(der[...])
        var certificate = outer.next(Self.sequence)?.elements
        guard var body = certificate?.next(Self.sequence)?.elements, var element = body.next() else { return nil }
        // The version stands first, except in version 1; serial number and algorithm follow.
        if element.tag == 0xA0 {
            guard let serial = body.next() else { return nil }
            element = serial
        }
        guard body.next(Self.sequence) != nil, let issuer = body.next(Self.sequence),
            var validity = body.next(Self.sequence)?.elements, let from = validity.next().flatMap(Self.time),
            let until = validity.next().flatMap(Self.time), let subject = body.next(Self.sequence)
        else { return nil }
        (validFrom, validUntil) = (from, until)
        (self.issuer, self.subject) = (Self.shown(issuer), Self.shown(subject))
        isSelfIssued = issuer.content == subject.content
    }

    /// `YYMMDDHHMMSSZ`, for years from 1950 on, or `YYYYMMDDHHMMSSZ`.
    private static func time(_ element: DERReader.Element) -> Date? {
        let digits = element.content.dropLast()
        guard element.content.last == UInt8(ascii: "Z"), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.count == (element.tag == 0x17 ? 12 : element.tag == 0x18 ? 14 : -1)
        else { return nil }
        let number = digits.map { Int($0) - 0x30 }
        let tail = stride(from: number.count - 10, to: number.count, by: 2).map { number[$0] * 10 + number[$0 + 1] }
        let short = number[0] * 10 + number[1]
        let year = element.tag == 0x18 ? short * 100 + number[2] * 10 + number[3] : short < 50 ? 2_000 + short : 1_900 + short
        guard (1...12).contains(tail[0]), (1...31).contains(tail[1]) else { return nil }
        return HTTPDate.instant(year: year, month: tail[0], day: tail[1], seconds: (tail[2] * 60 + tail[3]) * 60 + tail[4])
    }

    /// The common name, else the organization.
    private static func shown(_ name: DERReader.Element) -> String {
        var found: [[UInt8]: String] = [:]
        var sets = name.elements
        while let set = sets.next() {
            var pairs = set.elements
            while let pair = pairs.next() {
                var parts = pair.elements
                guard let kind = parts.next(), let value = parts.next() else { continue }
                found[Array(kind.content)] = String(decoding: value.content, as: UTF8.self).printableLine
            }
        }
        let name = found[commonName] ?? found[organization] ?? ""
        return name.isEmpty ? "without a name" : String(name.prefix(100))
    }
}
