import Foundation
import Testing
import VastLua

/// Files that are made from the declarations, and what they show.
@Suite struct GeneratedFilesTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    private func committed(_ path: String) throws -> String {
        try String(contentsOf: VastLua.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("library/vast.lua is what `vast-lua types` writes; make generated brings it up to date")
    func definitions() async throws {
        let run = try await vast.run("types", "made")
        #expect(run.code == 0 && run.output == "" && run.errors == "")
        let made = try String(contentsOf: vast.folder.appendingPathComponent("made/vast.lua"), encoding: .utf8)
        #expect(made == (try committed("library/vast.lua")))
        #expect(try await vast.run("types").output == made)
    }

    @Test("docs/lua-api.md is what `vast-lua types --markdown` writes; make generated brings it up to date")
    func reference() async throws {
        #expect(try await vast.run("types", "--markdown").output == (try committed("docs/lua-api.md")))
    }

    @Test("the definitions are Lua that can be compiled")
    func compiles() async throws {
        #expect(try await vast.run("-e", "assert(loadfile(...))", VastLua.root.appendingPathComponent("library/vast.lua").path).code == 0)
    }

    @Test("a folder that cannot be written is told")
    func unwritable() async throws {
        let run = try await vast.run("types", "/proc/nowhere")
        #expect(run.code == 2 && run.errors.contains("/proc/nowhere/vast.lua cannot be written"))
    }

    @Test("every example of the reference runs, and passes check")
    func examples() async throws {
        let all = Declaration.all + ObjectDeclaration.all.flatMap(\.methods)
        let samples = ObjectDeclaration.all.filter { !$0.methods.isEmpty }.map { ($0.name, "local sample = \($0.sample)") }
        var script = "local ok, why = true\n"
        for (name, example) in all.map({ ($0.name, $0.example) }) + samples {
            try vast.write("example.lua", example)
            script +=
                "ok, why = xpcall(function()\n\(example)\nend, debug.traceback)\nif not ok then io.stderr:write('\(name): ', tostring(why), '\\n') end\n"
        }
        let path = try vast.write("examples.lua", script)
        #expect(try await vast.run("check", path).output == "")
        let run = try await vast.run(
            "--simulator", "--dry-run", "--allow-destroy", "--allow-recycle", "--quiet", "--log-level", "error", path)
        #expect(run.errors.split(separator: "\n").allSatisfy { !$0.contains("traceback") }, "\(run.errors)")
        #expect(run.code == 0, "\(run.errors)")
    }
}
