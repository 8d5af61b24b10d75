import Testing

@testable import VastJSON

/// JSON that is shown somewhere does nothing there.
@Suite("Characters that act on terminals, in JSON") struct HiddenCharacterTests {
    /// Chance that repeats (Knuth's MMIX).
    private struct Repeatable: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let scalars: [Unicode.Scalar] =
        (0...0x20).compactMap(Unicode.Scalar.init) + (0x7E...0xA1).compactMap { Unicode.Scalar($0 as UInt32) }
        + "aé漢😀\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{061C}\u{2028}\u{2029}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}"
        .unicodeScalars + "\u{2068}\u{2069}\u{206F}\u{FEFF}\u{FFF9}\u{E0001}\u{E007F}\u{1D173}\u{AD}\"\\".unicodeScalars

    @Test("are written as escapes, and the text is the same when it is read: 2,000 texts")
    func escaped() throws {
        var generator = Repeatable(state: 16)
        for _ in 0..<2_000 {
            let scalars = (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in Self.scalars.randomElement(using: &generator) }
            let text = String(String.UnicodeScalarView(scalars))
            let json = try JSONValue.object([text: .string(text)]).serialized()
            let written = String(decoding: json, as: UTF8.self)
            #expect(!written.unicodeScalars.contains(where: HiddenCharacter.contains), "\(written.debugDescription)")
            let root = try JSONDocument(parsing: json).root
            #expect(root.members.map(\.name) == [text] && root[text]?.string == text, "\(written.debugDescription)")
        }
    }

    @Test("all others stay as they are, and bytes that are no UTF-8 do no harm")
    func others() throws {
        #expect(String(decoding: try JSONValue.string("é漢😀👩\u{200D}🚀").serialized(), as: UTF8.self) == "\"é漢😀👩\u{200D}🚀\"")
        for bytes in [[0xC2], [0xE2, 0x80], [0xF0, 0x9F, 0x98], [0x80, 0x9B], [0xE2, 0x28, 0xA1]] as [[UInt8]] {
            var writer = JSONWriter()
            bytes.withUnsafeBufferPointer { writer.string($0) }
            #expect(writer.bytes == [0x22] + bytes + [0x22])
        }
    }
}
