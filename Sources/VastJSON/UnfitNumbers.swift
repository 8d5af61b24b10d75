/// Numbers that fit no type of ours, of which one would make a whole text unreadable.
enum UnfitNumbers {
    /// The text with `e0` behind each whole number beyond 64 bits, so that it is read as a fraction, and with `null` for a
    /// number beyond a `Double` and for `NaN`, `Infinity` and `-Infinity`, which some programs write; nil when there is none.
    static func replaced(in text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 16)
        var position = 0
        var hasChanged = false
        while position < text.count {
            let end = end(ofWordAt: position, in: text)
            let word = text[position..<end]
            if let replacement = replacement(for: word) {
                result += replacement
                hasChanged = true
            } else {
                result += word
            }
            position = end
        }
        return hasChanged ? result : nil
    }

    /// A string with its quotation marks, a word, a number, or one byte of anything else.
    private static func end(ofWordAt start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        if text[start] == UInt8(ascii: "\"") { return end(ofStringAt: start, in: text) }
        return text[start...].firstIndex { !isPartOfWord($0) }.map { max($0, start + 1) } ?? text.endIndex
    }

    private static func end(ofStringAt start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var position = start + 1
        while position < text.count, text[position] != UInt8(ascii: "\"") {
            position += text[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, text.count)
    }

    /// What stands for a word; nil: the word itself.
    private static func replacement(for word: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
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

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }
}

extension [UInt8] {
    /// Copies the bytes to where they may be read past their end by a few.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws(JSONError) -> Result) throws(JSONError) -> Result {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        defer { copy.deallocate() }
        _ = copy.initialize(from: self)
        return try body(UnsafeBufferPointer(copy))
    }
}
