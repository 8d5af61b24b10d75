import FleetClock
import Testing
import VastAPI
import VastJSON

@testable import VastLua

/// A verb that interrupts, of a list that turns out to be the whole fleet.
@Suite struct WholeFleetTests {
    private static func rows(_ count: Int64) -> [JSONObject] {
        (1...count).map { FakeFleet.row($0, ["label": .string("l\($0 % 2)"), "is_bid": true, "dph_base": 0.5]) }
    }

    private static let verbs = ["stop", "reboot", "recycle", "destroy", "bid"]

    /// A call of a verb on `l`, which says whether it was refused for being the whole fleet.
    private static func call(_ verb: String, all: Bool = false) -> String {
        let price = verb == "bid" ? "0.1, " : ""
        let options = [["recycle", "destroy"].contains(verb) ? "confirm = ids" : nil, all ? "all = true" : nil].compactMap(\.self)
        return """
            local ok, e = pcall(vast.\(verb), l, \(price){\(options.joined(separator: ", "))})
            return ok or not e.message:find("whole fleet") and "other: " .. e.message, #ids
            """
    }

    private static let ids = "local ids = {} for n, i in ipairs(l) do ids[n] = type(i) == 'number' and i or i.id end"

    @Test(
        "who is in the list counts, not how it was made",
        arguments: [
            ("vast.instances()", true), ("vast.instances{where = function() return true end}", true), ("vast.instances{label = '*'}", true),
            ("vast.instances{label = 'l0'} | vast.instances{label = '!l0'}", true),
            ("vast.instances{state = 'running'}", true), ("vast.instances{rate = function(r) return r > 0 end}", true),
            ("vast.instances{label = 'l0'} | vast.instances{id = {1, 3, 5}}", true),
            ("vast.instances():where(function() return true end)", true), ("vast.instances():where{label = '*'}", true),
            ("vast.instances{gpu_name = 'RTX 4090'}", true), ("vast.observe('2m', {label = '*'})", true),
            ("vast.map(vast.instances(), function(i) return i end)", true), ("vast.label(vast.instances(), 'x', {wait = true})", true),
            ("vast.instances():sort_by('-rate'):take(5)", true), ("vast.instances():take(4)", false),
            ("vast.instances{label = 'l0'}", false), ("vast.instances() - vast.instances{id = 3}", false),
            ("vast.instances{where = function(i) return i.id ~= 2 end}", false),
            ("vast.instances():ids()", false), ("{1, 2, 3, 4, 5}", false), ("vast.instances{id = {1, 2, 3, 4, 5}}", false),
            ("{vast.instance(1), vast.instance(2), vast.instance(3), vast.instance(4), vast.instance(5)}", false),
            ("vast.wait({1, 2, 3, 4, 5}, 'running')", false), ("{}", false), ("vast.instances{label = 'nobody'}", false)
        ])
    func selections(list: String, isWhole: Bool) async throws {
        for verb in Self.verbs {
            let (ending, fleet) = try await run("local l = \(list) \(Self.ids) \(Self.call(verb))", on: Self.rows(5))
            #expect(ending.values.first == .boolean(!isWhole), "\(verb) \(list): \(ending)")
            #expect(fleet.orders.contains { $0.verb.rawValue == verb } == (!isWhole && ending.values.last != 0), "\(verb) \(list)")
            let (allowed, _) = try await run("local l = \(list) \(Self.ids) \(Self.call(verb, all: true))", on: Self.rows(5))
            #expect(allowed.values.first == true, "\(verb) \(list): \(allowed)")
        }
    }

    @Test("a list from which one was removed is not the whole fleet, and one that was put back is")
    func removed() async throws {
        let script = "local l = vast.instances() local x = table.remove(l, 2)"
        #expect(try await run("\(script) \(Self.ids) \(Self.call("stop"))", on: Self.rows(5)).0.values == [true, 4])
        #expect(try await run("\(script) table.insert(l, x) \(Self.ids) \(Self.call("stop"))", on: Self.rows(5)).0.values == [false, 5])
    }

    @Test("what the fleet is now counts: who has come since is left out, and who has gone is not missed")
    func changed() async throws {
        let script = "local l = vast.instances{label = 'l0'} vast.sleep(1) vast.instances() \(Self.ids) \(Self.call("stop"))"
        for (ids, isWhole) in [([2, 4], true), ([1, 2, 4], false)] as [([InstanceID], Bool)] {
            let (ending, _) = try await run(script, on: Self.rows(5)) { fleet in
                fleet.state.withLock { state in
                    state.beforeReading = { count, rows in if count == 2 { rows = rows.filter { ids.contains($0.key) } } }
                }
            }
            #expect(ending.values == [.boolean(!isWhole), 2], "\(ids): \(ending)")
        }
    }

