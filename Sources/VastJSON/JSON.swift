#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A value inside a ``JSONDocument``: a place on its tape, as cheap to copy as a reference.
public struct JSON: Sendable {
    /// The document that this value is a part of.
    public let document: JSONDocument
    let index: Int

    /// What a JSON value is. Integers and floating-point numbers differ by how they are written.
    public enum Kind: Sendable {
        case null, bool, integer, double, string, array, object
    }

    init(document: JSONDocument, index: Int) {
        self.document = document
        self.index = index
    }

    var word: UInt64 { document.words[index] }
    var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

    /// What this value is.
    public var kind: Kind {
        switch tag {
        case Tag.true, Tag.false: .bool
        case Tag.signed, Tag.unsigned: .integer
        case Tag.double: .double
        case Tag.string: .string
        case Tag.array: .array
        case Tag.object: .object
        default: .null
        }
    }

    /// Whether this value is `null`.
    public var isNull: Bool { tag == Tag.null }

    /// The value of `true` or `false`, nil for anything else.
    public var bool: Bool? {
        switch tag {
        case Tag.true: true
        case Tag.false: false
        default: nil
        }
    }

    /// The value of a number that is written as an integer and fits, nil for anything else.
    public var int64: Int64? {
        switch tag {
        case Tag.signed: Int64(bitPattern: document.words[index + 1])
        case Tag.unsigned: Int64(exactly: document.words[index + 1])
        default: nil
        }
    }

    /// The value of a number that is written as an integer from zero up, nil for anything else.
    public var uint64: UInt64? {
        switch tag {
        case Tag.unsigned: document.words[index + 1]
        case Tag.signed: UInt64(exactly: Int64(bitPattern: document.words[index + 1]))
        default: nil
        }
    }

    /// The value of any number, nil for anything else. Integers beyond 2^53 are rounded.
    public var double: Double? {
        switch tag {
        case Tag.double: Double(bitPattern: document.words[index + 1])
        case Tag.signed: Double(Int64(bitPattern: document.words[index + 1]))
        case Tag.unsigned: Double(document.words[index + 1])
        default: nil
        }
    }

    /// The value of an integer however it is written (`24576`, `24576.0`), nil for anything else.
    public var integral: Int64? {
        if let int64 { return int64 }
        guard tag == Tag.double, let double else { return nil }
        return Int64(exactly: double)
    }

    /// A copy of the text of a string, nil for anything else.
    public var string: String? {
        guard let utf8 else { return nil }
        return withExtendedLifetime(document) { String(decoding: utf8, as: UTF8.self) }
    }

    /// Calls `body` with the UTF-8 text of a string, which may contain zeros and is followed by one; the buffer is
    /// valid during the call only. Returns nil, without a call, for anything else.
    public func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result? {
        guard let utf8 else { return nil }
        return try withExtendedLifetime(document) { try body(utf8) }
    }

    var utf8: UnsafeBufferPointer<UInt8>? {
        guard tag == Tag.string else { return nil }
        return document.text(at: index)
    }
}

/// The type characters of simdjson's tape.
enum Tag {
    static let null = UInt8(ascii: "n")
    static let `true` = UInt8(ascii: "t")
    static let `false` = UInt8(ascii: "f")
    static let signed = UInt8(ascii: "l")
    static let unsigned = UInt8(ascii: "u")
    static let double = UInt8(ascii: "d")
    static let string = UInt8(ascii: "\"")
    static let array = UInt8(ascii: "[")
    static let object = UInt8(ascii: "{")
}

extension JSONDocument {
    /// The text of the string at a place of the tape.
    func text(at index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = UnsafeRawPointer(strings + Int(words[index] & 0x00FF_FFFF_FFFF_FFFF))
        let count = Int(start.loadUnaligned(as: UInt32.self))
        return UnsafeBufferPointer(start: (start + 4).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// The place of the value that follows the one at `index`.
    func place(after index: Int) -> Int {
        let word = words[index]
        switch UInt8(truncatingIfNeeded: word >> 56) {
        case Tag.signed, Tag.unsigned, Tag.double: return index + 2
        case Tag.array, Tag.object: return Int(word & 0xFFFF_FFFF)
        default: return index + 1
        }
    }

    /// The place of the value of the member of that name, between two places; nil when there is none.
    ///
    /// Rules read twenty fields out of ninety of every row, so that this is where a listing's time goes: lengths and
    /// last bytes, which differ more often than first ones, are compared before the rest.
    func place(ofMember name: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int? {
        guard let wanted = name.baseAddress, name.count > 0 else { return placeOfNamelessMember(from: start, to: end) }
        let (words, strings) = (words, strings)
        let length = UInt32(truncatingIfNeeded: name.count)
        let last = wanted[name.count - 1]
        var place = start
        while place < end {
            let text = UnsafeRawPointer(strings + Int(words[place] & 0x00FF_FFFF_FFFF_FFFF))
            if text.loadUnaligned(as: UInt32.self) == length,
                text.load(fromByteOffset: 3 + name.count, as: UInt8.self) == last,
                memcmp(text + 4, wanted, name.count) == 0
            {
                return place + 1
            }
            let word = words[place + 1]
            switch UInt8(truncatingIfNeeded: word >> 56) {
            case Tag.string, Tag.null, Tag.true, Tag.false: place += 2
            case Tag.array, Tag.object: place = Int(word & 0xFFFF_FFFF)
            default: place += 3
            }
        }
        return nil
    }

    private func placeOfNamelessMember(from start: Int, to end: Int) -> Int? {
        var place = start
        while place < end {
            if text(at: place).isEmpty { return place + 1 }
            place = self.place(after: place + 1)
        }
        return nil
    }
}
