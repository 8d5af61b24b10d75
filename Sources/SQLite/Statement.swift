internal import CSQLite

/// A prepared statement of a ``Database``; it may be run any number of times.
package final class Statement {
    private let handle: OpaquePointer
    private unowned let database: Database

    /// The columns of its rows by name.
    private(set) lazy var columns = readColumns()

    init(_ handle: OpaquePointer, _ database: Database) {
        self.handle = handle
        self.database = database
    }

    func finalize() { sqlite3_finalize(handle) }

    /// Runs it; what it returns is dropped.
    ///
    /// - Throws: ``DatabaseError``.
    package func execute(arguments: StatementArguments = []) throws(DatabaseError) {
        try run(arguments) { _ in true }
    }

    /// Runs it and returns its rows.
    ///
    /// - Parameter limit: after so many rows it ends.
    /// - Throws: ``DatabaseError``.
    func rows(_ arguments: StatementArguments, limit: Int = .max) throws(DatabaseError) -> [Row] {
        var rows: [Row] = []
        try run(arguments) { statement in
            rows.append(statement.row())
            return rows.count < limit
        }
        return rows
    }

    /// Runs it and hands over one row after the other without making anything of them: for many rows. Inside, the
    /// columns are read by ``integer(_:)``, and nothing else is done with the statement.
    ///
    /// - Throws: ``DatabaseError``.
    package func forEach(_ arguments: StatementArguments, _ body: (Statement) -> Void) throws(DatabaseError) {
        try run(arguments) {
            body($0)
            return true
        }
    }

    /// A column of the row at hand, from 0; nil when it is null.
    package func integer(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
    }

    private func run(_ arguments: StatementArguments, _ onRow: (Statement) -> Bool) throws(DatabaseError) {
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        guard Int(sqlite3_bind_parameter_count(handle)) <= arguments.count else { throw DatabaseError(.range) }
        for (index, argument) in arguments.enumerated() { try bind(argument?.databaseValue ?? .null, at: Int32(index + 1)) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: if !onRow(self) { return }
            case SQLITE_DONE: return
            default: throw database.lastError
            }
        }
    }

    private func bind(_ value: DatabaseValue, at index: Int32) throws(DatabaseError) {
        let code: Int32 =
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let number): sqlite3_bind_int64(handle, index, number)
            case .real(let number): sqlite3_bind_double(handle, index, number)
            case .text(let text): bind(text, at: index)
            }
        guard code == SQLITE_OK else { throw DatabaseError(.init(rawValue: code)) }
    }

    private func bind(_ text: String, at index: Int32) -> Int32 {
        var text = text
        // SQLITE_TRANSIENT: SQLite makes a copy of its own.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text64(
                    handle, index, characters.baseAddress, UInt64(characters.count), copies, UInt8(SQLITE_UTF8))
            }
        }
    }

    private func row() -> Row {
        Row(columns: columns, values: (0..<sqlite3_column_count(handle)).map(value))
    }

    private func value(_ column: Int32) -> DatabaseValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
        case SQLITE_NULL: return .null
        default:
            guard let bytes = sqlite3_column_text(handle, column) else { return .null }
            let count = Int(sqlite3_column_bytes(handle, column))
            return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        }
    }

    private func readColumns() -> [String: Int] {
        var columns: [String: Int] = [:]
        for index in 0..<sqlite3_column_count(handle) {
            guard let name = sqlite3_column_name(handle, index) else { continue }
            columns[String(cString: name)] = Int(index)
        }
        return columns
    }
}
