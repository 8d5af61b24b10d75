import FleetRules

/// What a script of somebody else writes to a terminal, piece by piece: nothing in it acts on the terminal.
struct ScreenBytes {
    /// The beginning of a character whose rest has not come.
    private var rest: [UInt8] = []

    /// What can be shown of what has come.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        rest += bytes
        let whole = rest.count - Self.lengthOfBegunCharacter(rest)
        defer { rest.removeFirst(whole) }
        return Self.shown(rest[..<whole])
    }

    /// What is left when nothing more comes.
    mutating func finish() -> [UInt8] {
        defer { rest = [] }
        return Self.shown(rest[...])
    }

    private static func shown(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(PrintableText.lines(String(decoding: bytes, as: UTF8.self)).utf8)
    }

    /// How many bytes at the end begin a character of UTF-8 that needs more.
    private static func lengthOfBegunCharacter(_ bytes: [UInt8]) -> Int {
        for length in 1...3 {
            guard length <= bytes.count else { return 0 }
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return needed > length ? length : 0
        }
        return 0
    }
}
