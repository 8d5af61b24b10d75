import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` finds in the use of objects: operators of lists, verbs that wait, methods behind a dot, and `vast` itself.
@Suite struct UseCheckTests {
    private func misuses(_ source: String) -> [String] {
        VastNames(Declaration.names).misuses(in: Array(source.utf8)).map { "\($0.line): \($0.isWarning ? "warning: " : "")\($0.message)" }
    }

    @Test(
        "what operators make of lists is a list",
        arguments: [
            ("print((a | b)[1].gpu_utl)", "unknown field 'gpu_utl'"), ("for _, k in ipairs(a & b) do print(k.gpu_utl) end", "'gpu_util'"),
            ("local c = a - b c:smu('rate')", "unknown method 'smu', did you mean 'sum'? (vast.List)"),
            ("c = (a | b | x):sotp()", "'stop'"),
            ("local c = a - x print(c:first().gpu_utl)", "'gpu_util'"), ("print((a | b - a):sum('rtae'))", "'rate'"),
            ("local c = a | b for _, k in ipairs(c) do print(k.gpu_utl) end", "'gpu_util'"),
            ("local c = a | b print(c:sum('rate'))", nil), ("local c = x | a print(c[1].gpu_utl)", nil), ("local c = x - y c:smu()", nil),
            ("local c = a + b", "vast.List has no operator '+'; there are '|', '&', '-'"), ("local c = a ~ b", "no operator '~'"),
            ("return a < b", "vast.List has no operator '<'"), ("return a[1] <= 5", "vast.Instance has no operator '<'"),
            ("print('all: ' .. a)", "vast.List has no operator '..'; tostring makes a text of it"),
            ("return -a", "no operator '-' before it"),
            ("return #a[1]", "vast.Instance has no operator '#' before it"), ("return a[1] - a[2]", "vast.Instance has no operator '-'"),
            ("print('it is ' .. vast.stop(1))", "vast.Result has no operator '..'"), ("return 2 * a", "no operator '*'"),
            ("return #a + #b", nil), ("return a == b", nil), ("return a + x", nil), ("return x .. a", nil), ("return a - {a[1]}", nil),
            ("return {a[1]} | a", nil), ("setmetatable(a, {__add = g}) return a + b", nil), ("return 'a' .. a[1].label", nil),
            ("local c = a | b c = {} print(c[1].gpu_utl)", nil),
            ("local c = #a - #b print(c.gpu_utl)", nil), ("local n = a:sum('rate') - b:sum('rate') print(n < 5)", nil)
        ])
    func operators(source: String, message: String?) {
        expect("local a, b = vast.instances(), vast.instances{label = 'x'} " + source, message)
    }

    @Test(
        "a verb that waits gives the fresh instance, or a list",
        arguments: [
            ("print(vast.stop(1, {wait = true}).gpu_utl)", "unknown field 'gpu_utl', did you mean 'gpu_util'? (vast.Instance)"),
            ("local i = vast.stop(vast.instance(1), {wait = '5m'}) i:wait()", "unknown method 'wait' (vast.Instance)"),
            ("print(vast.instance(1):start{wait = 60}.gpu_utl)", "(vast.Instance)"),
            ("vast.instances{label = 'x'}:stop{wait = true}:smu('rate')", "'sum'? (vast.List)"),
            ("vast.stop({1, 2}, {wait = true}):wait()", "unknown method 'wait' (vast.List)"),
            ("for _, k in ipairs(vast.stop(vast.instances{id = 1}, {wait = true})) do print(k.gpu_utl) end", "'gpu_util'"),
            ("vast.stop(x, {wait = true}):wait()", "unknown method 'wait' (vast.Instance or vast.List)"),
            ("vast.destroy(1, {confirm = 1, wait = true}):refresh()", "unknown method 'refresh' (vast.Result)"),
            ("print(vast.stop(1).chnaged)", "'changed'? (vast.Result)"), ("print(vast.stop(1, {wait = false}).chnaged)", "(vast.Result)"),
            ("print(vast.stop(1, {reason = 'x'}).chnaged)", "(vast.Result)"),
            ("print(vast.stop(vast.instance(1)).chnaged)", "(vast.Result)"),
            ("print(vast.stop(1, {wait = true}).state)", nil), ("print(vast.stop(1):wait().state)", nil),
            ("vast.stop(1, options):smu()", nil),
            ("print(vast.stop(1, {wait = w}).chnaged)", nil), ("print(vast.stop(1, {[k] = true}).chnaged)", nil),
            ("print(vast.stop(f()).chnaged)", nil),
            ("vast.stop({1}, {wait = true}):sum('rate')", nil), ("vast.destroy(1, {confirm = 1, wait = true}):wait()", nil),
            ("if vast.stop(1).failed[1] then end", nil),
            ("print(vast.stop(1).stuff)", "unknown field 'stuff' (vast.Result)"),
            ("print(vast.stop(1).label)", "unknown field 'label' (vast.Result); with {wait = true} a verb returns the fresh instance"),
            ("print(vast.stop(1, {wait = true}).changed)", "unknown field 'changed' (vast.Instance); it is one of vast.Result"),
            ("print(#vast.stop({1, 2}, {wait = true}).failed)", "unknown field 'failed' (vast.List); it is one of vast.Result"),
            ("print(vast.every('5m', g).stuff)", "unknown field 'stuff' (vast.Job)"), ("print(vast.instance(1).stuff)", nil),
            ("local f = vast.instances() f.changed = 1 print(f.changed)", nil), ("vast.stop(1, ...):smu()", nil)
        ])
    func waits(source: String, message: String?) { expect(source, message) }

    @Test(
        "a method that is called with a dot is found",
        arguments: [
            ("i.bid(0.4)", "'bid' of vast.Instance is a method: write 'i:bid(0.4)'"), ("i.stop()", "write 'i:stop()'"),
            ("i.stop{reason = 'x'}", "write 'i:stop{reason=\"x\"}'"), ("i.set_label'x'", "'set_label' of vast.Instance"),
            ("i['stop']()", "is a method"), ("f.sum('rate')", "write 'f:sum(\"rate\")'"),
            ("f.where{state = 'running'}", "'where' of vast.List"),
            ("f.where(function(k) return k.rate end)", "'where' of vast.List"), ("f[1].stop()", "write 'f[1]:stop()'"),
            ("vast.instances().stop()", "write 'vast.instances():stop()'"), ("vast.every('5m', g).cancel()", "'cancel' of vast.Job"),
            ("i.bid(nil)", "write 'i:bid(nil)'"), ("for _, k in ipairs(f) do k.stop() end", "write 'k:stop()'"),
            ("i.stop(i)", nil), ("i.stop(other)", nil), ("i.stop(...)", nil), ("i.stop(g())", nil), ("local s = i.stop s(i)", nil),
            ("f.stop{}", nil),
            ("f.stop{i, i}", nil), ("f.where(list, {label = 'x'})", nil), ("pcall(i.stop, i)", nil), ("i:bid(0.4)", nil), ("x.stop()", nil),
            ("f.first = g f.first()", nil), ("print(i.label)", nil), ("vast.each(f, f[1].stop)", nil)
        ])
    func dots(source: String, message: String?) { expect("local f = vast.instances() local i = f:one() " + source, message) }

    @Test(
        "a misspelt vast is found unless somebody may have set it",
        arguments: [
            ("print(vats.instances())", "unknown global 'vats', did you mean 'vast'?"), ("vsat.log.info('x')", "'vsat'"),
            ("local function g() return Vast.instances{} end", "'Vast'"), ("vas.stop(1)", "'vas'"),
            ("x = require 'y' vastt.stop(1)", "'vastt'"),
            ("print(vats.version)", "'vats'"),
            ("vats = vast vats.stop(1)", nil), ("local vats = vast vats.stop(1)", nil), ("function g() last = {} end last.stop()", nil),
            ("for _, last in ipairs(x) do last.stop() end", nil), ("if last then last.stop() end", nil), ("_G.last = y last.stop()", nil),
            ("last.time()", nil), ("fast.walk()", nil), ("fats.stop(1)", nil), ("t.vats.stop(1)", nil), ("load(s)() vats.stop(1)", nil),
            ("function vats() end vats.stop(1)", nil), ("print(vats)", nil), ("local _ENV = {} vats.stop(1)", nil), ("x = {vats = 1}", nil),
            ("local vast = {} vats.stop(1)", nil), ("vats[stop](1)", nil), ("dofile(s) vats.stop(1)", nil)
        ])
    func module(source: String, message: String?) { expect(source, message) }

    @Test("a long script that is right in unusual ways gives no finding")
    func unusual() {
        let source = #"""
            local M = {}
            local fleet = vast.instances{state = {"running", "!dead"}, label = "!keep*", where = function(i) return i.rate and i.rate * 24 > 5 end}
            local rest = fleet - {fleet[1]}
            local both = rest | vast.map(rest, function(i) return i end)
            local mine = {fleet[1]} | fleet
            mine:anything()
            for _, i in ipairs(both) do
              local rate = i.rate
              if not rate then goto continue end
              print(rate * 24, -rate)
              vast.each(fleet, function(k) print(rate * 2, (k.rate or 0) + rate) end)
              local age = i.age or i.duration
              if age then print(age / 3600) end
              local t = {rate = i.rate}
              t.rate = t.rate or 0
              print(t.rate + 1)
              ::continue::
            end
            local n
            for _ = 1, 3 do n = (n or 0) + 1 end
            function M.stop(self) self.stop() end
            local stop = fleet[1].stop
            stop(fleet[1], {reason = "x"})
            fleet.sort_by(fleet, "-rate")
            local r = vast.stop(12, {wait = true})
            print(r.state)
            local ok, err = vast.try({"timeout", "state"}, function() error({kind = "closed"}) end)
            last = last or {}
            last.stop = 1
            print(last.stop)
            local cal = vast.calendar("*/15 8-18 * * mon-fri", {tz = "Europe/Berlin", dst = {gap = "skip"}})
            vast.cron(cal, function() end, {catch_up = "none", max_late = "1h", jitter = 30})
            vast.policy{name = "x", match = {label = {"a*", "!b"}, state = "running"}, action = function(i) i:stop{wait = "1m", reason = function(k) return "x" .. k.id end} end, when = function(i) return i:is_idle("45m", {signals = {own = true, cpu = 5}}) end}
            print(vast.instances():sum(function(i) return (i.rate or 0) * 2 end))
            local limit = tonumber(vast.env("X", "3")) * 2
            print(limit, vast.store.get("n", 0) + 1)
            vast.exec({"ls"}, {timeout = "1m30s"})
            print(vast.request("GET", "/x", {query = {lable = 1}}).lable + 1)
            """#
        #expect(misuses(source) == [])
    }

    @Test(
        "a field that nobody can assign to is found",
        arguments: [
            ("i.gpu_utl = 3", "'gpu_utl' of vast.Instance cannot be assigned to: an instance is a snapshot; use vast.label"),
            ("i.label = 'x'", "'label' of vast.Instance cannot be assigned to"), ("i['label'] = 'x'", "'label' of vast.Instance"),
            ("x, f[1].label = 1, 'y'", "'label' of vast.Instance"), ("local r = vast.stop(1) r.changed = {}", "'changed' of vast.Result"),
            ("vast.every('5m', g).name = 'x'", "'name' of vast.Job"),
            ("for _, k in ipairs(f) do k.note = 1 end", "'note' of vast.Instance"),
            ("f.note = 'x' print(f.note)", nil), ("local s = i:history()[1] s.rate = 1", nil), ("local t = i:table() t.label = 'x'", nil),
            ("local k = {} k.label = 'x'", nil), ("other.label = 'x'", nil), ("vast.user().seen = true", nil)
        ])
    func assignments(source: String, message: String?) { expect("local f = vast.instances() local i = f:one() " + source, message) }

    private func expect(_ source: String, _ message: String?) {
        let found = misuses(source)
        #expect(found.count == (message == nil ? 0 : 1), "\(source)\n\(found)")
        if let message { #expect(found.first?.contains(message) == true, "\(found)") }
    }
}
