/// What can stand at the cursor.
package struct Completion: Sendable, Equatable {
    /// One thing that can stand there.
    package struct Candidate: Sendable, Equatable {
        /// What the word becomes.
        package var text: String
        /// What people read behind it, such as an instance's state.
        package var hint: String

        /// - Parameter hint: what people read behind it; empty: nothing.
        package init(_ text: String, hint: String = "") {
            self.text = text
            self.hint = hint
        }
    }

    /// What is written already and is to be completed.
    package var word: String
    /// All that can stand there, in the order in which they are shown.
    package var candidates: [Candidate]

    /// What can be written without choosing: the rest of the only candidate, or what all have in common.
    package var insertion: String {
        guard var common = candidates.first?.text else { return "" }
        for candidate in candidates.dropFirst() { common = String(zip(common, candidate.text).prefix { $0 == $1 }.map(\.0)) }
        return common.count > word.count && common.hasPrefix(word) ? String(common.dropFirst(word.count)) : ""
    }

    /// The candidates as lines for people: with hints one below the other, else side by side.
    package func listing(_ display: Display, limit: Int = 40) -> String {
        let shown = candidates.prefix(limit)
        let left = candidates.count - shown.count
        let rest = left > 0 ? ["  \(left) more"] : []
        let width = shown.reduce(0) { max($0, PlainText.width($1.text)) }
        guard shown.contains(where: { !$0.hint.isEmpty }) else {
            return (columns(shown.map(\.text), width, display) + rest).joined(separator: "\n")
        }
        let lines = shown.map { candidate in
            let padding = String(repeating: " ", count: width - PlainText.width(candidate.text) + 2)
            let line = "  " + PlainText.safe(candidate.text) + padding + PlainText.safe(candidate.hint)
            return display.cut(display.shown(line), to: (display.width ?? 80) - 1)
        }
        return (lines + rest).joined(separator: "\n")
    }

    private func columns(_ texts: [String], _ width: Int, _ display: Display) -> [String] {
        let perLine = max(1, ((display.width ?? 80) - 1) / (width + 2))
        return stride(from: 0, to: texts.count, by: perLine).map { start in
            texts[start..<min(texts.count, start + perLine)]
                .map { display.shown(PlainText.safe($0)) + String(repeating: " ", count: width - PlainText.width($0) + 2) }.joined()
        }
    }
}
