import Testing

@testable import VastJSON

@Suite("Numbers that fit no type")
struct UnfitNumberTests {
    private static let limits: JSONDocument.Limits = {
        var limits = JSONDocument.Limits()
        limits.acceptsUnfitValues = true
        return limits
    }()

    @Test("whole numbers beyond 64 bits are rounded where that is asked for, and nothing else of the text changes")
    func rounded() throws {
        let text =
            #"{"a":123456789012345678901234567890,"b":-99999999999999999999,"c":9223372036854775807,"d":-9223372036854775808,"#
            + #""e":18446744073709551615,"f":"12345678901234567890123 \" 98765432109876543210","g":[18446744073709551616,1.5e3],"h":1e300}"#
        #expect(throws: JSONError.self) { try JSONDocument(parsing: text) }
        let root = try JSONDocument(parsing: Array(text.utf8), limits: Self.limits).root
        #expect(root["a"]?.double == 123456789012345678901234567890 && root["a"]?.integral == nil)
        #expect(root["b"]?.double == -99999999999999999999 && root["c"]?.int64 == .max && root["d"]?.int64 == .min)
        #expect(root["e"]?.uint64 == .max && root["f"]?.string == #"12345678901234567890123 " 98765432109876543210"#)
        #expect(root["g"]?[0]?.double == 18446744073709551616 && root["g"]?[1]?.double == 1_500 && root["h"]?.double == 1e300)
    }

    @Test(
        "numbers beyond a Double, NaN and Infinity are null, wherever they stand",
        arguments: ["1e999", "-1e999", "1.5E+400", "123456789e309", "NaN", "Infinity", "-Infinity"])
    func beyond(number: String) throws {
        let text = #"[{"a":\#(number), "NaN":"\#(number)\" \#(number)"}, \#(number),[\#(number)],{"b":null}]"#
        #expect(throws: JSONError.self) { try JSONDocument(parsing: text) }
        let root = try JSONDocument(parsing: Array(text.utf8), limits: Self.limits).root
        #expect(root[0]?["a"]?.value == .null && root[0]?["NaN"]?.string == #"\#(number)" \#(number)"#)
        #expect(root[1]?.value == .null && root[2]?[0]?.value == .null && root[3]?["b"]?.value == .null)
    }

    @Test(
        "are no way in for other mistakes",
        arguments: [
            "[123456789012345678901234567890", "[12345678901234567890123x]", "[0123456789012345678901234]", "[-]", "[NaN", "[nan]",
            "[NaNs]", "[+Infinity]", "[1e999", "[-1e999x]", "[.5e999]", "NaN NaN", "{NaN:1}"
        ])
    func malformed(text: String) {
        #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(text.utf8), limits: Self.limits) }
    }
}
