package import LuaEngine
import VastLua

/// Looks for mistakes in one script.
package struct ScriptCheck {
    private let host: LuaHost
    /// Stands for the path while the script is compiled, since Lua shortens long names.
    private static let shortName = "s"

    private let modules: RequiredModules

    /// - Parameters:
    ///   - host: compiles the scripts.
    ///   - module: finds the source of what a script requires; nil where there is none that can be read.
    package init(_ host: LuaHost, module: @escaping (String) -> [UInt8]? = { _ in nil }) {
        self.host = host
        modules = RequiredModules { module($0).map(Self.blankFirstLine) }
    }

    /// What is wrong in one place of a script.
    package struct Problem {
        /// "file:line: what is wrong"; warnings have "warning: " in front of what is wrong.
        package let text: String
        /// Whether the script may be right all the same: a warning fails nothing.
        package let isWarning: Bool
    }

    /// Each mistake, in the order of lines.
    ///
    /// - Parameters:
    ///   - source: the script's bytes.
    ///   - path: what it is called in the texts.
    /// - Throws: `LuaError` of kind `memory`.
    package func problems(in source: [UInt8], of path: String) throws -> [Problem] {
        do {
            _ = try Self.blankFirstLine(source).withUnsafeBytes { try host.load($0, name: "@\(Self.shortName)") }
        } catch let error as LuaError where error.kind != .memory {
            let prefix = "\(Self.shortName):"
            let message = ForeignCharacter.explained(error, in: source).message
            let text = message.hasPrefix(prefix) ? "\(path):\(message.dropFirst(prefix.count))" : "\(path): \(message)"
            return [Problem(text: text, isWarning: false)]
        }
        return VastNames(Declaration.names).misuses(in: Self.blankFirstLine(source), modules: modules).map {
            Problem(text: "\(path):\($0.line): \($0.isWarning ? "warning: " : "")\($0.message)", isWarning: $0.isWarning)
        }
    }

    /// A byte-order mark goes, and the first line when it starts with `#`, as for every script file; its end stays.
    private static func blankFirstLine(_ source: [UInt8]) -> [UInt8] {
        var source = source[...]
        if source.starts(with: [0xEF, 0xBB, 0xBF]) { source = source.dropFirst(3) }
        if source.first == UInt8(ascii: "#") { source = source.drop { $0 != UInt8(ascii: "\n") } }
        return Array(source)
    }
}
