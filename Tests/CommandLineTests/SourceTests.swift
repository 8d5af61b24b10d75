import Foundation
import Testing

/// What is promised of the sources themselves.
@Suite struct SourceTests {
    private static let sources = VastLua.root.appendingPathComponent("Sources")

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: VastLua.root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func swiftFiles() throws -> [String] {
        try #require(FileManager.default.subpaths(atPath: sources.path)).filter { $0.hasSuffix(".swift") }
    }

    @Test("nothing but the verbs' own files switches over a verb")
    func verbs() throws {
        var found: [String] = []
        for file in try Self.swiftFiles() where !file.hasPrefix("VastModels/Verbs/") {
            let text = try String(contentsOf: Self.sources.appendingPathComponent(file), encoding: .utf8)
            // `switch verb.rules.payload` asks the verb; `switch change.verb {` tells verbs apart.
            if text.contains(/switch [^{\n]*[vV]erb\)? *\{/) { found.append(file) }
        }
        #expect(found == [])
    }

    @Test(
        "every Swift package has one exact version, the one that Package.resolved pins",
        arguments: ["Package.swift", "Benchmarks/Package.swift"])
    func versions(manifest: String) throws {
        struct Resolved: Decodable {
            struct Pin: Decodable {
                struct State: Decodable { let version: String? }
                let location: String
                let state: State
            }
            let pins: [Pin]
        }
        let text = try String(contentsOf: VastLua.root.appendingPathComponent(manifest), encoding: .utf8)
        let pinned = try JSONDecoder().decode(
            Resolved.self, from: Data(contentsOf: VastLua.root.appendingPathComponent("Package.resolved"))
        ).pins
        let named = text.matches(of: /url: "([^"]+)", *([^)]*)/)
        #expect(named.count >= 5)
        for package in named {
            let pin = pinned.first { $0.location.replacing(/\.git$/, with: "") == package.1 }
            let version = try #require(pin?.state.version, "\(package.1) is not in Package.resolved")
            #expect(package.2.hasPrefix("exact: \"\(version)\""), "\(manifest): \(package.0)")
        }
    }

    @Test(
        "every Python package that is downloaded has one exact version and its hashes",
        arguments: [
            "Makefile": "Tests/Interop/lua_suite.txt", "Tests/Interop/official_client.py": "Tests/Interop/official_client.txt",
            "Tests/Interop/language_server.py": "Tests/Interop/language_server.txt",
            "Benchmarks/figures/peers.py": "Benchmarks/figures/peers.txt"
        ])
    func hashes(script: String, requirements: String) throws {
        let text = try Self.text(script)
        #expect(text.matches(of: /pip"?,? "?(download|install)/).count == 1 && text.contains("--require-hashes"))
        let wanted = try Self.text(requirements).replacing("\\\n", with: " ").split(separator: "\n").filter {
            !$0.hasPrefix("#") && !$0.hasPrefix("-r ")
        }
        #expect(!wanted.isEmpty)
        for line in wanted {
            #expect(line.contains(/^[a-z0-9-]+==[0-9][^ ]* .*--hash=sha256:[0-9a-f]{64}/), "\(requirements): \(line.prefix(40))")
        }
    }

    @Test("an action of a workflow is pinned by its commit, with its version beside it")
    func actions() throws {
        let folder = VastLua.root.appendingPathComponent(".github/workflows")
        let used = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().flatMap {
            try Self.text(".github/workflows/\($0)").matches(of: /uses: *(.*)/).map { String($0.1) }
        }
        #expect(used.count >= 3)
        for action in used { #expect(action.contains(/^[\w\/.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/), "\(action)") }
    }

    @Test("CI, the release and the image take the same image of Swift")
    func images() throws {
        let named = try [".github/workflows/ci.yml", ".github/workflows/release.yml", "Dockerfile"].map {
            try Self.text($0).matches(of: /swift:[\w.@:-]+/).map { String($0.output) }
        }
        #expect(named.allSatisfy { $0.count == 1 && $0 == named[0] }, "\(named)")
    }

    /// With all parts of a version, so that it leads to one image but for rebuilds of that; or with the digest of one.
    private static func isExact(_ image: String) -> Bool {
        image.contains(/@sha256:[0-9a-f]{64}$/) || image.contains(/:\d+\.\d+\.\d+(-[a-z]+)?$/)
            || image.contains(/^debian:\d+\.\d+(-slim)?$/)
    }

    @Test("an image is named by its digest, or by a tag that has all parts of a version")
    func exactImages() throws {
        let files = [".github/workflows/ci.yml", ".github/workflows/release.yml", "Dockerfile"]
        let images = try files.flatMap { try Self.text($0).matches(of: /(?m)^ *(?:container:|image:|FROM) *(\S+)/).map { String($0.1) } }
        #expect(images.count >= 4)
        for image in images { #expect(Self.isExact(image), "\(image)") }
        for loose in ["swift:6.3-bookworm", "swift:latest", "swift", "debian:12-slim", "debian:bookworm", "swift:6.3.1-bookworm@sha256:12"]
        {
            #expect(!Self.isExact(loose), "\(loose)")
        }
        #expect(Self.isExact("swift:6.3.1-bookworm@sha256:" + String(repeating: "0a", count: 32)))
    }

    /// What is tracked, and is not made by a build: files and folders, from the root.
    private static let tree: Set<String> = {
        let parts = try? FileManager.default.contentsOfDirectory(atPath: VastLua.root.path).filter {
            ![".build", ".git", "dist", ".swiftpm"].contains($0) && !$0.hasPrefix(".build-")
        }
        return Set(
            (parts ?? []).flatMap { part in
                let below = FileManager.default.subpaths(atPath: VastLua.root.appendingPathComponent(part).path) ?? []
                return [part] + below.filter { !$0.contains(".build/") }.map { "\(part)/\($0)" }
            })
    }()

    /// What a page names as a path: from the root, or a source file by its end.
    private static func namedPaths(_ page: String) throws -> [String] {
        let roots = "Sources|Tests|scripts|docs|library|deploy|packaging|Benchmarks|\\.ci|\\.github"
        let path = try Regex("`((?:\(roots))/[A-Za-z0-9_+./@-]*|[A-Za-z0-9_+./-]+\\.swift)`", as: (Substring, Substring).self)
        return try text(page).matches(of: path).map { String($0.output.1) }
    }

    @Test(
        "each path that a page names is in the tree", arguments: DocumentationTests.pages + ["SECURITY.md"])
    func paths(page: String) throws {
        let missing = try Self.namedPaths(page).filter { name in
            let path = name.hasSuffix("/") ? String(name.dropLast()) : name
            return !Self.tree.contains(path) && !(path.hasSuffix(".swift") && Self.tree.contains { $0.hasSuffix("/" + path) })
        }
        #expect(missing == [])
    }

    @Test(
        "the pages for developers name many paths",
        arguments: ["docs/architecture.md": 50, "docs/adding-an-endpoint.md": 25, "docs/adding-a-module.md": 10])
    func manyPaths(page: String, least: Int) throws {
        #expect(try Self.namedPaths(page).count >= least)
    }
}
