/// A value as SQLite keeps it.
package enum DatabaseValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    /// What SQLite calls it.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .integer: "INTEGER"
        case .real: "REAL"
        case .text: "TEXT"
        }
    }
}

/// What can be given to a statement.
package protocol DatabaseBindable {
    /// How SQLite keeps the value.
    var databaseValue: DatabaseValue { get }
}

/// What can be read from a column.
package protocol DatabaseReadable {
    /// - Returns: nil when a value is of another kind, or null.
    init?(_ value: DatabaseValue)
}

/// Values for the `?` of a statement, in their order; nil is NULL.
package typealias StatementArguments = [(any DatabaseBindable)?]

extension Int64: DatabaseBindable, DatabaseReadable {
    package var databaseValue: DatabaseValue { .integer(self) }

    package init?(_ value: DatabaseValue) {
        guard case .integer(let number) = value else { return nil }
        self = number
    }
}

extension Int: DatabaseBindable, DatabaseReadable {
    package var databaseValue: DatabaseValue { .integer(Int64(self)) }

    package init?(_ value: DatabaseValue) {
        guard case .integer(let number) = value, let number = Int(exactly: number) else { return nil }
        self = number
    }
}

extension Double: DatabaseBindable, DatabaseReadable {
    /// What is no number is NULL, as SQLite has it.
    package var databaseValue: DatabaseValue { isNaN ? .null : .real(self) }

    package init?(_ value: DatabaseValue) {
        switch value {
        case .real(let number): self = number
        case .integer(let number): self = Double(number)
        case .null, .text: return nil
        }
    }
}

extension Bool: DatabaseBindable, DatabaseReadable {
    package var databaseValue: DatabaseValue { .integer(self ? 1 : 0) }

    package init?(_ value: DatabaseValue) {
        guard case .integer(let number) = value else { return nil }
        self = number != 0
    }
}

extension String: DatabaseBindable, DatabaseReadable {
    package var databaseValue: DatabaseValue { .text(self) }

    package init?(_ value: DatabaseValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension Optional: DatabaseReadable where Wrapped: DatabaseReadable {
    package init?(_ value: DatabaseValue) { self = Wrapped(value) }
}