    @Test(
        "the only instance there is is stopped by whoever asked for it, and not by a query without conditions",
        arguments: [
            ("vast.stop(1)", nil), ("vast.stop{1}", nil), ("vast.instance(1):stop()", nil), ("vast.instances():first():stop()", nil),
            ("vast.instances():one():stop()", nil), ("vast.instances{label = 'l1'}:stop()", nil), ("vast.instances{id = 1}:stop()", nil),
            ("vast.stop{vast.instances()[1]}", nil), ("vast.instances():stop{all = true}", nil),
            ("vast.instances():stop()", "stop of the whole fleet (1 instance): the query left nothing out"),
            ("vast.instances{label = os.getenv('NO_SUCH_TEAM')}:stop()", "whole fleet"), ("vast.instances():take(3):stop()", "whole fleet")
        ] as [(String, String?)])
    func one(script: String, message: String?) async throws {
        let (ending, fleet) = try await run(script, on: Self.rows(1))
        #expect(fleet.orders.count == (message == nil ? 1 : 0), "\(ending)")
        if let message { #expect(ending.kind == "guard" && ending.text.contains(message), "\(ending.text)") }
    }

    @Test("a raise of all bids interrupts nobody, a label neither, and a start neither")
    func harmless() async throws {
        let (ending, fleet) = try await run(
            "local l = vast.instances() l:bid(0.7) l:label('x') vast.instances{label = 'x'}:start()", on: Self.rows(5))
        #expect(ending.error == nil && fleet.orders.map(\.verb) == [.bid, .label], "\(ending.text)")
    }

    @Test("a policy and a budget say whom they are about, and may mean all")
    func policies() async throws {
        for script in [
            "vast.policy{match = {label = 'l*'}, action = 'stop', when = function() return true end, max = 9}",
            "vast.policy{all = true, action = 'stop', when = function() return true end, max = 9}",
            "vast.budget{per_day = 0, order = {{label = 'l*'}}}"
        ] {
            let (run, fleet) = try await runJobs(script, for: .seconds(1_500), on: Self.rows(5))
            #expect(run.error == nil && run.jobFailure == nil, "\(script): \(run)")
            #expect(fleet.orders.first?.ids.count == 5, "\(script)")
        }
    }

    // MARK: law

    /// A list of instances, made by chance, and who is in it.
    private struct RandomList {
        let text: String
        let ids: Set<Int64>

        init(_ all: Set<Int64>, depth: Int, _ dice: inout SeededGenerator) {
            let kinds = depth < 3 ? 10 : 5
            func part(_ dice: inout SeededGenerator) -> RandomList { RandomList(all, depth: depth + 1, &dice) }
            let border = Int64.random(in: 0...Int64(all.count), using: &dice)
            switch Int.random(in: 0..<kinds, using: &dice) {
            case 0: (text, ids) = ("vast.instances()", all)
            case 1: (text, ids) = ("vast.instances{label = 'l0'}", all.filter { $0 % 2 == 0 })
            case 2: (text, ids) = ("vast.instances{label = '!l0'}", all.filter { $0 % 2 == 1 })
            case 3: (text, ids) = ("vast.instances{where = function(i) return i.id > \(border) end}", all.filter { $0 > border })
            case 4: (text, ids) = ("vast.instances{label = {'l*', '!x'}}", all)
            case 5, 6:
                let (a, b) = (part(&dice), part(&dice))
                (text, ids) = ("(\(a.text) | \(b.text))", a.ids.union(b.ids))
            case 7:
                let (a, b) = (part(&dice), part(&dice))
                (text, ids) = ("(\(a.text) & \(b.text))", a.ids.intersection(b.ids))
            case 8:
                let (a, b) = (part(&dice), part(&dice))
                (text, ids) = ("(\(a.text) - \(b.text))", a.ids.subtracting(b.ids))
            default:
                let a = part(&dice)
                (text, ids) = ("\(a.text):where(function(i) return i.id <= \(border) end)", a.ids.filter { $0 <= border })
            }
        }
    }

    @Test("a list is refused exactly when nobody of the fleet is missing, whatever it was made of", arguments: 0..<60 as Range<UInt64>)
    func law(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let count = Int64.random(in: 2...6, using: &dice)
        let list = RandomList(Set(1...count), depth: 0, &dice)
        let verb = Self.verbs.randomElement(using: &dice) ?? "stop"
        let (ending, fleet) = try await run("local l = \(list.text) \(Self.ids) \(Self.call(verb))", on: Self.rows(count))
        let isWhole = list.ids.count == Int(count)
        #expect(ending.values == [.boolean(!isWhole), .integer(Int64(list.ids.count))], "\(verb) \(list.text): \(ending)")
        #expect(fleet.orders.isEmpty == (isWhole || list.ids.isEmpty), "\(verb) \(list.text)")
    }

    @Test("a bid for all is refused exactly when it lowers one, whatever is on demand beside it", arguments: 0..<60 as Range<UInt64>)
    func bids(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let kinds = (0..<Int.random(in: 2...6, using: &dice)).map { _ in
            (isBid: Int.random(in: 0..<3, using: &dice) > 0, bid: Double(Int.random(in: 3...8, using: &dice)) / 10)
        }
        let rows = kinds.enumerated().map { FakeFleet.row(Int64($0 + 1), ["is_bid": .bool($1.isBid), "dph_base": .double($1.bid)]) }
        let price = Double(Int.random(in: 3...8, using: &dice)) / 10
        let script = """
            local ok, e = pcall(function() return vast.instances():bid(\(price)) end)
            return not ok and e.message:find('whole fleet') ~= nil
            """
        let (ending, _) = try await run(script, on: rows)
        let isLower = kinds.contains { $0.isBid && $0.bid > price }
        #expect(ending.values == [.boolean(isLower)], "\(kinds) \(price): \(ending)")
    }
}
