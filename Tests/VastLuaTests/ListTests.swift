import FleetClock
import LuaEngine
import Testing

@testable import VastAPI
@testable import VastLua

/// Lists as sets, by functions, and what verbs on them give back.
@Suite struct ListTests {
    private static let ids = Array(1...12 as ClosedRange<Int64>)
    private static let rows = ids.map { FakeFleet.row($0, ["num_gpus": .integer($0 % 4), "label": .string("l\($0 % 3)")]) }

    private func values(_ script: String) async throws -> [String] {
        let (ending, _) = try await run("local l = {} \(script) return table.concat(l, ' ')", on: Self.rows)
        #expect(ending.error == nil, "\(ending.text)")
        guard case .string(let text)? = ending.values.first else { return [] }
        return text.split(separator: " ").map(String.init)
    }

    private static func list(_ ids: Set<Int64>) -> String {
        "vast.instances{id = {\((ids.isEmpty ? [99] : ids.sorted()).map { "\($0)" }.joined(separator: ", "))}}"
    }

    @Test("the operators of lists are those of sets, over random lists")
    func sets() async throws {
        var dice = SeededGenerator(seed: 5)
        for _ in 0..<60 {
            let (a, b) = (Set(Self.ids.filter { _ in .random(using: &dice) }), Set(Self.ids.filter { _ in .random(using: &dice) }))
            let results = [("|", a.union(b)), ("&", a.intersection(b)), ("-", a.subtracting(b))] as [(String, Set<Int64>)]
            let (name, wanted) = results.randomElement(using: &dice) ?? results[0]
            let script = "local a, b = \(Self.list(a)), \(Self.list(b)) for _, i in ipairs(a \(name) b) do l[#l + 1] = i.id end"
            let got = try await values(script).compactMap { Int64($0) }
            #expect(Set(got) == wanted && got.count == wanted.count, "\(a.sorted()) \(name) \(b.sorted()) is \(got)")
        }
    }

    @Test(
        "a list is the whole fleet as long as nothing was left out of it, and a verb that interrupts refuses it",
        arguments: [
            ("all", true), ("all | some", true), ("some | all", true), ("all & all", true), ("all & some", false), ("all - none", true),
            ("all - some", false), ("all:take(99)", true), ("all:take(11)", false), ("all:sort_by('-num_gpus')", true),
            ("all:where(function() return true end)", true), ("all:where(function(i) return i.id > 1 end)", false), ("some | some", false)
        ])
    func whole(list: String, isWhole: Bool) async throws {
        let script = """
            local all, some, none = vast.instances(), vast.instances{id = {1, 2}}, vast.instances{id = {99}}
            vast.guard{max_stops = 99, max_fraction = 1}
            return pcall(vast.stop, \(list))
            """
        let (ending, fleet) = try await run(script, on: Self.rows)
        #expect(ending.values.first == .boolean(!isWhole), "\(ending.values)")
        #expect(fleet.orders.isEmpty == isWhole)
    }

