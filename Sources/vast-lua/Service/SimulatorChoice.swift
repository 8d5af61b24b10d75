import FleetRules
import FleetClock
import FleetStore
import VastLua
import VastSimulator

/// What stands behind `--simulator=`: `FLEET`, `:WORLD`, both as `FLEET:WORLD`, or nothing.
struct SimulatorChoice: Equatable {
    /// The fleet file; nil for the fleet that the world has, else the built-in one.
    var fleet: String?
    /// The name of the world; nil for one that ends with the run.
    var world: String?

    /// For `--simulator=` with nothing behind it, as a variable that is not set leaves it.
    static let nothingNamed = UsageError("'--simulator=' names neither a fleet nor a world; write '--simulator' for the built-in fleet")

    /// - Throws: ``UsageError`` when the world's name is none.
    init(_ text: String) throws(UsageError) {
        guard let colon = text.lastIndex(of: ":"), FileKind(path: Array(text.utf8)) == nil else {
            fleet = text.isEmpty ? nil : text
            return
        }
        let (path, name) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
        // A file that is not there, and whose name has a colon.
        guard path.isEmpty || !name.contains(where: { "./".contains($0) }) else {
            fleet = text
            return
        }
        guard WorldFolder.isName(name) else {
            throw UsageError(
                "'--simulator': the name of a world has letters, digits, '_' and, but for its first sign, '-', 64 at most, not '\(PlainText.safe(name))'"
            )
        }
        (fleet, world) = (path.isEmpty ? nil : path, name)
    }

    /// How an account is called in the state: no plan of one world is applied in another.
    var account: String { world.map { "simulator:\($0)" } ?? "simulator" }

    /// The option that reaches the same world again, with a blank before it; empty for one that ends with the run.
    var option: String { world.map { " --simulator=:\($0)" } ?? "" }

    /// Where the state of the world is; nil when it ends with the run.
    ///
    /// - Throws: `StateError` when there is no place for any state.
    func directory(_ environment: ProcessEnvironment) throws -> String? {
        try world.map { WorldFolder.path($0, in: try environment.stateDirectory) }
    }

    /// The record of a world that was begun before.
    ///
    /// - Throws: ``UsageError`` when it has no name, or nobody has begun it; `StateError`.
    func begun(_ environment: ProcessEnvironment) throws -> WorldRecord {
        guard let world else {
            throw UsageError("'--simulator' alone keeps nothing; name the world, as the runs in it do: --simulator=:trial")
        }
        let state = try environment.stateDirectory
        guard let text = try WorldFolder.record(world, in: state) else {
            let names = WorldFolder.names(in: state)
            let known = names.isEmpty ? "no world was begun yet" : "there are \(names.joined(separator: ", "))"
            throw UsageError("there is no world '\(world)'; \(known)\n  to begin   vast-lua --simulator=:\(world) SCRIPT")
        }
        return try Self.read(text, of: world, in: state)
    }

    /// - Throws: ``UsageError`` with what to do about a record that is damaged.
    static func read(_ text: [UInt8], of world: String, in state: String) throws(UsageError) -> WorldRecord {
        do {
            return try WorldRecord(text)
        } catch {
            let folder = WorldFolder.path(world, in: state)
            throw UsageError(
                "the record of the world '\(world)' is damaged: \(error)\n  remove it (rm -r \(ShellWord.quoted(folder))) to begin it anew, or name another"
            )
        }
    }
}
