/// What the journal says of a run as a whole.
package struct RunInfo: Sendable, Equatable {
    /// Six hexadecimal digits, such as `7f3a9c`; people may shorten it.
    package var id: String
    /// The script's path, or what stands for it: `-`, `(command line)`, `repl`.
    package var script: String
    /// SHA-256 of the script's text; nil when there is no one text.
    package var scriptHash: String?
    /// What ran it: `run`, `apply`, `undo`, `repl`.
    package var command: String
    /// When it began, in Unix seconds.
    package var started: Double

    /// - Parameters:
    ///   - id: see ``newID(using:)``.
    ///   - script: the script's path.
    ///   - scriptHash: SHA-256 of its text; nil when there is no one text.
    ///   - command: what the run was begun as, such as `run` or `apply`.
    ///   - started: when it began, in Unix seconds.
    package init(id: String, script: String, scriptHash: String? = nil, command: String = "run", started: Double) {
        self.id = id
        self.script = script
        self.scriptHash = scriptHash
        self.command = command
        self.started = started
    }

    /// A new id.
    package static func newID(using generator: inout some RandomNumberGenerator) -> String {
        let digits = String(UInt32.random(in: 0...0xFF_FFFF, using: &generator), radix: 16)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
}
