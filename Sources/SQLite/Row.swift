/// One row that a statement has returned.
package struct Row: Sendable {
    let columns: [String: Int]
    let values: [DatabaseValue]

    /// The value of a column; of an optional type, nil for one that is null or of another kind.
    ///
    /// - Throws: ``DatabaseError`` with ``DatabaseError/Code/mismatch`` for a column that is not there, and for one that is null
    ///   or of another kind where there must be a value: nothing is made up in its place.
    package subscript<Value: DatabaseReadable>(_ name: String) -> Value {
        get throws(DatabaseError) {
            guard let column = columns[name] else { throw DatabaseError(.mismatch, message: "there is no column '\(name)'") }
            guard let value = Value(values[column]) else {
                throw DatabaseError(.mismatch, message: "column '\(name)' holds \(values[column].kind), and has to hold \(Value.self)")
            }
            return value
        }
    }

    /// - Throws: ``DatabaseError``, as all of these.
    package static func fetchAll(_ statement: Statement, arguments: StatementArguments = []) throws(DatabaseError) -> [Row] {
        try statement.rows(arguments)
    }

    /// All rows of a statement in SQL, which stays prepared for the next time.
    package static func fetchAll(
        _ database: Database, sql: String, arguments: StatementArguments = []
    ) throws(DatabaseError) -> [Row] {
        try database.cachedStatement(sql: sql).rows(arguments)
    }

    /// The first row, with which the statement ends; nil when there is none.
    package static func fetchOne(_ statement: Statement, arguments: StatementArguments = []) throws(DatabaseError) -> Row? {
        try statement.rows(arguments, limit: 1).first
    }

    /// The first row of a statement in SQL, which stays prepared for the next time; nil when there is none.
    package static func fetchOne(
        _ database: Database, sql: String, arguments: StatementArguments = []
    ) throws(DatabaseError) -> Row? {
        try database.cachedStatement(sql: sql).rows(arguments, limit: 1).first
    }
}

extension DatabaseReadable {
    /// The first column of the first row; nil when there is none, or it is null.
    ///
    /// - Throws: ``DatabaseError``.
    package static func fetchOne(
        _ database: Database, sql: String, arguments: StatementArguments = []
    ) throws(DatabaseError) -> Self? {
        try Row.fetchOne(database, sql: sql, arguments: arguments).flatMap { $0.values.first }.flatMap { Self($0) }
    }

    /// The first column of all rows in which it is not null.
    ///
    /// - Throws: ``DatabaseError``.
    package static func fetchAll(
        _ database: Database, sql: String, arguments: StatementArguments = []
    ) throws(DatabaseError) -> [Self] {
        try Row.fetchAll(database, sql: sql, arguments: arguments).compactMap { $0.values.first.flatMap { Self($0) } }
    }
}
