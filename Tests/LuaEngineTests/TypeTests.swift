import LuaEngine
import Testing

@Suite("Types")
struct TypeTests {
    static func makeType() -> (type: LuaType<Probe>, holder: Holder) {
        let holder = Holder()
        let type = LuaType<Probe>(
            "probe",
            methods: [
                (
                    "twice",
                    { call in
                        call.results.integer(try call.object(1, "probe", holder.type!).number * 2)
                        return .values
                    }
                )
            ],
            metamethods: [
                (
                    "__index",
                    { call in
                        let probe = try call.object(1, "probe", holder.type!)
                        let isNumber = call.argument(2).withBytes { $0.elementsEqual("number".utf8) } ?? false
                        guard isNumber else { throw TestFailure(description: "unknown field '\(call.argument(2).string ?? "?")'") }
                        call.results.integer(probe.number)
                        return .values
                    }
                ),
                (
                    "__tostring",
                    { call in
                        call.results.string("probe \(try call.object(1, "probe", holder.type!).number)")
                        return .values
                    }
                )
            ])
        holder.type = type
        return (type, holder)
    }

    /// Weak, as the type keeps the closures that hold this.
    final class Holder { weak var type: LuaType<Probe>? }

    static func install(_ host: LuaHost, _ live: LiveCount) throws {
        let (type, _) = makeType()
        try host.register(type)
        try host.setGlobal("probe") {
            $0.function("probe") { call in
                call.results.object(Probe(try call.integer(1, "number"), live), as: type)
                return .values
            }
        }
    }

    @Test("fields, methods and tostring of an object work, and unknown fields raise")
    func fields() async throws {
        let values = try await withHost { host in
            try Self.install(host, LiveCount())
            return try host.run(
                """
                local p = probe(21)
                local ok, message = pcall(function() return p.nothing end)
                return p.number, p:twice(), tostring(p), getmetatable(p), ok, message
                """, name: "=test")
        }
        #expect(values == [21, 42, "probe 21", "probe", false, "test:2: unknown field 'nothing'"])
    }

    @Test("a method called on something else says what was expected")
    func wrongSelf() async throws {
        let values = try await withHost { host in
            try Self.install(host, LiveCount())
            return try host.run("return select(2, pcall(probe(1).twice, 5)), select(2, pcall(probe(1).twice, io.stdout))")
        }
        #expect(
            values == [
                "chunk:1: bad argument #1 'probe' to 'probe:twice' (probe expected, got number)",
                "chunk:1: bad argument #1 'probe' to 'probe:twice' (probe expected, got userdata)"
            ])
    }

    @Test("a method called with a colon on something else says that this is what is wrong")
    func wrongSelfBeforeColon() async throws {
        let values = try await withHost { host in
            try Self.install(host, LiveCount())
            return try host.run("local t = {twice = probe(1).twice} return select(2, pcall(function() t:twice() end))")
        }
        #expect(values == ["chunk:1: calling 'probe:twice' on bad self (probe expected, got table)"])
    }

    @Test("a type of tables hears of keys that neither a table nor its methods have, and of no others")
    func absentKeys() async throws {
        let values = try await withHost { host in
            let type = LuaTableType(
                "bag",
                methods: [
                    (
                        "size",
                        { call in
                            call.results.integer(2)
                            return .values
                        }
                    )
                ],
                absent: { call in
                    if call.argument(2).integer != nil {
                        call.results.nil()
                        return .values
                    }
                    throw TestFailure(description: "no '\(call.argument(2).string ?? "?")'")
                })
            try host.register(type)
            try host.setGlobal("bag") {
                $0.table(fields: 0) {}
                $0.tableType(type)
            }
            return try host.run(
                "bag.own = 1 return bag.own, bag:size(), bag[7] == nil, select(2, pcall(function() bag:siez() end))", name: "=test")
        }
        #expect(values == [1, 2, true, "test:1: no 'siez'"])
    }

    @Test("objects live until Lua has collected them, and no longer")
    func lifetimes() async throws {
        let live = LiveCount()
        try await withHost { host in
            try Self.install(host, live)
            try host.run("kept = probe(1) for i = 1, 1000 do probe(i) end")
            host.collectGarbage()
            #expect(live.value == 1)
        }
        #expect(live.value == 0)
    }

    @Test("a finaliser called twice by way of the debug library does no harm")
    func doubleFinaliser() async throws {
        let live = LiveCount()
        let values = try await withHost { host in
            try Self.install(host, live)
            return try host.run(
                """
                local p = probe(1)
                local gc = debug.getmetatable(p).__gc
                gc(p) gc(p) gc(io.stdout) gc(1)
                return (pcall(p.twice, p))
                """)
        }
        #expect(values == [false])
        #expect(live.value == 0)
    }

    @Test("references are given back, and their slots used again")
    func references() async throws {
        try await withHost { host in
            for _ in 0..<3 {
                let used = host.memory.used
                for _ in 0..<100 { _ = try host.build { $0.openTable(array: 10) } }
                host.collectGarbage()
                _ = used
            }
            let before = host.memory.used
            for _ in 0..<1000 {
                _ = try host.build { $0.openTable(array: 10) }
                host.collectGarbage()
            }
            #expect(host.memory.used <= before)
            #expect(host.memory.references == 0)
        }
    }
}