    @Test("sort_by, group, sum and where take a function, and a field with - before it falls")
    func functions() async throws {
        #expect(
            try await values("for _, i in ipairs(vast.instances():sort_by('-num_gpus')) do l[#l + 1] = i.num_gpus end")
                == ["3", "3", "3", "2", "2", "2", "1", "1", "1", "0", "0", "0"])
        #expect(
            try await values(
                "for _, i in ipairs(vast.instances():sort_by(function(i) vast.sleep(1) return -i.id end)) do l[#l + 1] = i.id end")
                == Self.ids.reversed().map { "\($0)" })
        #expect(
            try await values("local s, n = vast.instances():sum(function(i) if i.id > 2 then return i.id end end) l = {s, n}") == [
                "75.0", "2"
            ])
        #expect(
            try await values(
                "for k, g in pairs(vast.instances():group(function(i) return i.id > 9 end)) do l[#l + 1] = tostring(k) .. #g end"
            ).sorted()
                == ["false9", "true3"])
        #expect(
            try await values("for _, i in ipairs(vast.instances():where(function(i) return i.label == 'l1' end)) do l[#l + 1] = i.id end")
                == ["1", "4", "7", "10"])
    }

    @Test("one raises unless there is exactly one, first is nil where there is none, and take never takes more than there is")
    func parts() async throws {
        let script = """
            local l, none = vast.instances(), vast.instances{id = 99}
            local _, many = pcall(l.one, l)
            local _, few = pcall(none.one, none)
            return many.kind, few.kind, vast.instances{id = 3}:one().id, none:first() == nil, l:first().id, #l:take(5), #l:take(0), #none:take(3),
              pcall(l.take, l, -1)
            """
        let (ending, _) = try await run(script, on: Self.rows)
        #expect(ending.values.prefix(9) == ["conflict", "not_found", 3, true, 1, 5, 0, 0, false])
    }

    @Test("lists have the verbs, and their result says what was changed and what was so already")
    func verbs() async throws {
        let script = """
            vast.stop(4)
            local r = vast.instances{label = 'l1'}:stop{reason = 'done'}
            return tostring(r), table.concat(r.changed, ' '), r[1], r[2], #r.failed, pcall(function() return r.chnaged end)
            """
        let (ending, fleet) = try await run(script, on: Self.rows)
        #expect(ending.error == nil, "\(ending.text)")
        #expect(ending.values.prefix(2) == ["stop: 3 accepted, 1 satisfied", "1 7 10"])
        #expect(Array(ending.values.dropFirst(2).prefix(4)) == ["accepted", nil, 0, false])
        #expect(fleet.orders.map { $0.ids.map(\.rawValue) } == [[4], [1, 7, 10]])
    }

    @Test(
        "an error says which instances it is about, and whether the same may work later",
        arguments: [
            (VastError(.network, "no", effect: .none), true), (VastError(.network, "no", effect: .unknown), false),
            (VastError(.conflict, "no"), false), (VastError(.unavailable, "no"), true), (VastError(.rateLimited, "no"), true)
        ])
    func errors(error: VastError, isRetryable: Bool) async throws {
        let script = """
            local _, e = pcall(vast.stop, 3)
            return e.id, #e.ids, e.ids[1], e.retryable, type(e.hint) == 'string' and not tostring(e):find(e.hint, 1, true)
            """
        let (ending, _) = try await run(script, on: Self.rows) { fleet in
            fleet.state.withLock { $0.failures[.stop] = [3: VastError(error.kind, error.message, instance: 3, effect: error.effect)] }
        }
        #expect(ending.values == [3, 1, 3, .boolean(isRetryable), true])
    }

    @Test("an error of a list names those that failed, and a field that no error has is a mistake")
    func failedIDs() async throws {
        let script = """
            local _, e = pcall(vast.stop, {3, 4})
            local _, wrong = pcall(function() return e.kimd end)
            return #e.ids, e.ids[1], e.status, wrong.kind, wrong.message
            """
        let (ending, _) = try await run(script, on: Self.rows) { fleet in
            fleet.state.withLock { $0.failures[.stop] = [3: VastError(.conflict, "no", instance: 3)] }
        }
        #expect(ending.values == [1, 3, nil, "invalid_argument", "an error has no field 'kimd', did you mean 'kind'?"])
    }

    @Test(
        "vast.try refuses a kind that no error has, before it calls anything",
        arguments: ["'unavialable'", "{'conflict', 'unavialable'}", "{1}"])
    func unknownKinds(kinds: String) async throws {
        let (ending, fleet) = try await run("vast.try(\(kinds), vast.stop, 3)", on: Self.rows)
        #expect(ending.kind == "invalid_argument" && fleet.orders.isEmpty)
        #expect(kinds == "{1}" || ending.text.contains("did you mean 'unavailable'?"), "\(ending.text)")
    }

    @Test("what a dry run would do is planned, not accepted")
    func planned() async throws {
        let script = "local r = vast.stop({3, 4}) return tostring(r), r[3], #r.changed"
        let (ending, _) = try await run(script, on: Self.rows, options: Runtime.Options(isPlanning: true))
        #expect(ending.values == ["stop: 2 planned", "planned", 2])
    }
}
