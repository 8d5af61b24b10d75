internal import CSQLite

/// What SQLite reports, without the values that a statement was given: those may be somebody's secrets.
package struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// SQLite's own numbers (sqlite.org/rescode.html).
    package struct Code: RawRepresentable, Sendable, Hashable {
        /// The number of a primary code, or an extended one with the primary code in its low 8 bits.
        package let rawValue: Int32

        /// Any number is a code: later versions of SQLite have more of them.
        package init(rawValue: Int32) { self.rawValue = rawValue }

        /// SQLite's own logic has failed.
        package static let internalError = Code(rawValue: SQLITE_INTERNAL)
        /// The file may not be opened in the way that was asked for.
        package static let permission = Code(rawValue: SQLITE_PERM)
        /// Another process holds the lock that is needed.
        package static let busy = Code(rawValue: SQLITE_BUSY)
        /// Something else in this process holds the lock that is needed.
        package static let locked = Code(rawValue: SQLITE_LOCKED)
        /// The file cannot be written.
        package static let readOnly = Code(rawValue: SQLITE_READONLY)
        /// The system reported an error while it read or wrote.
        package static let ioError = Code(rawValue: SQLITE_IOERR)
        /// The file is a database, and damaged.
        package static let corrupt = Code(rawValue: SQLITE_CORRUPT)
        /// The disk is full.
        package static let full = Code(rawValue: SQLITE_FULL)
        /// The file, or one beside it, cannot be opened.
        package static let cannotOpen = Code(rawValue: SQLITE_CANTOPEN)
        /// A constraint of a table is violated.
        package static let constraint = Code(rawValue: SQLITE_CONSTRAINT)
        /// A value has another type than it must have; ``Row`` throws it too.
        package static let mismatch = Code(rawValue: SQLITE_MISMATCH)
        /// A value was bound to a parameter that the statement does not have.
        package static let range = Code(rawValue: SQLITE_RANGE)
        /// The file holds something else than a database.
        package static let notADatabase = Code(rawValue: SQLITE_NOTADB)
        /// A read returned fewer bytes than there must be.
        package static let shortRead = Code(rawValue: SQLITE_IOERR | (2 << 8))
        /// A write did not succeed.
        package static let writeFailed = Code(rawValue: SQLITE_IOERR | (3 << 8))
        /// What was written could not be brought to the disk.
        package static let syncFailed = Code(rawValue: SQLITE_IOERR | (4 << 8))
        /// The file could not be cut.
        package static let truncateFailed = Code(rawValue: SQLITE_IOERR | (6 << 8))
        /// The file system itself reports damage.
        package static let corruptFileSystem = Code(rawValue: SQLITE_IOERR | (33 << 8))
    }

    /// The extended code, such as ``Code/writeFailed``.
    package var extendedCode: Code
    /// SQLite's own words.
    package var message: String

    /// The primary code, such as ``Code/ioError``.
    package var code: Code { Code(rawValue: extendedCode.rawValue & 0xFF) }

    /// - Parameter message: nil: SQLite's own words for the code.
    package init(_ code: Code, message: String? = nil) {
        extendedCode = code
        self.message = message ?? String(cString: sqlite3_errstr(code.rawValue))
    }

    package var description: String { "SQLite: \(message) (\(extendedCode.rawValue))" }
}
