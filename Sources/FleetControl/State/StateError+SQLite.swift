internal import GRDB

extension StateError {
    /// The error for what SQLite reports about the database at `path`.
    static func sqlite(_ error: DatabaseError, path: String) -> StateError {
        let words = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_FULL:
            return StateError(.full, path: path, "the disk is full: \(path) cannot grow", next: "free some space")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            return StateError(.readOnly, path: path, "\(path) cannot be written (\(words))", next: otherPlace)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return .corrupt(path, words)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StateError(
                .busy, path: path, "another process keeps \(path) locked", next: "try again; `fuser \(path)` shows who it is")
        case .SQLITE_IOERR:
            return ioError(error, path: path, words)
        default:
            return StateError(.failed, path: path, "\(path): \(words)", next: otherPlace)
        }
    }

    /// The error for a file that is damaged or not ours. It is never deleted: somebody may want to rescue it.
    static func corrupt(_ path: String, _ detail: String) -> StateError {
        StateError(
            .corrupt, path: path, "\(path) is damaged or no state of vast-lua (\(detail)); it was left as it is",
            next: "move it away (mv \(path) \(path).damaged) to begin a new one, or restore a copy")
    }

    private static func ioError(_ error: DatabaseError, path: String, _ words: String) -> StateError {
        // A quota is reported as a failed write.
        switch error.extendedResultCode {
        case .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_TRUNCATE:
            StateError(.full, path: path, "\(path) cannot be written (\(words))", next: "check space, quota and the disk")
        case .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_CORRUPTFS: .corrupt(path, words)
        default: StateError(.failed, path: path, "\(path): \(words)", next: "check the disk")
        }
    }
}
