import FleetClock
import Foundation
import LuaEngine
import Testing

@testable import LuaCheck
@testable import VastLua

/// Of everything that the project shows, one name is misspelt: `check` says so. `VAST_LUA_SEEDS` says how often each is tried.
@Suite struct MisspellingLawTests {
    /// How many of a hundred mistakes are found, at least.
    private static let share = 98.0

    private static let seeds = ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"].flatMap { Int($0) }
    private static let tries = seeds ?? 8
    /// Whether somebody wants to see what is missed.
    private static let isSweep = seeds != nil

    /// The scripts, the blocks of the pages that are whole, and the examples of the declarations.
    private static let sources: [(name: String, text: String)] = {
        let folder = VastLua.root.appendingPathComponent("scripts")
        let scripts = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted().compactMap { name in
            (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)).map { ("scripts/\(name)", $0) }
        }
        let blocks = DocumentationTests.blocks.filter { $0.kind == "lua" }.map { ($0.testDescription, $0.text) }
        let declarations = Declaration.all.map { ("vast.\($0.name)", $0.example) }
        let methods = ObjectDeclaration.all.flatMap { object in object.methods.map { ("\(object.name):\($0.name)", $0.example) } }
        return scripts + blocks + declarations + methods
    }()

    @Test("nothing is found in what is right")
    func right() throws {
        let host = try LuaHost(clock: SystemClock())
        defer { host.close() }
        #expect(Self.sources.count > 100)
        for (name, text) in Self.sources {
            let problems = try ScriptCheck(host).problems(in: Array(text.utf8), of: name)
            #expect(problems.isEmpty, "\(problems.map(\.text))")
        }
    }

    @Test("a misspelt name of ours, of Lua's or of a variable, or a misspelt word, is found nearly always")
    func misspelt() throws {
        let host = try LuaHost(clock: SystemClock())
        defer { host.close() }
        var (tried, found, missed) = ([MisspellingPlaces.Kind: Int](), [MisspellingPlaces.Kind: Int](), [String]())
        for (number, source) in Self.sources.enumerated() {
            let places = MisspellingPlaces(source.text)
            // Scripts have more to get wrong than examples of a line.
            let tries = Self.tries * (source.name.hasPrefix("scripts/") ? 5 : 1)
            for seed in 0..<UInt64(tries) {
                var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(number))
                guard let kind = MisspellingPlaces.Kind.allCases.randomElement(using: &generator),
                    let place = places.places.filter({ $0.kind == kind }).randomElement(using: &generator),
                    let (text, wrong) = places.misspelt(at: place, &generator)
                else { continue }
                tried[kind, default: 0] += 1
                if try ScriptCheck(host).problems(in: Array(text.utf8), of: source.name).isEmpty {
                    missed.append("\(kind) '\(place.name)' as '\(wrong)' in \(source.name): \(Self.line(of: place, in: source.text))")
                } else {
                    found[kind, default: 0] += 1
                }
            }
        }
        let (all, told) = (tried.values.reduce(0, +), found.values.reduce(0, +))
        let shares = tried.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \(found[$0.key] ?? 0) of \($0.value)" }
        print("misspellings found: \(told) of \(all); \(shares.joined(separator: ", "))")
        if Self.isSweep { print(missed.joined(separator: "\n")) }
        #expect(all > 500)
        #expect(Double(told) * 100 / Double(all) >= Self.share, "\(told) of \(all); missed:\n\(missed.joined(separator: "\n"))")
    }

    private static func line(of place: MisspellingPlaces.Place, in text: String) -> Substring { text[text.lineRange(for: place.range)] }
}
