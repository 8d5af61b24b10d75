/// What a label that is written may hold.
package enum LabelText {
    /// Why a text is no label to write; nil when it is one.
    ///
    /// Characters that cannot be seen, and those that turn the direction of writing, can make a label look like another one on
    /// the service's web page and in a terminal. Labels that have them already are shown with `?` in their places.
    package static func problem(with text: String) -> String? {
        for (place, scalar) in text.unicodeScalars.enumerated() where isRefused(scalar) {
            return "has a character that cannot be seen, \(name(scalar)), at position \(place + 1)"
        }
        return nil
    }

    private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        // Joiners belong to emoji and to some scripts.
        case .format: !["\u{200C}", "\u{200D}", "\u{00AD}"].contains(scalar) && !(0xE0020...0xE007F).contains(scalar.value)
        default: false
        }
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        let known: [Unicode.Scalar: String] = [
            "\n": "a line break", "\r": "a carriage return", "\t": "a tab", "\0": "a NUL", "\u{1B}": "an escape"
        ]
        let code = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        return known[scalar].map { "\($0) (U+\(padded))" } ?? "U+\(padded)"
    }
}
