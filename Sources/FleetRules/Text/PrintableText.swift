import VastJSON

/// Text from elsewhere, such as labels and what files say, in messages for people.
package enum PrintableText {
    /// Without control characters, which could move the cursor or change what stands there.
    ///
    /// - Parameter limit: how many characters are kept; a text that is longer ends with `…`.
    package static func safe(_ text: String, limit: Int = .max) -> String {
        if text.utf8.count <= limit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        let clean = String(String.UnicodeScalarView(text.unicodeScalars.map { HiddenCharacter.contains($0) ? "?" : $0 }))
        guard limit < .max, clean.count > limit else { return clean }
        return clean.prefix(limit) + "…"
    }

    /// The same for a text of several lines: line breaks and tabs stay.
    package static func lines(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x09 }) { return text }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || $0 == "\t" || !HiddenCharacter.contains($0) ? $0 : "?" }))
    }

    /// The same for what goes to a screen as it is, with colours that were put in before: sequences that change nothing but the
    /// look of characters (SGR) stay, everything else that acts on a terminal becomes `?`.
    package static func screen(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x09 }) { return text }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if scalar == "\u{1B}", let end = endOfColor(rest) {
                result += rest[..<end]
                rest = rest[end...]
            } else {
                result.append(scalar == "\n" || scalar == "\t" || !HiddenCharacter.contains(scalar) ? scalar : "?")
                rest = rest.dropFirst()
            }
        }
        return String(result)
    }

    /// Where a sequence that begins with `ESC [`, has figures, and ends with `m`, is over; nil when it is none.
    private static func endOfColor(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
        let parameters = text.dropFirst()
        guard parameters.first == "[" else { return nil }
        let end = parameters.dropFirst().prefix(32).firstIndex { !("0"..."9" ~= $0 || $0 == ";" || $0 == ":") }
        guard let end, text[end] == "m" else { return nil }
        return text.index(after: end)
    }
}
