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

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalar != "\u{200D}"
        default: false
        }
    }
}
