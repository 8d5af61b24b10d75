#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

extension StateError {
    /// The error for a system call that failed.
    ///
    /// - Parameters:
    ///   - number: `errno` after the call.
    ///   - doing: what was tried, such as "make the directory".
    static func system(_ number: Int32, _ doing: String, path: String) -> StateError {
        let words = "cannot \(doing) \(path): \(String(cString: strerror(number)))"
        switch number {
        case ENOSPC, EDQUOT: return StateError(.full, path: path, words, next: "free some space")
        case EROFS: return StateError(.readOnly, path: path, words, next: otherPlace)
        case EACCES, EPERM: return StateError(.permission, path: path, words, next: "check the owner and mode, or \(otherPlace)")
        default: return StateError(.failed, path: path, words, next: otherPlace)
        }
    }

    static let otherPlace = "set VAST_LUA_STATE to a directory on a local disk that you may write"
}
