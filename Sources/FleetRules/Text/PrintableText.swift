/// Text from elsewhere, such as labels and what files say, in messages for people.
package enum PrintableText {
    /// Without control characters, which could move the cursor or change what stands there.
    ///
    /// - Parameter limit: how many characters are kept; a text that is longer ends with `…`.
    package static func safe(_ text: String, limit: Int = .max) -> String {
        if text.utf8.count <= limit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        let clean = String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "?" : $0 }))
        guard limit < .max, clean.count > limit else { return clean }
        return clean.prefix(limit) + "…"
    }

    /// The same for a text of several lines: line breaks and tabs stay.
    package static func lines(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x09 }) { return text }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || $0 == "\t" || !isControl($0) ? $0 : "?" }))
    }

    /// A JSON text in which such characters are written as escapes, so that it means the same and moves no cursor.
    package static func json(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x7F }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x7F || !isControl(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let hex = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                }
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalar != "\u{200D}"
        default: false
        }
    }
}
