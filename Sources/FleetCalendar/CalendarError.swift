/// Why a schedule, a zone or a time of day is refused.
package struct CalendarError: Error, Equatable, Sendable {
    /// The field that is wrong, such as `day of month`; nil when the text as a whole is.
    package let field: String?
    /// Where in the text, in characters counted from 1; nil where no place can be named.
    package let column: Int?
    /// What is wrong, and what to write instead.
    package let message: String

    /// - Parameters:
    ///   - field: the part of the text that is refused, such as `hour`; nil when it is the text as a whole.
    ///   - column: where the fault is, from 1; nil when it has no one place.
    ///   - message: what is wrong, and what to write instead.
    package init(field: String? = nil, column: Int? = nil, _ message: String) {
        self.field = field
        self.column = column
        self.message = message
    }
}

extension CalendarError: CustomStringConvertible {
    /// One line: `hour, column 3: 24 is out of range 0-23`.
    package var description: String {
        switch (field, column) {
        case (let field?, let column?): "\(field), column \(column): \(message)"
        case (let field?, nil): "\(field): \(message)"
        case (nil, let column?): "column \(column): \(message)"
        case (nil, nil): message
        }
    }
}
