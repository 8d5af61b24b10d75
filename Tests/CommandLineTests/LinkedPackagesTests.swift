import Foundation
import Testing

/// What is passed on with the program: THIRD-PARTY-NOTICES and the bill of materials, against what the linker was given.
@Suite struct LinkedPackagesTests {
    /// A package as Package.resolved pins it.
    struct Pin: Decodable, Sendable, CustomTestStringConvertible {
        struct State: Decodable, Sendable {
            let revision: String
            let version: String
        }
        let identity: String
        let location: String
        let state: State

        /// Without protocol and ending, as in a package URL.
        var place: String { location.replacing(#/^https://|\.git$/#, with: "") }
        var testDescription: String { identity }
    }

    /// The part of CycloneDX that is looked at.
    struct Bill: Decodable {
        struct Component: Decodable {
            struct Reference: Decodable { let comment: String? }
            let name: String
            let version: String?
            let purl: String?
            let externalReferences: [Reference]?
        }
        struct Metadata: Decodable { let component: Component }
        struct Dependency: Decodable {
            let ref: String
            let dependsOn: [String]
        }
        let bomFormat: String
        let specVersion: String
        let metadata: Metadata
        let components: [Component]
        let dependencies: [Dependency]
    }

    static let pins: [Pin] = {
        struct Resolved: Decodable { let pins: [Pin] }
        let data = try? Data(contentsOf: VastLua.root.appendingPathComponent("Package.resolved"))
        return data.flatMap { try? JSONDecoder().decode(Resolved.self, from: $0) }?.pins ?? []
    }()

    /// The packages whose objects the program is linked with, by the folders of their checkouts.
    static let linked: Set<String> = {
        let build = VastLua.binary.deletingLastPathComponent()
        let list = build.appendingPathComponent("vast-lua.product/Objects.LinkFileList")
        let objects = (try? String(contentsOf: list, encoding: .utf8)) ?? ""
        var found: [Substring: String?] = [:]
        for object in objects.split(separator: "\n") {
            guard let module = object.firstMatch(of: /\/([^\/]+)\.build\//), found[module.1] == nil else { continue }
            // A module of Swift has a list of its sources, one of C a list of prerequisites beside each object.
            let lists = ["\(build.path)/\(module.1).build/sources", object.dropLast(2) + ".d"]
            let sources = lists.lazy.compactMap { try? String(contentsOfFile: String($0), encoding: .utf8) }.first
            found[module.1] = .some(sources?.firstMatch(of: /\/checkouts\/([^\/\s]+)\//).map { String($0.1) })
        }
        return Set(found.values.compactMap(\.self))
    }()

    static var linkedPins: [Pin] { pins.filter { pin in linked.contains { $0.lowercased() == pin.identity } } }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: VastLua.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The same text in any arrangement of lines and spaces.
    private static func words(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    private let notices: String
    private let bill: Bill

    init() throws {
        notices = try Self.text("THIRD-PARTY-NOTICES")
        bill = try JSONDecoder().decode(Bill.self, from: Data(Self.text("packaging/vast-lua.cdx.json").utf8))
    }

    @Test("what the program is linked with can be told, and is pinned")
    func found() {
        #expect(Self.linked.count > 15 && Self.linked.contains("swift-nio-ssl"))
        #expect(Self.linkedPins.count == Self.linked.count)
    }

    @Test("a linked package is in the notices and in the bill, as it is pinned; make notices brings both up to date", arguments: linkedPins)
    func listed(pin: Pin) {
        #expect(notices.contains("\n\(pin.identity) \(pin.state.version) "))
        let component = bill.components.first { $0.name == pin.identity }
        #expect(component?.version == pin.state.version)
        #expect(component?.purl == "pkg:swift/\(pin.place)@\(pin.state.version)")
        #expect(component?.externalReferences?.first?.comment == "commit \(pin.state.revision)")
    }

    @Test("nothing that is not linked is listed")
    func nothingElse() {
        let listed = bill.components.filter { $0.purl != nil }.map(\.name)
        #expect(Set(listed) == Set(Self.linkedPins.map(\.identity)) && listed.count == Self.linkedPins.count)
        for pin in Self.pins where !listed.contains(pin.identity) { #expect(!notices.contains("\n\(pin.identity) ")) }
    }

    @Test("the licence and the NOTICE of a linked package are passed on word by word", arguments: linked.sorted())
    func texts(package: String) throws {
        let folder = VastLua.root.appendingPathComponent(".build/checkouts/\(package)")
        let passed = Self.words(notices)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains(/^(LICENSE|NOTICE)(\.\w+)?$/) }
        #expect(files.contains { $0.hasPrefix("LICENSE") })
        for file in files {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            #expect(passed.contains(Self.words(text)), "\(package)/\(file)")
        }
    }

    @Test(
        "a C library is in both, whether it is the system's or inside a package",
        arguments: ["Lua", "SQLite", "simdjson", "libedit", "zlib", "BoringSSL", "llhttp", "XKCP"])
    func libraries(name: String) {
        #expect(notices.contains("\n\(name) ") || notices.contains("\n\(name), "))
        #expect(bill.components.contains { $0.name == name })
    }

    @Test("the bill is CycloneDX 1.5 of this version, and its dependencies are in it")
    func form() throws {
        let version = try #require(try Self.text("Sources/VastLua/Runtime+Module.swift").firstMatch(of: /let version = "(.*)"/)?.1)
        #expect(bill.bomFormat == "CycloneDX" && bill.specVersion == "1.5" && bill.metadata.component.version == String(version))
        let references = Set(try Self.text("packaging/vast-lua.cdx.json").matches(of: /"bom-ref": "([^"]+)"/).map { String($0.1) })
        for dependency in bill.dependencies {
            #expect(references.contains(dependency.ref) && references.isSuperset(of: dependency.dependsOn))
        }
    }

    @Test("make install, and so each package, brings both along; the image copies them past its rule against documentation")
    func installed() throws {
        let both = "THIRD-PARTY-NOTICES packaging/vast-lua.cdx.json"
        #expect(try Self.text("Makefile").contains("install -m 644 \(both) $(DATA)/doc/vast-lua/"))
        let copied = try Self.text("Dockerfile").firstMatch(of: /COPY --from=build (.*) \/usr\/share\/doc\/vast-lua\//)
        #expect(copied?.1.contains("/src/THIRD-PARTY-NOTICES /src/packaging/vast-lua.cdx.json") == true)
    }
}
