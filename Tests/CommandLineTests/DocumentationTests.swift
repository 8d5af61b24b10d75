import Foundation
import Testing

/// Every snippet and command of the documentation does what it says.
@Suite struct DocumentationTests {
    /// A fenced block of a page.
    struct Block: Sendable, CustomTestStringConvertible {
        let page: String
        let line: Int
        /// What stands behind the fence, such as `lua` or `console output`.
        let kind: String
        let text: String

        var testDescription: String { "\(page):\(line)" }
    }

    static let pages: [String] = {
        let docs = (try? FileManager.default.contentsOfDirectory(atPath: VastLua.root.appendingPathComponent("docs").path)) ?? []
        // The reference has a test of its own: its examples run together.
        return ["README.md", "CONTRIBUTING.md"] + docs.filter { $0.hasSuffix(".md") && $0 != "lua-api.md" }.sorted().map { "docs/\($0)" }
    }()

    static let blocks: [Block] = pages.flatMap { page -> [Block] in
        guard let text = try? String(contentsOf: VastLua.root.appendingPathComponent(page), encoding: .utf8) else { return [] }
        var (blocks, open) = ([Block](), (kind: String, line: Int, lines: [String])?.none)
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            guard line.hasPrefix("```") else {
                open?.lines.append(line)
                continue
            }
            if let ended = open {
                blocks.append(Block(page: page, line: ended.line, kind: ended.kind, text: ended.lines.joined(separator: "\n")))
                open = nil
            } else {
                open = (String(line.dropFirst(3)).trimmingCharacters(in: .whitespaces), index + 2, [])
            }
        }
        return blocks
    }

    private static func blocks(_ kinds: String...) -> [Block] { blocks.filter { kinds.contains($0.kind) } }

    /// A surrounding with the scripts of the package.
    private func surrounding() throws -> VastLua {
        let vast = try VastLua()
        let links = ["scripts": "scripts", "vast-lua": VastLua.binary.path]
        for (name, target) in links {
            let url = name == "scripts" ? VastLua.root.appendingPathComponent(target) : URL(fileURLWithPath: target)
            try FileManager.default.createSymbolicLink(at: vast.folder.appendingPathComponent(name), withDestinationURL: url)
        }
        return vast
    }

    @Test("there is something to test")
    func found() {
        #expect(Self.pages.count >= 8)
        #expect(Self.blocks("lua").count >= 10 && Self.blocks("console").count >= 3)
    }

    @Test("a script passes check, and runs dry against the simulator", arguments: blocks("lua"))
    func script(block: Block) async throws {
        let vast = try surrounding()
        try vast.write("block.lua", block.text)
        let check = try await vast.run("check", "block.lua")
        #expect(check.code == 0, "\(block.testDescription): \(check.output)\(check.errors)")
        let run = try await vast.run("--simulator", "-n", "--once", "--confirm", "0", "--time-limit", "40s", "block.lua")
        #expect(run.code == 0, "\(block.testDescription): \(run.errors)")
    }

    @Test("a part of a script can be compiled", arguments: blocks("lua fragment"))
    func fragment(block: Block) async throws {
        let vast = try surrounding()
        try vast.write("block.lua", block.text)
        #expect(try await vast.run("-e", "assert(loadfile('block.lua'))").code == 0, "\(block.testDescription)")
    }

    @Test("a command of the program ends as it says", arguments: blocks("console", "console output"))
    func command(block: Block) async throws {
        let vast = try surrounding()
        for line in block.text.components(separatedBy: "\n") where line.hasPrefix("$ vast-lua") {
            let parts = line.dropFirst(2).components(separatedBy: " # ")
            let code = parts.dropFirst().compactMap { $0.firstMatch(of: /exit (\d+)/) }.first.flatMap { Int32($0.1) } ?? 0
            let run = try await vast.shell("PATH=\"$PWD:$PATH\" " + parts[0])
            #expect(run.code == code, "\(block.testDescription): \(line)\n\(run.errors)")
        }
    }

    @Test("every page that is linked is there", arguments: pages)
    func links(page: String) throws {
        let url = VastLua.root.appendingPathComponent(page)
        let text = try String(contentsOf: url, encoding: .utf8)
        for match in text.matches(of: /\]\(([^)#: ]+)(#[^)]*)?\)/) {
            let target = url.deletingLastPathComponent().appendingPathComponent(String(match.1))
            #expect(FileManager.default.fileExists(atPath: target.path), "\(page) links to \(match.1)")
        }
    }

    @Test("every script of the package passes check")
    func scripts() async throws {
        let vast = try surrounding()
        let run = try await vast.shell("PATH=\"$PWD:$PATH\" vast-lua check scripts/*.lua")
        #expect(run.code == 0, "\(run.output)\(run.errors)")
    }

    @Test("the manual page has every option and every command of the help")
    func manualPage() async throws {
        let page = try String(contentsOf: VastLua.root.appendingPathComponent("packaging/vast-lua.1"), encoding: .utf8)
            .replacing("\\-", with: "-")
        let help = try await surrounding().run("--help").output
        for option in help.matches(of: /--[a-z][a-z-]+/) { #expect(page.contains(option.output), "\(option.output)") }
        for command in [
            "plan", "apply", "history", "undo", "ls", "sample", "freeze", "thaw", "explain", "next", "simulator", "check", "types", "doctor"
        ] {
            #expect(help.contains(command) && page.contains("\n.B \(command)"), "\(command)")
        }
    }
}
