import FleetStore
import Glibc
import VastAPI

extension ScriptMemory {
    /// Opens what earlier runs of the script have left; nil for what is no file, and in a simulated world that ends with the run.
    ///
    /// - Throws: ``StateError``; ``VastError`` when there is no key.
    static func open(
        for invocation: ScriptInvocation, _ database: StateDatabase?, _ connection: FleetConnection
    ) throws -> ScriptMemory? {
        guard let path = invocation.scriptPath, let database else { return nil }
        try database.open()
        return ScriptMemory(database, account: try connection.accountName(), script: absolute(path))
    }

    static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
