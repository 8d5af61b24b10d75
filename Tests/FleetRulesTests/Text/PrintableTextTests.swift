import FleetClock
import FleetRules
import Testing
import VastJSON

@Suite("Texts for a screen") struct PrintableTextTests {
    @Test(
        "keep colours, line breaks and tabs; everything else that acts on a terminal is shown as ?",
        arguments: [
            ("\u{1B}[31mred\u{1B}[0m", "\u{1B}[31mred\u{1B}[0m"), ("\u{1B}[38;2;1;2;3mx\u{1B}[m", "\u{1B}[38;2;1;2;3mx\u{1B}[m"),
            ("a\tb\nc", "a\tb\nc"), ("a\rb", "a?b"), ("\u{1B}[2J", "?[2J"), ("\u{1B}[31", "?[31"), ("\u{1B}[31;Hm", "?[31;Hm"),
            ("\u{1B}]0;t\u{7}", "?]0;t?"), ("\u{9B}31m", "?31m"), ("\u{202E}x\u{2069}", "?x?"), ("\u{1B}\u{1B}[1m", "?\u{1B}[1m"),
            ("\u{1B}[?25l", "?[?25l"), ("👩\u{200D}🚀 é", "👩\u{200D}🚀 é"), ("\u{1B}", "?"), ("\u{1B}[", "?["), ("", "")
        ])
    func screen(text: String, shown: String) { #expect(PrintableText.screen(text) == shown) }

    @Test("of all kinds let nothing through, whatever they are made of: 3,000 texts")
    func law() {
        var generator = SeededGenerator(seed: 16)
        let parts = [
            "\u{1B}", "[", "3", "1", ";", "m", "J", "]", "\u{7}", "\u{9B}", "\u{202E}", "\u{2066}", "\r", "\n", "\t", "é", "漢", "\0",
            "\u{85}"
        ]
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0...14, using: &generator)).map { _ in parts[Int.random(in: parts.indices, using: &generator)] }
                .joined()
            let screen = PrintableText.screen(text).replacing(/\u{1B}\[[0-9;:]*m/, with: "")
            #expect(
                screen.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || !HiddenCharacter.contains($0) }, "\(text.debugDescription)")
            #expect(!PrintableText.safe(text).unicodeScalars.contains(where: HiddenCharacter.contains))
            #expect(PrintableText.screen(PrintableText.lines(text)) == PrintableText.lines(text))
        }
    }
}
