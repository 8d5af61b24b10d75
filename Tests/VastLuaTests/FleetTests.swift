import LuaEngine
import Testing
import VastAPI
import VastJSON
import VastLua

struct FleetTests {
    private static let rows = [
        FakeFleet.row(12, ["label": "train-a", "gpu_util": 93.5]), FakeFleet.row(13, ["label": "keep-b", "gpu_name": "H100"]),
        FakeFleet.row(14, FakeFleet.off), FakeFleet.row(15, ["label": " Train-C ", "num_gpus": 8.0])
    ]

    @Test(
        "a query means what it says",
        arguments: [
            ("{}", "12 13 14 15"), ("nil", "12 13 14 15"), ("{state = 'running'}", "12 13 15"),
            ("{state = {'stopped', 'dead'}}", "14"), ("{billing = 'gpu'}", "12 13 15"), ("{label = 'train*'}", "12 15"),
            ("{label = '!keep*'}", "12 14 15"), ("{label = ''}", "14"), ("{label = {'train*', 'keep*', '!*-a'}}", "13 15"),
            ("{id = {15, 12, 99}}", "12 15"), ("{id = 14}", "14"), ("{gpu_name = 'H100'}", "13"),
            ("{gpu_name = 'h100'}", ""), ("{gpu_name = 'RTX*'}", "12 14 15"), ("{num_gpus = 8}", "15"),
            ("{is_bid = false, label = 'train-a'}", "12"), ("{is_bid = true}", ""), ("{id = {}}", ""),
            ("{gpu_util = function(u) return u and u > 50 end}", "12"),
            ("{where = function(i) vast.sleep(1) return i.id % 2 == 0 end}", "12 14"),
            ("{label = '*', where = function(i) return i.state == 'running' end}", "12 13 15"),
            ("{template_name = 'x'}", ""), ("{brand_new_field = 7}", "12 13 14 15")
        ])
    func queries(query: String, ids: String) async throws {
        let script = "return table.concat(vast.instances(\(query)):ids(), ' ')"
        #expect(try await values(script, on: Self.rows) == [.string(ids)])
        guard query != "nil" else { return }
        let again = "return table.concat(vast.instances():where(\(query)):ids(), ' ')"
        #expect(try await values(again, on: Self.rows) == [.string(ids)])
    }

    @Test(
        "a misspelt query raises instead of matching everything or nothing",
        arguments: [
            "{lable = 'x'}", "{state = 'runing'}", "{billing = 'gpus'}", "{label = '\\xff'}", "{[1] = 'x'}", "{where = 'x'}",
            "{label = {{}}}", "{id = print, zzz = 1}"
        ])
    func misspelt(query: String) async throws {
        let (ending, _) = try await run("return #vast.instances(\(query))", on: Self.rows)
        #expect(ending.kind == "invalid_argument", "\(ending.text)")
    }

    @Test(
        "fields read as documented",
        arguments: [
            ("i.label", LuaValueText.text("")), ("i.gpu_name", .text("RTX 4090")), ("i.num_gpus", .integer(1)),
            ("i.gpu_util", .number(0.5)), ("i.disk_usage", .nothing), ("i.template_name", .nothing), ("i.state", .text("running")),
            ("i.billing", .text("gpu")), ("i.rate", .number(1.25)), ("i.rate_on", .number(1.25)), ("i.rate_off", .number(0.25)),
            ("i.brand_new_field", .integer(7)), ("i:raw('disk_usage')", .integer(-1)), ("i.ends_in", .nothing),
            ("math.type(i.id)", .text("integer")), ("i.age > 0", .truth), ("i.observed_at == vast.now()", .truth),
            ("i == vast.instance(12)", .truth), ("i:table().gpu_name", .text("RTX 4090")), ("i:raw('nothing')", .nothing),
            ("i.jupyter_token", .text("marked-token")), ("i.extra_env[1][2]", .text("marked-env")), ("i:running_for()", .number(0)),
            ("i:dead_for()", .nothing), ("i:refresh().id", .integer(12)), ("type(i)", .text("userdata")),
            ("#i:history()", .integer(1)), ("i:history{since = '1h'}[1].gpu_util", .number(0.5))
        ])
    func fields(expression: String, expected: LuaValueText) async throws {
        #expect(try await values("local i = vast.instance(12) return \(expression)") == [expected.value])
    }

