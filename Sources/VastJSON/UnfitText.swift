/// Text that is no Unicode, of which one label would make a whole text unreadable: bytes that are no UTF-8, and escapes of half
/// a surrogate pair, as they come about where a program cuts a text in an emoji.
enum UnfitText {
    private static let replacementCharacter = Array("\\ufffd".utf8)

    /// A string with its quotation marks and U+FFFD for what is no Unicode; nil: the string itself.
    static func replacement(for string: [UInt8]) -> [UInt8]? {
        let decoded = Array(String(decoding: string, as: UTF8.self).utf8)
        let paired = withoutHalves(decoded)
        return paired == string ? nil : paired
    }

    private static func withoutHalves(_ string: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position < string.count {
            let length = length(at: position, in: string)
            if length == 6, let unit = escapedUnit(at: position, in: string), UTF16.isSurrogate(unit) {
                result += replacementCharacter
            } else {
                result += string[position..<min(position + length, string.count)]
            }
            position += length
        }
        return result
    }

    /// How many bytes belong together: a pair of surrogates, an escape, or one byte.
    private static func length(at position: Int, in string: [UInt8]) -> Int {
        guard string[position] == UInt8(ascii: "\\") else { return 1 }
        guard let unit = escapedUnit(at: position, in: string) else { return 2 }
        let isPair =
            UTF16.isLeadSurrogate(unit) && escapedUnit(at: position + 6, in: string).map(UTF16.isTrailSurrogate) == true
        return isPair ? 12 : 6
    }

    /// The UTF-16 unit of an escape such as `\ud83d`.
    private static func escapedUnit(at position: Int, in string: [UInt8]) -> UInt16? {
        guard position + 6 <= string.count, string[position] == UInt8(ascii: "\\"), string[position + 1] == UInt8(ascii: "u")
        else { return nil }
        let digits = string[(position + 2)..<(position + 6)]
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
