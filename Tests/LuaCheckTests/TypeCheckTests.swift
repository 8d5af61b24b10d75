import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` finds in values that come from `vast`.
@Suite struct TypeCheckTests {
    private func misuses(_ source: String) -> [String] {
        VastNames(Declaration.names).misuses(in: Array(source.utf8)).map {
            "\($0.line): \($0.isWarning ? "warning: " : "")\($0.message)"
        }
    }

    @Test(
        "a misspelt field is found wherever its object comes from",
        arguments: [
            "local i = vast.instance(12) print(i.gpu_utl)", "print(vast.instance(12).gpu_utl, 1)", "x = vast.instances()[1].gpu_utl",
            "for _, i in ipairs(vast.instances()) do print(i.gpu_utl) end",
            "for _, i in pairs(vast.instances{}) do f(i['gpu_utl']) end",
            "local fleet = vast.instances() for n = 1, #fleet do local i = fleet[n] print(i.gpu_utl) end",
            "local fleet <const> = vast.instances() local function f() return fleet[1].gpu_utl end",
            "vast.policy{all = true, action = 'stop', when = function(i) return i.gpu_utl end}",
            "vast.policy{up = h, match = {where = function(i) return i.gpu_utl end}}",
            "vast.policy{all = true, when = g, action = function(i, why) print(i.gpu_utl) end}",
            "vast.policy{all = true, up = h, before = function(i) return i.gpu_utl end}",
            "vast.instances{where = function(i) return i.gpu_utl end}",
            "vast.observe('5m', {where = function(i) return i.gpu_utl end})",
            "vast.instances():where{where = function(i) return i.gpu_utl end}", "vast.signal('x', function(i) return i.gpu_utl end)",
            "vast.stop(1, {reason = function(i) return i.gpu_utl end})",
            "vast.instance(1):stop{reason = function(i) return i.gpu_utl end}",
            "vast.each(vast.instances(), function(i) print(i.gpu_utl) end)",
            "vast.map(vast.instances():sort_by('rate'), function(i) return i.gpu_utl end)",
            "vast.on('gone', function(e) print(e.before.gpu_utl) end)",
            "for _, c in ipairs(vast.changes()) do print(c.now and c.now.gpu_utl) end",
            "vast.budget{per_day = 9, order = {}, notify = function(b) print(b.stops[1].gpu_utl) end}",
            "print(vast.instance(1):refresh().gpu_utl)",
            "for _, list in pairs(vast.instances():group('state')) do print(list[1].gpu_utl) end",
            "print(vast.instances():group('state').running[1].gpu_utl)", "local t = {i = vast.instance(1)} print(t.i.gpu_utl)",
            "local t = {} t.i = vast.instance(1) print(t.i.gpu_utl)", "local v = vast print(v.instance(1).gpu_utl)",
            "local i i = vast.instance(1) print(i.gpu_utl)", "local i = vast.instance(1) i = i:refresh() print(i.gpu_utl)",
            "local i = assert(vast.instance(1)) print(i.gpu_utl)", "local i = vast.instance(1) or vast.instance(2) print(i.gpu_utl)",
            "repeat local i = vast.instance(1) until i.gpu_utl", "print((vast.instance(1)).gpu_utl)",
            "local i = vast.wait(1, 'running') print(i.gpu_utl)",
            "local function idle(i) return i.gpu_utl end vast.policy{all = true, action = 'stop', when = idle}",
            "local f = function(i) print(i.gpu_utl) end vast.each(vast.instances(), f)",
            "for _, i in ipairs(vast.wait({1, 2}, 'running')) do print(i.gpu_utl) end",
            "print(vast.wait(1, 'running'):refresh().gpu_utl)",
            "local function show(i) print(i.gpu_utl) end show(vast.instance(1)) show(vast.instances()[1])",
            "vast.budget{per_day = 9, order = {{where = function(i) return i.gpu_utl end}}}",
            "for _, s in ipairs(vast.instance(1):history()) do print(s.gpu_utl) end"
        ])
    func fields(source: String) {
        let found = misuses(source)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains("unknown field 'gpu_utl', did you mean 'gpu_util'?") == true, "\(found)")
    }

    @Test(
        "methods have their names, arguments and options",
        arguments: [
            ("vast.instances():tkae(5)", "1: unknown method 'tkae', did you mean 'take'? (vast.List)"),
            ("local f = vast.instances()\nf:smu('rate')", "2: unknown method 'smu', did you mean 'sum'? (vast.List)"),
            ("local f = vast.instances()\nf:sum()", "2: vast.List:sum needs argument #1 'field': string or function expected"),
            (
                "local i = vast.instance(1)\ni:stop{resaon = 'x'}",
                "2: bad argument #1 'options' to 'vast.Instance:stop' (unknown option 'resaon', did you mean 'reason'?)"
            ),
            ("vast.instance(1):set_label()", "1: vast.Instance:set_label needs argument #1 'text': string expected"),
            ("vast.instance(1):wishes(2)", "1: vast.Instance:wishes takes no arguments, not 1"),
            ("vast.instance(1):label()", "1: 'label' of vast.Instance is a field, not a method: write '.label'"),
            ("vast.spawn(f):jion()", "1: unknown method 'jion', did you mean 'join'? (vast.Task)"),
            ("local job = vast.every('5m', f)\nprint(job.nxet)", "2: unknown field 'nxet', did you mean 'next'? (vast.Job)"),
            ("vast.user():refresh()", "1: unknown method 'refresh' (vast.User)"),
            (
                "local stop = vast.stop\nstop(1, {reson = 'x'})",
                "2: bad argument #2 'options' to 'vast.stop' (unknown option 'reson', did you mean 'reason'?)"
            ),
            ("local log = vast.log\nlog.inof('x')", "2: unknown function 'vast.log.inof', did you mean 'vast.log.info'?"),
            (
                "local h = vast.hours('sat 00:00-24:00')\nh:contians(1)",
                "2: unknown method 'contians', did you mean 'contains'? (vast.Hours)"
            )
        ])
    func methods(source: String, message: String) {
        #expect(misuses(source) == [message])
    }

    @Test(
        "what vast only says cannot be set",
        arguments: [
            "vast.dry_run = true", "x, vast.dry_run = 1, 2", "vast['dry_run'] = 1", "local v = vast v.dry_run = 1"
        ])
    func settings(source: String) {
        let found = misuses(source)
        #expect(found.count == 1 && found.first?.contains("assigning 'vast.dry_run' has no effect") == true, "\(found)")
        #expect(found.first?.contains("-n") == true && found.first?.contains("vast.live") == true)
    }

    @Test(
        "what cannot be told is left alone",
        arguments: [
            "local i = vast.instance(1) i = {} print(i.gpu_utl)", "local i = vast.instance(1) i = f() print(i.gpu_utl)",
            "local i = vast.instance(1) do local i = {} print(i.gpu_utl) end", "local function f(i) return i.gpu_utl end",
            "local i = vast.instance(1) local function f(i) return i.gpu_utl end",
            "local ok, i = pcall(vast.instance, 1) print(i.gpu_utl)",
            "local i = vast.try('timeout', vast.instance, 1) print(i.gpu_utl)",
            "local t = {i = vast.instance(1)} f(t) print(t.i.gpu_utl)",
            "local t = {i = vast.instance(1)} t.i = {} print(t.i.gpu_utl)",
            "local t = {} t[1] = vast.instance(1) print(t[1].gpu_utl)",
            "local f = vast.instances() f[1] = {} print(f[1].gpu_utl)",
            "local f = vast.instances() table.insert(f, {}) print(f[1].gpu_utl)",
            "local f = vast.instances() setmetatable(f, {__index = {first = g}}) f:first()",
            "local ipairs = mine for _, i in ipairs(vast.instances()) do print(i.gpu_utl) end",
            "function ipairs() end for _, i in ipairs(vast.instances()) do print(i.gpu_utl) end",
            "vast.instance = function() return {} end print(vast.instance(1).gpu_utl)",
            "local _ENV = {vast = {}} print(vast.instance(1).gpu_utl)",
            "vast = {} print(vast.instance(1).gpu_utl)", "local vast = {} local i = vast.instance(1) print(i.gpu_utl)",
            "local function f(...) local i = ... print(i.gpu_utl) end", "for c in pairs(vast.changes()) do print(c.evnt) end",
            "local i = vast.instance(1) goto x ::x:: i = nil i = 5 print(i.gpu_utl)", "print(vast.instance(1):raw('x').gpu_utl)",
            "print(vast.instance(1):table().gpu_utl)",
            "local i = vast.instance(1) print(i.brand_new_field, i.ports.gpu_utl, i.zzz < 5)",
            "for _, c in ipairs(vast.changes()) do c.evnt = 1 print(c.evnt) end",
            "local i = vast.instance(1) if x then i = vast.user() end print(i.gpu_utl)",
            "local i while x do print(i.gpu_utl) i = vast.instance(1) i = y end", "i = vast.instance(1) print(i.gpu_utl)",
            "local s = vast.user().email print(s:upper(), s.lne)", "t = {vast.instance(1), i = vast.instance(1)} print(t.i.gpu_utl)",
            "local function f(i) print(i.gpu_utl) end f(vast.instance(1)) f({})",
            "local function f(i) print(i.gpu_utl) end f(vast.instance(1)) g(f)",
            "local function f(i) print(i.gpu_utl) end f(vast.instance(1)) pcall(f, {})",
            "local f = function(i) print(i.gpu_utl) end vast.each(mine, f) f(vast.instance(1))",
            "local function f(i) print(i.gpu_utl) end f(vast.instance(1)) f(h())",
            "local function f(a, i) print(i.gpu_utl) end f(1, vast.instance(1)) f(1)",
            "local function f(i) i = i.x print(i.gpu_utl) end f(vast.instance(1))",
            "vast.each(mine, function(i) print(i.gpu_utl) end)", "table.sort(mine, function(a, b) return a.rate < b.rate end)"
        ])
    func unknown(source: String) {
        #expect(misuses(source) == [])
    }

    @Test("no field of an instance, ours or the service's, is a finding", arguments: FieldDeclaration.instanceNames)
    func known(name: String) {
        #expect(misuses("local i = vast.instance(1) print(i.\(name), i['\(name)'])") == [])
    }

    @Test("sources that are not Lua, and deep or long ones, are read to their end", arguments: oddSources.indices)
    func odd(index: Int) {
        _ = misuses(oddSources[index])
    }
}

/// Not as arguments themselves: whoever fails would be named by a megabyte of brackets.
private let oddSources: [String] = [
    String(repeating: "(", count: 1_000_000), String(repeating: "{", count: 200_000),
    String(repeating: "if x then ", count: 50_000),
    "local i = vast.instance(1) x = i" + String(repeating: ".a", count: 200_000),
    "x = y" + String(repeating: ".a", count: 200_000), "x = y" + String(repeating: ":a()", count: 100_000),
    "x = 1" + String(repeating: " + 1", count: 100_000),
    "x = a" + String(repeating: " and a", count: 100_000), "x = a" + String(repeating: " .. a", count: 100_000),
    "x = f" + String(repeating: "()", count: 100_000),
    "local i = vast.instance(1) print(i.\u{0}gpu_utl)", "local", "for", "for a", "vast.",
    "x = " + String(repeating: "{", count: 190) + String(repeating: "}", count: 190),
    String(repeating: "f(function() ", count: 95) + String(repeating: "end) ", count: 95),
    "local i = vast.instance(1) i:", "x = {a =", "x = {[", "function", "function a.", "local function", "local x <", "::",
    "goto", "a.b, c", "...",
    "x = .", "x = . .", "local i = vast.instance(1) print(i." + String(repeating: "a", count: 500_000) + ")",
    "return function() " + String(repeating: "local x = vast.instances() ", count: 10_000) + "end"
]