    @Test("a misspelt field, and writing to a snapshot, raise")
    func misspeltFields() async throws {
        let (ending, _) = try await run("return vast.instance(12).gpu_utill")
        #expect(ending.text == "script.lua:1: an instance has no field 'gpu_utill', did you mean 'gpu_util'? (invalid_argument)")
        #expect(try await run("vast.instance(12).label = 'x'").0.kind == "invalid_argument")
    }

    @Test("pairs walks over all fields that have a value")
    func pairs() async throws {
        let script = """
            local seen = {}
            for k, v in pairs(vast.instance(12)) do seen[k] = v end
            return seen.id, seen.state, seen.gpu_name, seen.disk_usage
            """
        #expect(try await values(script) == [12, "running", "RTX 4090", nil])
    }

    @Test("secrets are never printed")
    func secrets() async throws {
        let script = """
            local i = vast.instance(12)
            return tostring(i), vast.inspect(i), vast.inspect(i:table()), tostring(vast.instances()), vast.json.encode(i)
            """
        for value in try await values(script) {
            guard case .string(let text) = value else { throw VastError(.server, "no text") }
            #expect(!text.contains("marked"))
        }
    }

    @Test("lists sum, sort and group, and tell what is unknown")
    func lists() async throws {
        let script = """
            local l = vast.instances()
            local total, unknown = l:sum('gpu_util')
            local groups = l:group('gpu_name')
            return total, unknown, table.concat(l:sort_by('gpu_util'):ids(), ' '), #groups['RTX 4090'], #groups.H100
            """
        #expect(try await values(script, on: Self.rows) == [94.5, 1, "13 15 12 14", 3, 1])
        #expect(try await run("vast.instances():sum('rat')").0.kind == "invalid_argument")
        #expect(try await values("return tostring(vast.instances()):match('1 instance, .*')") == ["1 instance, $1.25/h"])
    }

    @Test("an instance that does not exist is nil")
    func missing() async throws {
        #expect(try await values("return vast.instance(99)") == [nil])
    }

    @Test("observe keeps samples at fixed times, and is_idle judges by them")
    func observing() async throws {
        let script = """
            local l = vast.observe('45m', {every = '5m', state = 'running'})
            local i = l[1]
            return #l, #i:history(), i:is_idle('45m'), i:is_idle('45m', {below = 0.1})
            """
        let (ending, fleet) = try await run(script, on: [FakeFleet.row(12), FakeFleet.row(13, FakeFleet.off)])
        #expect(ending.error == nil, "\(ending.text)")
        #expect(Array(ending.values.prefix(4)) == [1, 10, true, false])
        #expect(fleet.readings == 10)
    }

    @Test("one reading proves nothing")
    func oneReading() async throws {
        let values = try await values("return vast.instance(12):is_idle('45m')")
        #expect(values.first == .nil)
        #expect(values.count == 2, "the reason is given")
    }

    @Test("a reading that fails in the middle is a hole, at the end it is an error")
    func failedReadings() async throws {
        let failure = VastError(.server, "bad gateway")
        let script = "return #vast.observe('3m', {every = '1m'})[1]:history()"
        let (ending, _) = try await run(script) { $0.state.withLock { $0.readingFailures = [nil, failure] } }
        #expect(ending.values == [3])
        let (last, _) = try await run(script) { $0.state.withLock { $0.readingFailures = [nil, nil, nil, failure] } }
        #expect(last.kind == "server")
        let (unauthorized, fleet) = try await run(script) {
            $0.state.withLock { $0.readingFailures = [nil, VastError(.unauthorized, "expired")] }
        }
        #expect(unauthorized.kind == "unauthorized")
        #expect(fleet.readings == 2)
    }

    @Test("wait returns the fresh instance, or the list")
    func waiting() async throws {
        let script = "return vast.wait(12, 'running').id, #vast.wait({12}, 'running'), #vast.wait({}, 'running')"
        #expect(try await values(script) == [12, 1, 0])
        let (ending, _) = try await run("vast.wait(12, 'stopped', {timeout = '1m'})")
        #expect(ending.kind == "unconfirmed")
        #expect(try await run("vast.wait(99, 'stopped')").0.kind == "not_found")
    }
}

/// Expected values that can be arguments of a test.
enum LuaValueText: Sendable {
    case text(String), integer(Int64), number(Double), truth, nothing

    var value: LuaValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .truth: .boolean(true)
        case .nothing: .nil
        }
    }
}
