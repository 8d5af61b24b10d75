internal import FleetRules
internal import SQLite

extension StateError {
    /// The error for what SQLite reports about the database at `path`.
    static func sqlite(_ error: DatabaseError, path: String) -> StateError {
        let words = error.message
        switch error.code {
        case .full:
            return StateError(.full, path: path, "the disk is full: \(path) cannot grow", next: "free some space")
        case .readOnly, .cannotOpen, .permission:
            return StateError(.readOnly, path: path, "\(path) cannot be written (\(words))", next: otherPlace)
        case .corrupt, .notADatabase, .mismatch:
            return .corrupt(path, words)
        case .busy, .locked:
            return StateError(
                .busy, path: path, "another process keeps \(path) locked",
                next: "try again; `fuser \(ShellWord.quoted(path))` shows who it is")
        case .ioError:
            return ioError(error, path: path, words)
        default:
            return StateError(.failed, path: path, "\(path): \(words)", next: otherPlace)
        }
    }

    /// The error for a file that is damaged or not ours. It is never deleted: somebody may want to rescue it.
    static func corrupt(_ path: String, _ detail: String) -> StateError {
        StateError(
            .corrupt, path: path, "\(path) is damaged or no state of vast-lua (\(detail)); it was left as it is",
            next: "move it away (mv \(ShellWord.quoted(path)) \(ShellWord.quoted("\(path).damaged"))) to begin a new one, or restore a copy"
        )
    }

    private static func ioError(_ error: DatabaseError, path: String, _ words: String) -> StateError {
        // A quota is reported as a failed write.
        switch error.extendedCode {
        case .writeFailed, .syncFailed, .truncateFailed:
            StateError(.full, path: path, "\(path) cannot be written (\(words))", next: "check space, quota and the disk")
        case .shortRead, .corruptFileSystem: .corrupt(path, words)
        default: StateError(.failed, path: path, "\(path): \(words)", next: "check the disk")
        }
    }
}
