import LuaEngine
import Testing

@Suite("Bindings")
struct BindingTests {
    @Test("integers go in and out")
    func integers() async throws {
        #expect(try await run("return add(2, 3), add(math.maxinteger, 1) == math.mininteger, add(2.0, 1)") == [5, true, 3])
    }

    @Test(
        "an argument error names function, position, parameter, what was wanted and what came",
        arguments: [
            ("add(1)", "test:1: bad argument #2 'b' to 'add' (integer expected, got no value)"),
            ("add(nil, 1)", "test:1: bad argument #1 'a' to 'add' (integer expected, got nil)"),
            ("add(1.5, 1)", "test:1: bad argument #1 'a' to 'add' (number has no integer representation)"),
            ("add('1', 1)", "test:1: bad argument #1 'a' to 'add' (integer expected, got string)"),
            ("apply({})", "test:1: bad argument #1 'f' to 'apply' (function expected, got table)"),
            ("fail('\\xff')", "test:1: bad argument #1 'text' to 'fail' (the text is not UTF-8)"),
            ("join(io.stdout)", "test:1: bad argument #1 'task' to 'join' (task expected, got userdata)")
        ])
    func argumentErrors(source: String, message: String) async throws {
        #expect(try await failure(source).message == message)
    }

    @Test("a table arrives with its fields and elements", arguments: ["", "600"])
    func tables(argument: String) async throws {
        let values = try await run(
            """
            local r = row(\(argument))
            return r.id, #r.label, r.rate, r.on, r.list[1], r.list[2], r.list[3]
            """)
        #expect(values == [12, argument.isEmpty ? 3 : 600, 0.25, true, "a", nil, 3])
    }

    @Test("a binding can call a function, which may wait, call bindings, and return many values")
    func calling() async throws {
        #expect(try await run("return apply(function(x) sleep(1); return x, work(x), add(x, 1) end, 20)") == [20, 40, 21])
    }

    @Test("a protected call of a binding keeps the error value's identity")
    func protectedCall() async throws {
        let values = try await run(
            """
            local object = {}
            local ok, value = try(function() sleep(1); error(object) end)
            local fine, result = try(function() return 5 end)
            return ok, value == object, fine, result
            """)
        #expect(values == [false, true, true, 5])
    }

    @Test("an error passes through a called function and keeps its identity")
    func identity() async throws {
        let values = try await run(
            """
            local object = setmetatable({}, {__tostring = function() return 'mine' end})
            local ok, value = pcall(apply, function() error(object) end)
            return ok, value == object
            """)
        #expect(values == [false, true])
    }

    @Test(
        "a binding can call a function for each of a million elements, also where some raise, wait, or return many values",
        arguments: [
            ("function(x) return x end", 1_000_000, 500_000_500_000),
            ("function(x) if x % 2 == 0 then error('no') end return 1 end", 10, 5_000_005),
            ("function(x) if x % 1000 == 0 then sleep(1) end return x, x, x end", 100_000, 5_000_050_000),
            ("function(x) return coroutine.wrap(function() return x end)() end", 1_000, 500_500)
        ])
    func manyCalls(function: String, count: Int, sum: Int64) async throws {
        #expect(try await run("return each(\(function), \(count))") == [.integer(sum), 2])
        #expect(try await run("return coroutine.wrap(function() return each(\(function), \(count)) end)()") == [.integer(sum), 2])
    }

    @Test("thousands of results and arguments work")
    func many() async throws {
        #expect(
            try await run(
                """
                local t = table.pack(echo(table.unpack({}, 1, 5000)))
                return t.n, select('#', apply(function() return table.unpack({}, 1, 3000) end))
                """) == [5000, 3000])
    }

    @Test("a binding called in a finaliser works")
    func finaliser() async throws {
        #expect(
            try await run(
                """
                local total = 0
                for i = 1, 100 do setmetatable({}, {__gc = function() total = total + row().id end}) end
                collectgarbage()
                return total
                """) == [1200])
    }

    @Test("a recursion through bindings ends in an error, not in a crash")
    func recursion() async throws {
        let values = try await run(
            """
            local function deep(n) return apply(deep, n) end
            local ok, message = pcall(deep, 1)
            return ok, message:find('overflow') ~= nil, add(1, 1)
            """)
        #expect(values == [false, true, 2])
    }

    @Test("an unknown option is refused with a suggestion")
    func options() async throws {
        let error = try await withHost { host in
            try host.setGlobal("stop") {
                $0.function("vast.stop") { call in
                    try call.options(1, "options", known: ["reason", "wait"]) { _, _ in }
                    return .values
                }
            }
            do { try host.run("stop{resaon = 1}", name: "=test") } catch let error as LuaError { return error.message }
            return ""
        }
        #expect(error == "test:1: bad argument #1 'options' to 'vast.stop' (unknown option 'resaon', did you mean 'reason'?)")
    }

    @Test("a suggestion is made only for what is close", arguments: [("stpo", "stop"), ("gpu_utl", "gpu_util"), ("zebra", nil)])
    func suggestions(name: String, best: String?) {
        #expect(LuaSuggestion.closest(to: name, among: ["stop", "start", "gpu_util"]) == best)
    }

    @Test("letters that have changed places, or one that is missing, are meant before a letter that is wrong")
    func nearest() {
        #expect(LuaSuggestion.closest(to: "sate", among: ["rate", "state", "date"]) == "state")
        for word in ["state", "label", "billing", "gpu_name", "reason", "rate", "max_stops"] {
            let letters = Array(word)
            for index in letters.indices.dropLast() where letters[index] != letters[index + 1] {
                var (swapped, shorter) = (letters, letters)
                swapped.swapAt(index, index + 1)
                shorter.remove(at: index)
                for (wrong, at) in [(swapped, index), (shorter, min(index, shorter.count - 1))] {
                    // A word that differs from the wrong one in a single letter.
                    var other = wrong
                    other[at] = "a"
                    if other == wrong { other[at] = "b" }
                    #expect(LuaSuggestion.closest(to: String(wrong), among: [String(other), word]) == word, "\(String(wrong))")
                }
            }
        }
    }
}
