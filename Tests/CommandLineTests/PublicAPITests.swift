import Foundation
import Testing

/// What the library products declare as public is written down in `docs/api`, so that a change of it is seen in a diff.
@Suite struct PublicAPITests {
    /// The part of a symbol graph that is looked at.
    private struct SymbolGraph: Decodable {
        struct Identifier: Decodable { let precise: String }
        struct Kind: Decodable { let identifier: String }
        struct Fragment: Decodable { let spelling: String }
        struct Symbol: Decodable {
            let kind: Kind
            let identifier: Identifier
            let pathComponents: [String]
            let declarationFragments: [Fragment]

            /// The word that begins its declaration when it has members; nil for what has none.
            var typeWord: String? {
                let word = kind.identifier.replacing("swift.", with: "")
                return ["struct", "enum", "class", "protocol", "actor"].contains(word) ? word : nil
            }
            var path: String { pathComponents.joined(separator: ".") }
            var parent: String { pathComponents.dropLast().joined(separator: ".") }
            var declaration: String {
                declarationFragments.map(\.spelling).joined().split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
        }
        struct Relationship: Decodable {
            let kind: String
            let source: String
            let target: String
            let targetFallback: String?
        }
        let symbols: [Symbol]
        let relationships: [Relationship]
    }

    /// The libraries, and the modules whose types they show.
    static let modules = ["VastAPI", "VastModels", "LuaEngine", "FleetClock", "VastJSON"]

    /// What every type conforms to says nothing.
    private static let ownWords: Set = ["Copyable", "Escapable", "SendableMetatype", "BitwiseCopyable"]

    /// How the module was compiled, as the build's own description says.
    private static func compilation(of module: String) throws -> [String] {
        let folder = VastLua.binary.deletingLastPathComponent()
        let build = folder.deletingLastPathComponent().deletingLastPathComponent()
        let description = try String(contentsOf: build.appendingPathComponent("\(folder.lastPathComponent).yaml"), encoding: .utf8)
        let start = try #require(description.firstRange(of: "\"C.\(module)-"))
        let arguments = try #require(description[start.upperBound...].firstMatch(of: /\n {4}args: (\[.*\])\n/))
        return try JSONDecoder().decode([String].self, from: Data(arguments.1.utf8))
    }

    private static func graphs(of module: String) async throws -> [SymbolGraph] {
        let compilation = try compilation(of: module)
        let tool = URL(fileURLWithPath: try #require(compilation.first)).deletingLastPathComponent()
            .appendingPathComponent("swift-symbolgraph-extract").path
        var words = [tool, "-module-name", module, "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", "."]
        for (word, next) in zip(compilation, compilation.dropFirst()) {
            if ["-I", "-Xcc", "-target"].contains(word) { words += [word, next] } else if word.hasPrefix("-I") { words.append(word) }
        }
        let vast = try VastLua()
        let run = try await vast.shell(words.map { "'\($0)'" }.joined(separator: " "))
        try #require(run.code == 0, "\(run.errors)")
        return try FileManager.default.contentsOfDirectory(atPath: vast.folder.path).filter { $0.hasSuffix(".symbols.json") }.sorted().map {
            try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: vast.folder.appendingPathComponent($0)))
        }
    }

    /// A type a paragraph, its members sorted below it; first what belongs to no type.
    private static func listing(of module: String) async throws -> String {
        let graphs = try await graphs(of: module)
        let symbols = graphs.flatMap(\.symbols)
        let paths = Dictionary(symbols.map { ($0.identifier.precise, $0.path) }) { first, _ in first }
        var conformances: [String: Set<String>] = [:]
        for relation in graphs.flatMap(\.relationships) where ["conformsTo", "inheritsFrom"].contains(relation.kind) {
            let name = paths[relation.target] ?? relation.targetFallback?.replacing(/^Swift\./, with: "") ?? ""
            if !name.isEmpty, !ownWords.contains(name) { conformances[relation.source, default: []].insert(name) }
        }
        let types = Dictionary(symbols.filter { $0.typeWord != nil }.map { ($0.path, $0) }) { first, _ in first }
        let members = Dictionary(grouping: symbols.filter { $0.typeWord == nil }, by: \.parent)
        let paragraphs = Set(types.keys).union(members.keys).sorted().map { path in
            var heading = path.isEmpty ? "// of the module" : "extension \(path)"
            if let type = types[path] {
                let names = conformances[type.identifier.precise, default: []].sorted().joined(separator: ", ")
                heading = "\(type.typeWord ?? "") \(path)" + (names.isEmpty ? "" : ": \(names)")
            }
            let lines = Set((members[path] ?? []).map(\.declaration)).sorted().map { "    \($0)" }
            return ([heading] + lines).joined(separator: "\n")
        }
        return "// What \(module) declares as public. Written by `make api`.\n\n" + paragraphs.joined(separator: "\n\n") + "\n"
    }

    @Test("docs/api has the public declarations of a library as they are; make api brings it up to date", arguments: modules)
    func listing(module: String) async throws {
        let file = VastLua.root.appendingPathComponent("docs/api/\(module).txt")
        let made = try await Self.listing(of: module)
        if ProcessInfo.processInfo.environment["VAST_LUA_WRITE_API"] != nil {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(made.utf8).write(to: file)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        let difference = made.components(separatedBy: "\n").difference(from: kept.components(separatedBy: "\n"))
        let told = difference.map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
        #expect(told == [], "\(module)")
    }
}
