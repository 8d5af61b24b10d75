import FleetRules
import Testing

@Suite("What a label that is written may hold") struct LabelTextTests {
    @Test("whatever can be read", arguments: ["", "train-7b [keep]", "größer ☂", "👩‍💻🏴󠁧󠁢󠁥󠁮󠁧󠁿", "日本語", "می‌خواهم", "a\u{A0}b"])
    func allowed(text: String) { #expect(LabelText.problem(with: text) == nil) }

    @Test(
        "nothing that cannot be seen or turns the direction of writing; the message says what and where",
        arguments: [
            ("a\nb", "a line break (U+000A), at position 2"), ("\t", "a tab"), ("a\0", "a NUL"),
            ("\u{1B}[31mred", "an escape (U+001B), at position 1"),
            ("\u{7F}", "U+007F"), ("\u{9B}31m", "U+009B"), ("abc\u{202E}", "U+202E, at position 4"), ("\u{2066}", "U+2066"),
            ("\u{200B}", "U+200B"),
            ("\u{2028}", "U+2028"), ("a\r\n", "a carriage return")
        ])
    func refused(text: String, message: String) { #expect(LabelText.problem(with: text)?.contains(message) == true) }
}
