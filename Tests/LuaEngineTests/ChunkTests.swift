import LuaEngine
import Testing

@Suite("Chunks")
struct ChunkTests {
    @Test("a chunk returns its values with their types")
    func results() async throws {
        #expect(try await run("return nil, true, 7, 7.5, 'text', '\\xff'") == [nil, true, 7, 7.5, "text", .bytes([255])])
    }

    @Test("a chunk that could go on is incomplete", arguments: ["for i = 1, 3 do", "x = ", "return {1,", "s = [[a"])
    func incomplete(source: String) async throws {
        #expect(try await failure(source).kind == .syntax(isIncomplete: true))
    }

    @Test("a chunk that can never parse is not incomplete", arguments: ["x = = 1", "end", "goto nowhere", "x = 'a\nb'"])
    func wrong(source: String) async throws {
        #expect(try await failure(source).kind == .syntax(isIncomplete: false))
    }

    @Test("precompiled code is refused")
    func binary() async throws {
        let error = try await failure("\u{1B}Lua")
        #expect(error.kind == .syntax(isIncomplete: false))
        #expect(error.message.contains("attempt to load a binary chunk"))
    }

    @Test("a missing script file is a file error that names it")
    func missingFile() async throws {
        let kind = try await withHost { host in
            do { _ = try host.loadFile("/nowhere/x.lua") } catch let error as LuaError {
                #expect(error.message.contains("/nowhere/x.lua"))
                return error.kind
            }
            throw Unexpected()
        }
        #expect(kind == .file)
    }

    @Test("arg holds the script at 0, what came before below, and its arguments above")
    func arguments() async throws {
        let values = try await withHost { host in
            try host.setArguments(script: "s.lua", before: ["lua", "-i"], arguments: ["a", "b"])
            return try host.run("return arg[-2], arg[-1], arg[0], arg[1], arg[2], #arg")
        }
        #expect(values == ["lua", "-i", "s.lua", "a", "b", 2])
    }

    @Test("require looks in the given folder first")
    func searchPath() async throws {
        let path = try await withHost { host in
            try host.prependSearchPath(folder: "/scripts")
            return try host.run("return package.path:sub(1, 36)")
        }
        #expect(path == ["/scripts/?.lua;/scripts/?/init.lua;/"] || path == ["/scripts/?.lua;/scripts/?/init.lua;/u"])
    }

    @Test("a function of a library can be replaced")
    func replaced() async throws {
        let values = try await withHost { host in
            try host.setFunction("time", in: "os") { call in
                call.results.integer(42)
                return .values
            }
            return try host.run("return os.time()")
        }
        #expect(values == [42])
    }

    @Test("a closed state says so, and its references are inert")
    func closed() async throws {
        try await withHost { host in
            let table = try host.build { $0.openTable() }
            host.close()
            #expect(throws: LuaError.self) { try host.run("return 1") }
            #expect(throws: LuaError.self) { try host.withReference(table) { _ in } }
        }
    }
}
