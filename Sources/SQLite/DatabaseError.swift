internal import CSQLite

/// What SQLite reports, without the values that a statement was given: those may be somebody's secrets.
package struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// SQLite's own numbers (sqlite.org/rescode.html).
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: Int32

        package init(rawValue: Int32) { self.rawValue = rawValue }

        package static let internalError = Code(rawValue: SQLITE_INTERNAL)
        package static let permission = Code(rawValue: SQLITE_PERM)
        package static let busy = Code(rawValue: SQLITE_BUSY)
        package static let locked = Code(rawValue: SQLITE_LOCKED)
        package static let readOnly = Code(rawValue: SQLITE_READONLY)
        package static let ioError = Code(rawValue: SQLITE_IOERR)
        package static let corrupt = Code(rawValue: SQLITE_CORRUPT)
        package static let full = Code(rawValue: SQLITE_FULL)
        package static let cannotOpen = Code(rawValue: SQLITE_CANTOPEN)
        package static let constraint = Code(rawValue: SQLITE_CONSTRAINT)
        package static let mismatch = Code(rawValue: SQLITE_MISMATCH)
        package static let range = Code(rawValue: SQLITE_RANGE)
        package static let notADatabase = Code(rawValue: SQLITE_NOTADB)
        package static let shortRead = Code(rawValue: SQLITE_IOERR | (2 << 8))
        package static let writeFailed = Code(rawValue: SQLITE_IOERR | (3 << 8))
        package static let syncFailed = Code(rawValue: SQLITE_IOERR | (4 << 8))
        package static let truncateFailed = Code(rawValue: SQLITE_IOERR | (6 << 8))
        package static let corruptFileSystem = Code(rawValue: SQLITE_IOERR | (33 << 8))
    }

    /// The extended code, such as ``Code/writeFailed``.
    package var extendedCode: Code
    /// SQLite's own words.
    package var message: String

    /// The primary code, such as ``Code/ioError``.
    package var code: Code { Code(rawValue: extendedCode.rawValue & 0xFF) }

    package init(_ code: Code, message: String? = nil) {
        extendedCode = code
        self.message = message ?? String(cString: sqlite3_errstr(code.rawValue))
    }

    package var description: String { "SQLite: \(message) (\(extendedCode.rawValue))" }
}
