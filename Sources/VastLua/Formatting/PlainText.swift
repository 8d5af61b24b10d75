import FleetRules

/// Text from elsewhere, such as labels, on a terminal.
package enum PlainText {
    /// Without control characters, which could move the cursor or change what stands there.
    package static func safe(_ text: String) -> String { PrintableText.safe(text) }

    /// The same, and `?` for everything that is not ASCII, for terminals that show nothing else.
    static func ascii(_ text: String) -> String {
        isPlainASCII(text) ? text : String(text.map { $0.isASCII ? $0 : $0 == "…" ? "~" : "?" })
    }

    /// Whether each byte is a character that takes one column.
    private static func isPlainASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

    /// How many columns of a terminal it takes: two for wide characters, none for combining ones (Unicode TR 11).
    package static func width(_ text: String) -> Int {
        isPlainASCII(text) ? text.utf8.count : text.reduce(0) { $0 + width($1) }
    }

    private static func width(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.properties.generalCategory == .nonspacingMark || first.properties.generalCategory == .enclosingMark { return 0 }
        if character.unicodeScalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation { return 2 }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// At most so many columns wide.
    package static func cut(_ text: String, to limit: Int) -> String {
        guard limit < Int.max, width(text) > limit else { return text }
        var (result, used) = ("", 0)
        for character in text {
            let next = used + width(character)
            if next > limit - 1 { break }
            result.append(character)
            used = next
        }
        return result + "…"
    }
}
