import FleetClock
import Testing

@testable import VastJSON

@Suite("Text that is no Unicode")
struct UnfitTextTests {
    private static let limits: JSONDocument.Limits = {
        var limits = JSONDocument.Limits()
        limits.acceptsUnfitValues = true
        return limits
    }()

    /// What may stand in a string, and what it is read as; nil: it is Unicode, and only the whole may be.
    private static let pieces: [(bytes: [UInt8], text: String, isFit: Bool)] =
        [
            (#"\ud83d"#, "\u{FFFD}", false), (#"\uDE00"#, "\u{FFFD}", false), (#"\uD83D\uD83D"#, "\u{FFFD}\u{FFFD}", false),
            (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}", false), (#"\ud83d\u0041"#, "\u{FFFD}A", false), (#"\ud83d\n"#, "\u{FFFD}\n", false),
            (#"\ud83d\ude00"#, "😀", true), (#"\\ud83d"#, #"\ud83d"#, true), (#"\u00e9"#, "é", true), (#"\""#, "\"", true),
            ("plain", "plain", true),
            (#"\\"#, #"\"#, true), ("😀é", "😀é", true), ("12345678901234567890123", "12345678901234567890123", true)
        ].map { (Array($0.0.utf8), $0.1, $0.2) } + [
            ([0xE9], "\u{FFFD}", false), ([0xFF, 0x20], "\u{FFFD} ", false), ([0x80], "\u{FFFD}", false),
            ([0xF0, 0x9F, 0x98], "\u{FFFD}", false),
            ([0xED, 0xA0, 0xBD], "\u{FFFD}\u{FFFD}\u{FFFD}", false), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}", false)
        ]

    /// A string with its quotation marks, and what it is read as.
    private static func string(_ dice: inout SeededGenerator) -> (bytes: [UInt8], text: String, isFit: Bool) {
        var result: (bytes: [UInt8], text: String, isFit: Bool) = ([UInt8(ascii: "\"")], "", true)
        for _ in 0..<Int.random(in: 0...4, using: &dice) {
            guard let piece = pieces.randomElement(using: &dice) else { continue }
            // A blank, so that what ends one piece and what begins the next are not read as one.
            result = (result.bytes + piece.bytes + [0x20], result.text + piece.text + " ", result.isFit && piece.isFit)
        }
        result.bytes.append(UInt8(ascii: "\""))
        return result
    }

    @Test("is read with U+FFFD in its place where that is asked for, and nothing else changes; elsewhere it is refused: 2,000 texts")
    func law() throws {
        var dice = SeededGenerator(seed: 16)
        for _ in 0..<2_000 {
            let strings = (0..<Int.random(in: 1...5, using: &dice)).map { _ in Self.string(&dice) }
            var text = Array(#"{"instances":["#.utf8)
            for (number, string) in strings.enumerated() {
                text += Array("\(number > 0 ? "," : ""){\"id\":\(number),\"label\":".utf8) + string.bytes + Array(",\"x\":1.5}".utf8)
            }
            text += Array("]}".utf8)
            let rows = try JSONDocument(parsing: text, limits: Self.limits).root["instances"]
            for (number, string) in strings.enumerated() {
                #expect(rows?[number]?["label"]?.string == string.text, "\(String(decoding: text, as: UTF8.self))")
                #expect(rows?[number]?["id"]?.int64 == Int64(number) && rows?[number]?["x"]?.double == 1.5)
            }
            let strict = try? JSONDocument(parsing: text)
            #expect((strict != nil) == strings.allSatisfy(\.isFit))
        }
    }

    @Test("may stand in a name, beside an unfit number")
    func names() throws {
        let text = #"{"a\ud83d":1e999,"b":"\udc00","c":2}"#
        let root = try JSONDocument(parsing: Array(text.utf8), limits: Self.limits).root
        #expect(root["a\u{FFFD}"]?.value == .null && root["b"]?.string == "\u{FFFD}" && root["c"]?.int64 == 2)
    }

    @Test(
        "is no way in for other mistakes",
        arguments: [
            #"["\ud83d"#, #"["\ud83d]"#, #"["\ud83"]"#, #"["\ud83g"]"#, #"["\ud83d",]"#, #"["\ud83d" x]"#, #"[\ud83d]"#,
            #"["\x","\ud83d"]"#, #"["\u+83d"]"#
        ])
    func malformed(text: String) {
        #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(text.utf8), limits: Self.limits) }
        var bytes = Array(text.utf8)
        bytes.append(0xFF)
        #expect(throws: JSONError.self) { try JSONDocument(parsing: bytes, limits: Self.limits) }
    }
}
