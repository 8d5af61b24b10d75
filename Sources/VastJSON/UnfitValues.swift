/// Values that we cannot hold, of which one would make a whole text unreadable.
enum UnfitValues {
    /// The text with each of its words that ``UnfitNumbers`` and each of its strings that ``UnfitText`` cannot leave as it is
    /// replaced; nil when there is none.
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

    private static func replacement(for word: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        word.first == UInt8(ascii: "\"") ? UnfitText.replacement(for: Array(word)) : UnfitNumbers.replacement(for: word)
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        UnfitNumbers.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: ".")
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
