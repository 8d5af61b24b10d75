/// A table of plain text for people: columns as wide as they need to be, two spaces apart.
struct TextTable {
    struct Column {
        var title: String
        var isRight = false
        /// The widest that it may be; longer texts are cut with "…".
        var limit = Int.max

        init(_ title: String, isRight: Bool = false, limit: Int = .max) {
            self.title = title
            self.isRight = isRight
            self.limit = limit
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row with a text for each column.
    mutating func add(_ cells: [String]) { rows.append(zip(cells, columns).map { PlainText.cut(PlainText.safe($0), to: $1.limit) }) }

    /// The title line and the rows; a column without any text is left out.
    var lines: [String] {
        let shown = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { index in all.map { PlainText.width($0[index]) }.max() ?? 0 }
        return all.map { row in
            let cells = shown.map { index -> String in
                let padding = String(repeating: " ", count: widths[index] - PlainText.width(row[index]))
                return columns[index].isRight ? padding + row[index] : row[index] + padding
            }
            return cells.joined(separator: "  ").trimmingEnd()
        }
    }
}

/// Text from elsewhere, such as labels, on a terminal.
enum PlainText {
    /// Without control characters, which could move the cursor or change what stands there.
    static func safe(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "?" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalar != "\u{200D}"
        default: false
        }
    }

    /// How many columns of a terminal it takes: two for wide characters, none for combining ones (Unicode TR 11).
    static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

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
    static func cut(_ text: String, to limit: Int) -> String {
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

extension String {
    fileprivate func trimmingEnd() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
