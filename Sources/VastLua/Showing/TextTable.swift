/// A table of plain text for people: columns as wide as they need to be, two spaces apart.
package struct TextTable {
    package struct Column {
        var title: String
        var isRight: Bool
        /// The widest that it may be; longer texts are cut with "…".
        var limit: Int
        /// How narrow it may become where there is no room; nil: it never does.
        var narrowest: Int?
        /// Whether it goes where there is no room, the last of these first.
        var isOptional: Bool

        package init(_ title: String, isRight: Bool = false, limit: Int = .max, narrowest: Int? = nil, isOptional: Bool = false) {
            self.title = title
            self.isRight = isRight
            self.limit = limit
            self.narrowest = narrowest
            self.isOptional = isOptional
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []
    private let display: Display

    /// - Parameter display: where it is shown; the usual one has room for everything.
    package init(_ columns: [Column], _ display: Display = Display()) {
        self.columns = columns
        self.display = display
    }

    /// Adds a row with a text for each column.
    package mutating func add(_ cells: [String]) {
        rows.append(zip(cells, columns).map { PlainText.cut(display.shown(PlainText.safe($0)), to: $1.limit) })
    }

    /// The title line and the rows; a column without any text is left out.
    package var lines: [String] { styledLines { _, _ in nil } }

    /// The same with colours.
    ///
    /// - Parameter style: the colour of a text in the column of that title.
    package func styledLines(_ style: (_ title: String, _ cell: String) -> Display.Style?) -> [String] {
        let filled = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
        let all = [columns.map(\.title)] + rows
        let needed = columns.indices.map { index in all.reduce(0) { max($0, PlainText.width($1[index])) } }
        let (shown, widths) = fit(filled, needed)
        return all.enumerated().map { number, row in
            var line = ""
            for index in shown {
                if !line.isEmpty { line += "  " }
                let cell = display.cut(row[index], to: widths[index])
                let padding = String(repeating: " ", count: max(0, widths[index] - PlainText.width(cell)))
                let colored = number == 0 ? cell : display.styled(cell, style(columns[index].title, cell))
                line += columns[index].isRight ? padding + colored : index == shown.last ? colored : colored + padding
            }
            return line.trimmingEnd()
        }
    }

    /// The columns that are shown, and how wide each is.
    private func fit(_ filled: [Int], _ needed: [Int]) -> (shown: [Int], widths: [Int]) {
        var (shown, widths) = (filled, needed)
        guard let room = display.width else { return (shown, widths) }
        func excess() -> Int { shown.reduce(2 * max(0, shown.count - 1)) { $0 + widths[$1] } - room }
        while excess() > 0 {
            let flexible = shown.filter { index in columns[index].narrowest.map { widths[index] > $0 } ?? false }
            if let widest = flexible.max(by: { widths[$0] < widths[$1] }) {
                widths[widest] -= 1
            } else if let last = shown.last(where: { columns[$0].isOptional }) {
                shown.removeAll { $0 == last }
                // What became narrow for its sake may be wider again.
                for index in shown { widths[index] = needed[index] }
            } else {
                break
            }
        }
        return (shown, widths)
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
