/// A table of plain text for people: columns as wide as they need to be, two spaces apart.
package struct TextTable {
    /// How one column is shown.
    package struct Column {
        var title: String
        var isRight: Bool
        /// The widest that it may be; longer texts are cut with "…".
        var limit: Int
        /// How narrow it may become where there is no room; nil: it never does.
        var narrowest: Int?
        /// Whether it goes where there is no room, the last of these first.
        var isOptional: Bool

        /// - Parameters:
        ///   - isRight: whether it is aligned to the right, as numbers are.
        ///   - limit: the widest that it may be, in columns of the screen.
        ///   - narrowest: how narrow it may become where there is no room; nil: it never does.
        ///   - isOptional: whether it goes where there is no room.
        package init(_ title: String, isRight: Bool = false, limit: Int = .max, narrowest: Int? = nil, isOptional: Bool = false) {
            self.title = title
            self.isRight = isRight
            self.limit = limit
            self.narrowest = narrowest
            self.isOptional = isOptional
        }
    }

    private struct Cell {
        var text: String
        /// In columns of a terminal.
        var width: Int

        init(_ text: String) {
            self.text = text
            width = PlainText.width(text)
        }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []
    private let display: Display

    /// - Parameter display: where it is shown; the usual one has room for everything.
    package init(_ columns: [Column], _ display: Display = Display()) {
        self.columns = columns
        self.display = display
    }

    /// Adds a row with a text for each column.
    package mutating func add(_ cells: [String]) {
        rows.append(
            zip(cells, columns).map { text, column in
                let cell = Cell(display.shown(PlainText.safe(text)))
                return cell.width <= column.limit ? cell : Cell(display.cut(cell.text, to: column.limit))
            })
    }

    /// The title line and the rows; a column without any text is left out.
    package var lines: [String] { styledLines { _, _ in nil } }

    /// The same with colours.
    ///
    /// - Parameter style: the colour of a text in the column of that title.
    package func styledLines(_ style: @escaping (_ title: String, _ cell: String) -> Display.Style?) -> [String] {
        let filled = columns.indices.filter { index in rows.contains { $0[index].width > 0 } }
        let all = [columns.map { Cell($0.title) }] + rows
        let needed = columns.indices.map { index in all.reduce(0) { max($0, $1[index].width) } }
        let (shown, widths) = fit(filled, needed)
        let spaces = Spaces()
        return all.enumerated().map { number, row in line(row, shown, widths, spaces, style: number == 0 ? nil : style) }
    }

    private func line(
        _ row: [Cell], _ shown: [Int], _ widths: [Int], _ spaces: Spaces, style: ((_ title: String, _ cell: String) -> Display.Style?)?
    ) -> String {
        var (line, missing) = ("", 0)
        for index in shown {
            let cell = row[index].width <= widths[index] ? row[index] : Cell(display.cut(row[index].text, to: widths[index]))
            let padding = widths[index] - cell.width
            // What stands behind the last text is left out.
            if columns[index].isRight { missing += padding }
            if cell.width > 0 {
                line += spaces[missing]
                line += style.map { display.styled(cell.text, $0(columns[index].title, cell.text)) } ?? cell.text
                missing = 0
            }
            missing += columns[index].isRight ? 2 : padding + 2
        }
        return line
    }

    /// Runs of spaces; the usual ones are made once.
    private struct Spaces {
        private let runs = (0..<128).map { String(repeating: " ", count: $0) }

        subscript(count: Int) -> String { runs.indices.contains(count) ? runs[count] : String(repeating: " ", count: count) }
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
