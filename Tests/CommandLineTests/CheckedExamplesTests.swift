import Foundation
import Testing

@testable import LuaCheck
@testable import VastLua

/// `check` as a program, and on everything that the project itself shows.
@Suite struct CheckedExamplesTests {
    private func misuses(_ source: String) -> [VastNames.Misuse] { VastNames(Declaration.names).misuses(in: Array(source.utf8)) }

    @Test("warnings alone leave the exit code at 0, and say that they are warnings")
    func exitCode() async throws {
        let vast = try VastLua()
        try vast.write("a.lua", "local i = vast.instance(12)\nif i.gpu_util < 5 then print(i) end\n")
        let run = try await vast.run("check", "a.lua")
        #expect(run.code == 0)
        let hint = "test it first: 'i.gpu_util and …'"
        #expect(run.output == "a.lua:2: warning: 'i.gpu_util' can be nil, and nil cannot be compared: \(hint)\n")
        try vast.write("b.lua", "local i = vast.instance(12)\nif i.gpu_utl then print(i) end\n")
        #expect(try await vast.run("check", "a.lua", "b.lua").code == 1)
    }

    @Test("the scripts, the pages and the examples of the declarations give no finding")
    func examples() throws {
        let folder = VastLua.root.appendingPathComponent("scripts")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            #expect(misuses(try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) == [], "\(name)")
        }
        for block in DocumentationTests.blocks where block.kind.hasPrefix("lua") {
            #expect(misuses(block.text) == [], "\(block.testDescription)")
        }
        for declaration in Declaration.all + ObjectDeclaration.all.flatMap(\.methods) {
            #expect(misuses(declaration.example) == [], "\(declaration.name)")
        }
    }
}
