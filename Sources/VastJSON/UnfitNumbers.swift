/// Numbers that fit no type of ours, of which one would make a whole text unreadable.
enum UnfitNumbers {
    /// What stands for a word: with `e0` behind a whole number beyond 64 bits, so that it is read as a fraction, and `null` for a
    /// number beyond a `Double` and for `NaN`, `Infinity` and `-Infinity`, which some programs write; nil: the word itself.
    static func replacement(for word: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        let unsigned = word.first == UInt8(ascii: "-") ? word.dropFirst() : word
        guard let first = unsigned.first else { return nil }
        guard isDigit(first) else {
            let isNumber = unsigned.elementsEqual("Infinity".utf8) || word.elementsEqual("NaN".utf8)
            return isNumber ? Array("null".utf8) : nil
        }
        if unsigned.allSatisfy(isDigit) { return fits(unsigned, isNegative: unsigned.count < word.count) ? nil : word + Array("e0".utf8) }
        return Double(String(decoding: word, as: UTF8.self))?.isInfinite == true ? Array("null".utf8) : nil
    }

    private static func fits(_ digits: Slice<UnsafeBufferPointer<UInt8>>, isNegative: Bool) -> Bool {
        if digits.count < 19 { return true }
        guard let number = UInt64(String(decoding: digits, as: UTF8.self)) else { return false }
        return !isNegative || number <= 1 << 63
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
