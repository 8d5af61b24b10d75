import Foundation
import Testing

/// What each target may import, read from the files themselves.
@Suite("Arrows between targets") struct LayerTests {
    /// The targets in Swift, each with what it may import of the others.
    static let layers: [String: Set<String>] = [
        "FleetClock": [], "FleetCalendar": [], "VastJSON": ["CJSON"], "SQLite": ["CSQLite"],
        "VastModels": ["VastJSON", "FleetClock"],
        "VastAPI": ["VastModels", "VastJSON", "FleetClock", "FleetCalendar"],
        "LuaEngine": ["CLuaBridge", "FleetClock"],
        "VastSimulator": ["VastJSON", "FleetClock", "FleetCalendar"],
        "FleetRules": ["VastModels", "VastJSON", "FleetClock", "FleetCalendar"],
        "FleetStore": ["FleetRules", "VastModels", "VastJSON", "FleetClock", "FleetCalendar", "SQLite"],
        "FleetRecording": ["FleetRules", "VastModels", "VastJSON", "FleetClock", "FleetCalendar"],
        "FleetSafety": ["FleetStore", "FleetRules", "VastAPI", "VastModels", "VastJSON", "FleetClock", "FleetCalendar"],
        "VastLua": [
            "FleetSafety", "FleetStore", "FleetRules", "LuaEngine", "VastAPI", "VastModels", "VastJSON", "FleetClock", "FleetCalendar"
        ],
        "ScriptSandbox": [
            "VastLua", "LuaEngine", "FleetSafety", "FleetStore", "FleetRules", "VastAPI", "VastModels", "VastJSON", "FleetClock"
        ],
        "FleetBacktest": [
            "FleetRecording", "VastLua", "FleetSafety", "LuaEngine", "VastAPI", "VastModels", "VastJSON", "FleetClock"
        ],
        "LuaCheck": ["VastLua", "LuaEngine", "VastJSON"],
        "vast-lua": [
            "LuaCheck", "ScriptSandbox", "FleetBacktest", "VastLua", "VastSimulator", "FleetSafety", "FleetRecording", "FleetStore",
            "FleetRules",
            "LuaEngine", "VastAPI", "VastModels", "VastJSON",
            "FleetClock", "FleetCalendar", "CSignals", "CEditLine"
        ]
    ]

    /// What comes with Swift and its system, which every target may use.
    private static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "Glibc", "Darwin", "Musl"
    ]

    /// The packages of others, with the targets that may use each.
    private static let packages: [String: Set<String>] = [
        "NIOCore": ["VastAPI", "VastSimulator"], "NIOPosix": ["VastAPI", "VastSimulator"], "NIOHTTP1": ["VastAPI", "VastSimulator"],
        "NIOSSL": ["VastAPI"], "AsyncHTTPClient": ["VastAPI"], "Hummingbird": ["VastSimulator"], "HummingbirdCore": ["VastSimulator"],
        "HTTPTypes": ["VastSimulator"], "Crypto": ["FleetStore"], "Subprocess": ["VastLua"], "ArgumentParser": ["vast-lua"],
        "HeapModule": ["FleetClock", "FleetRecording", "LuaEngine"],
        "Logging": ["VastAPI", "VastSimulator", "VastLua", "ScriptSandbox", "FleetBacktest", "vast-lua"]
    ]

    @Test("every target in Swift has its place")
    func complete() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.appendingPathComponent("Sources").path)
        #expect(Set(folders.filter { !SourceTree.files(of: $0).isEmpty }) == Set(Self.layers.keys))
    }

    @Test("an import points to a target below, and a package of others is used only where it may be", arguments: layers.keys.sorted())
    func imports(target: String) throws {
        let files = SourceTree.files(of: target)
        #expect(!files.isEmpty)
        for file in files {
            for module in try SourceTree.imports(of: file).subtracting(Self.system) {
                let isAllowed = Self.layers[target]?.contains(module) == true || Self.packages[module]?.contains(target) == true
                #expect(isAllowed, "\(file) imports \(module)")
            }
        }
    }

    @Test("the manifest of the benchmarks, too, gives a target what its sources import", arguments: layers.keys.sorted())
    func benchmarks(target: String) throws {
        let manifest = try String(contentsOf: SourceTree.root.appendingPathComponent("Benchmarks/Package.swift"), encoding: .utf8)
        let parts = manifest.split(separator: /\.(?:target|executableTarget|systemLibrary)\(/)
        guard let part = parts.first(where: { $0.contains("name: \"\(target)\"") }) else { return }
        for file in SourceTree.files(of: target) {
            for module in try SourceTree.imports(of: file).subtracting(Self.system) {
                #expect(part.contains("\"\(module)\""), "\(file) imports \(module)")
            }
        }
    }

    @Test("no two targets may import each other, whatever lies between")
    func acyclic() {
        for target in Self.layers.keys {
            var seen = Set<String>()
            var waiting = Array(Self.layers[target] ?? [])
            while let next = waiting.popLast() {
                if seen.insert(next).inserted { waiting += Self.layers[next] ?? [] }
            }
            #expect(!seen.contains(target), "\(target) reaches itself")
        }
    }

    @Test("models and rules touch neither network nor disk", arguments: ["VastModels", "FleetRules"])
    func pure(target: String) throws {
        let outside: Set<String> = ["Glibc", "Darwin", "Musl", "SQLite", "Dispatch", "Foundation"]
        for file in SourceTree.files(of: target) {
            let text = try String(contentsOf: SourceTree.root.appendingPathComponent(file), encoding: .utf8)
            #expect(!text.contains(/\b(FileManager|URLSession|Process|FileHandle)\b[.(]/), "\(file)")
            // Foundation stands in for FoundationEssentials where that is not there.
            let imports = try SourceTree.imports(of: file).intersection(outside)
            #expect(imports.subtracting(text.contains("import FoundationEssentials") ? ["Foundation"] : []).isEmpty, "\(file): \(imports)")
        }
    }
}
