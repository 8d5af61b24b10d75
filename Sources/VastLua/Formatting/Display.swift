/// Where something is shown: how much room there is, and what can be shown there.
package struct Display: Sendable {
    /// In columns; nil: as wide as need be.
    package var width: Int?
    /// Whether only ASCII can be shown.
    package var isASCII = false
    /// Whether styles are written; otherwise texts stay plain.
    package var isColored = false
    /// How many lines of a long answer are shown at once.
    package var lineLimit = 1_000

    /// - Parameter width: in columns; nil: as wide as it gets.
    package init(width: Int? = nil, isASCII: Bool = false, isColored: Bool = false) {
        self.width = width
        self.isASCII = isASCII
        self.isColored = isColored
    }

    /// Colours of a terminal (ECMA-48, SGR).
    package enum Style: Int, Sendable {
        case bold = 1, dim = 2, red = 31, green = 32, yellow = 33, blue = 34
    }

    /// The text in a style and out of it again; as it is without colours, or without a style.
    package func styled(_ text: String, _ style: Style?) -> String {
        guard isColored, let style else { return text }
        return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
    }

    /// The text as far as it can be shown.
    func shown(_ text: String) -> String { isASCII ? PlainText.ascii(text) : text }

    func cut(_ text: String, to limit: Int) -> String {
        let cut = PlainText.cut(text, to: limit)
        return isASCII ? PlainText.ascii(cut) : cut
    }
}
