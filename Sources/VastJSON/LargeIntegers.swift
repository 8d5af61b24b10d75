/// Whole numbers that do not fit 64 bits, of which one would make a whole text unreadable.
enum LargeIntegers {
    /// The text with `e0` behind each long whole number, so that it is read as a fraction; nil when there is none.
    static func asFractions(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 16)
        var (position, isInText, hasChanged) = (0, false, false)
        while position < text.count {
            let byte = text[position]
            if isInText || !isDigit(byte) {
                result.append(byte)
                position += 1
                if isInText, byte == UInt8(ascii: "\\"), position < text.count {
                    result.append(text[position])
                    position += 1
                } else if byte == UInt8(ascii: "\"") {
                    isInText.toggle()
                }
                continue
            }
            let end = text[position...].firstIndex { !isPartOfNumber($0) } ?? text.endIndex
            let number = text[position..<end]
            result += number
            if number.allSatisfy(isDigit), !fits(number, isNegative: position > 0 && text[position - 1] == UInt8(ascii: "-")) {
                result += [UInt8(ascii: "e"), UInt8(ascii: "0")]
                hasChanged = true
            }
            position = end
        }
        return hasChanged ? result : nil
    }

    private static func fits(_ digits: Slice<UnsafeBufferPointer<UInt8>>, isNegative: Bool) -> Bool {
        if digits.count < 19 { return true }
        guard let number = UInt64(String(decoding: digits, as: UTF8.self)) else { return false }
        return !isNegative || number <= 1 << 63
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(byte)
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
