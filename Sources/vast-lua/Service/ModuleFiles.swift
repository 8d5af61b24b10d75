/// Where `require` of a script looks for modules written in Lua, for reading them without running anything.
struct ModuleFiles {
    /// More than this is no module.
    private static let longest = 4 << 20

    private let patterns: [String]

    /// - Parameter script: the script's path; modules beside it come first, as when it runs.
    init(script: String) {
        let folder = script.contains("/") ? String(script[..<(script.lastIndex(of: "/") ?? script.startIndex)]) : "."
        let usual = "./?.lua;./?/init.lua"
        let path = (Self.variable("LUA_PATH_5_4") ?? Self.variable("LUA_PATH") ?? usual).replacing(";;", with: ";\(usual);")
        patterns = ["\(folder)/?.lua", "\(folder)/?/init.lua"] + path.split(separator: ";").map(String.init)
    }

    private static func variable(_ name: String) -> String? {
        ProcessEnvironment.bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The source of a module; nil where there is none that can be read.
    func source(of name: String) -> [UInt8]? {
        guard !name.isEmpty, name.utf8.count <= 200, !name.contains("\0") else { return nil }
        let stem = name.replacing(".", with: "/")
        for pattern in patterns {
            if let source = try? FileBytes.readIfPresent(pattern.replacing("?", with: stem), for: "the module", limit: Self.longest) {
                return source
            }
        }
        return nil
    }
}
