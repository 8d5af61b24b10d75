/// Writes JSON text, piece by piece, into bytes. It is itself a ``JSONVisitor``, so a ``JSON`` is written back by
/// visiting it.
///
/// Names and values are written in the order of the calls; commas and colons are put in between. Balanced calls are
/// the caller's business. Characters that act on terminals are written as `\u` escapes, so that the text means the same to
/// programs and does nothing where it is shown.
public struct JSONWriter: JSONVisitor {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// - Parameter capacity: how many bytes are reserved; there may be more.
    public init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    public mutating func null() { word("null") }
    public mutating func bool(_ value: Bool) { word(value ? "true" : "false") }
    public mutating func integer(_ value: Int64) { text(String(value)) }
    public mutating func unsigned(_ value: UInt64) { text(String(value)) }

    /// Writes the shortest digits that read back as the same number; a whole number keeps its `.0`.
    ///
    /// - Throws: ``JSONError`` of kind `notFinite` for NaN and the infinities, which JSON cannot express.
    public mutating func double(_ value: Double) throws {
        guard value.isFinite else { throw JSONError(.notFinite, offset: nil, detail: "\(value) cannot be written as JSON") }
        text(value.description)
    }

    public mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        separate()
        quote(text)
        needsComma = true
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string($0) }
    }

    public mutating func beginArray(count: Int = 0) { open("[") }
    public mutating func endArray() { close("]") }
    public mutating func beginObject(count: Int = 0) { open("{") }
    public mutating func endObject() { close("}") }

    public mutating func name(_ text: UnsafeBufferPointer<UInt8>) {
        separate()
        quote(text)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes the name of the member whose value follows.
    public mutating func name(_ text: String) {
        var text = text
        text.withUTF8 { name($0) }
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func word(_ word: StaticString) {
        separate()
        bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        needsComma = true
    }

    private mutating func text(_ digits: String) {
        separate()
        bytes.append(contentsOf: digits.utf8)
        needsComma = true
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        // A plain loop: nearly all text needs no escape, and this is most of what writing takes.
        var (start, position) = (0, 0)
        while position < text.count {
            let byte = text[position]
            var length = 1
            if byte < 0x20 || byte == 0x22 || byte == 0x5C {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<position]))
                escape(byte)
                start = position + 1
            } else if byte >= 0x7F {
                let scalar = Self.scalar(text, at: position)
                length = scalar.length
                if let hidden = scalar.value, HiddenCharacter.contains(hidden) {
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<position]))
                    escape(hidden)
                    start = position + length
                }
            }
            position += length
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        bytes.append(UInt8(ascii: "\""))
    }

    /// The character that begins at a position, and how many bytes it has; no value where the bytes are no UTF-8.
    private static func scalar(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (value: Unicode.Scalar?, length: Int) {
        let byte = text[position]
        let length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
        guard length > 1 else { return (byte == 0x7F ? "\u{7F}" : nil, 1) }
        guard position + length <= text.count else { return (nil, 1) }
        var value = UInt32(byte & (0x7F >> UInt8(length)))
        for offset in 1..<length {
            guard text[position + offset] & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(text[position + offset] & 0x3F)
        }
        return (Unicode.Scalar(value), length)
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        let digits = Array("0123456789abcdef".utf8)
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
            bytes.append(contentsOf: "\\u".utf8)
            for shift in [12, 8, 4, 0] as [UInt16] { bytes.append(digits[Int(unit >> shift & 15)]) }
        }
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }
}
