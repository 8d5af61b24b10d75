import CSignals
import FleetStore
import Glibc
import VastAPI

/// What the program takes from its environment, read once before Lua starts.
struct ProcessEnvironment: Sendable {
    private static let names =
        [
            "VAST_API_KEY", "VAST_API_KEY_FILE", "CREDENTIALS_DIRECTORY", "VAST_URL", "VAST_LUA_STATE", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
            "HOME", "NO_COLOR", "TERM", "TZ", "TZDIR"
        ] + NetworkSettings.names

    let values: [String: String]

    init(values: [String: String]) { self.values = values }

    /// Reads what concerns us, and wipes the key: no `os.getenv`, no child and no /proc/self/environ shows it afterwards.
    static func take() -> ProcessEnvironment {
        var values: [String: String] = [:]
        for name in names { values[name] = bytes(of: name).map { String(decoding: $0, as: UTF8.self) } }
        vast_environment_wipe("VAST_API_KEY")
        return ProcessEnvironment(values: values)
    }

    /// The value of any variable, as it is now.
    static func bytes(of name: String) -> [UInt8]? {
        guard let value = getenv(name) else { return nil }
        return UnsafeBufferPointer(start: value, count: strlen(value)).map { UInt8(bitPattern: $0) }
    }

    /// The value of a variable that is set and not empty.
    subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The proxies and certificates that it names.
    var network: NetworkSettings { NetworkSettings(environment: values) }

    /// The home directory: `HOME`, else what the system knows of the user.
    var home: String {
        if let home = self["HOME"] { return home }
        guard let entry = getpwuid(getuid()), let directory = entry.pointee.pw_dir else { return "/" }
        return String(cString: directory)
    }

    /// Where everything that outlives a run is kept, as ``StateLocation`` says.
    ///
    /// - Throws: ``StateError`` where nothing names a directory, or a relative path is given.
    var stateDirectory: String {
        get throws(StateError) { try StateLocation.directory(environment: values, home: home) }
    }
}
