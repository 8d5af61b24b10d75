#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where the state of all runs lies: `VAST_LUA_STATE`, else `$XDG_STATE_HOME/vast-lua`, else
/// `~/.local/state/vast-lua`.
package enum StateLocation {
    /// The directory that an environment names.
    ///
    /// - Parameters:
    ///   - environment: variables by name; empty ones count as not set, as the XDG specification wants it.
    ///   - home: the home directory that is used when the environment has no `HOME`.
    /// - Throws: ``StateError`` of kind `noPlace` when nothing names a directory, or a relative path is given.
    package static func directory(environment: [String: String], home: String? = nil) throws(StateError) -> String {
        if let own = environment["VAST_LUA_STATE"].nonEmpty {
            guard own.hasPrefix("/") else { throw noPlace("VAST_LUA_STATE is \"\(own)\", which is not an absolute path") }
            return own.withoutTrailingSlash
        }
        if let base = environment["XDG_STATE_HOME"].nonEmpty {
            // The XDG specification would have it ignored; the state would lie where nobody looks for it.
            guard base.hasPrefix("/") else { throw noPlace("XDG_STATE_HOME is \"\(base)\", which is not an absolute path") }
            return "\(base.withoutTrailingSlash)/vast-lua"
        }
        guard let home = environment["HOME"].nonEmpty ?? home.nonEmpty else {
            throw noPlace("neither VAST_LUA_STATE, XDG_STATE_HOME nor HOME names a directory")
        }
        guard home.hasPrefix("/") else { throw noPlace("HOME is \"\(home)\", which is not an absolute path") }
        return "\(home == "/" ? "" : home.withoutTrailingSlash)/.local/state/vast-lua"
    }

    private static func noPlace(_ why: String) -> StateError {
        StateError(
            .noPlace, path: "", "no place for the state: \(why)",
            next: "set VAST_LUA_STATE to the absolute path of a directory on a local disk")
    }
}

extension String? {
    fileprivate var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}

extension String {
    fileprivate var withoutTrailingSlash: String {
        var text = Substring(self)
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }
}
