package import VastModels

/// Why the state on disk cannot be used: what happened, to which file, and what to do next.
package struct StateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Kind: String, Sendable, CaseIterable {
        /// No directory is named.
        case noPlace = "no_place"
        /// The directory is on a network file system, where locks and shared memory do not hold.
        case network
        /// The file or its directory cannot be written.
        case readOnly = "read_only"
        /// The disk or the quota is full.
        case full
        /// The file is damaged, or no database at all.
        case corrupt
        /// A later version of vast-lua wrote it.
        case newer
        /// Other processes held it for longer than the busy time-out.
        case busy
        /// We may not use it, or others may write to it.
        case permission
        /// The file that is open is no longer the one at its path.
        case takenAway = "taken_away"
        /// Anything else that the system or SQLite reports.
        case failed
    }

    /// What kind of failure it is; compare this, never the text.
    package var kind: Kind
    /// The file or directory.
    package var path: String
    /// What happened.
    package var message: String
    /// What to do about it.
    package var next: String

    /// - Parameters:
    ///   - path: the file or directory.
    ///   - message: what happened.
    ///   - next: what to do about it.
    package init(_ kind: Kind, path: String, _ message: String, next: String) {
        self.kind = kind
        self.path = path
        self.message = message
        self.next = next
    }

    /// The error for a file that is open and no longer at its path.
    static func takenAway(_ path: String) -> StateError {
        StateError(
            .takenAway, path: path, "the state file \(path) was removed or replaced while this run was using it", next: "start again")
    }

    package var description: String { "\(message); \(next)" }

    /// The error of a change that was not sent because it could not be noted: of kind `guard`, which ends a list.
    package var refusal: VastError {
        VastError(.guard, "no change is made that cannot be noted: \(self)", code: VastError.stateCode, cause: self)
    }
}
