import FleetClock
import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` finds by inferring types: of arguments, of tables that locals hold, of what may be nil.
@Suite struct InferenceCheckTests {
    private func misuses(_ source: String) -> [VastNames.Misuse] { VastNames(Declaration.names).misuses(in: Array(source.utf8)) }

    private func expect(_ source: String, _ message: String?, isWarning: Bool = false) {
        let found = misuses("local f = vast.instances() local i = f:one() " + source)
        #expect(found.count == (message == nil ? 0 : 1), "\(source)\n\(found)")
        if let message { #expect(found.first?.message.contains(message) == true, "\(found)") }
        #expect(found.allSatisfy { $0.isWarning == isWarning }, "\(found)")
    }

    @Test(
        "a table of options that a local holds is looked at, with what is assigned to its fields before the call",
        arguments: [
            ("local o = {raeson = 'x'} vast.stop(1, o)", "'options' to 'vast.stop' (unknown option 'raeson', did you mean 'reason'?)"),
            ("local o = {} o.raeson = 1 vast.stop(1, o)", "'raeson'"), ("local o = {} o['raeson'] = 'x' i:stop(o)", "'vast.Instance:stop'"),
            ("local o = {wait = '5x'} vast.stop(1, o)", "is not a length"),
            ("local o = {} o.wait = '5x' vast.stop(1, o)", "is not a length"),
            ("local o = {reason = 5} vast.stop(1, o)", "reason: string or function expected"),
            ("local o = {} if x then o.raeson = 1 end vast.stop(1, o)", "'raeson'"),
            ("local o <const> = {raeson = 'x'} vast.stop(1, o)", "'raeson'"),
            ("local o = {raeson = 'x'} for _, k in ipairs(f) do k:stop(o) end", "'raeson'"),
            ("local o = {raeson = 'x'} local function g() vast.stop(1, o) end", "'raeson'"),
            ("local q = {lable = 'x'} vast.instances(q)", "unknown field 'lable', did you mean 'label'?"),
            ("local q = {state = 'runing'} f:where(q)", "no state 'runing'"),
            ("local p = {all = true, evry = '5m', when = g, action = 'stop'} vast.policy(p)", "'every'"),
            ("local m = {lable = 'x'} vast.policy{match = m, when = g, action = 'stop'}", "(match: unknown field 'lable'"),
            ("local o = {} vast.destroy(1, o)", "it needs option 'confirm'"),
            ("local o = {every = '5m'} vast.start(1, o)", "go with unavailable"),
            ("local t = {1, 'x'} vast.stop(t)", "instance or id expected in the list, got string"),
            ("local t = {id = 1} vast.stop(t)", "a list expected, got a table with the key 'id'"),
            ("local stop, o = vast.stop, {raeson = 'x'} stop(1, o)", "'raeson'"),
            ("o = {raeson = 'x'} vast.stop(1, o)", "'raeson'"), ("local o = {raeson = 'x'} local p = o vast.stop(1, p)", "'raeson'"),
            ("local c = {stop = {raeson = 'x'}} vast.stop(1, c.stop)", "'raeson'"), ("q = {lable = 'x'} f:where(q)", "'label'"),
            ("o = {raeson = 'x'} o = {} vast.stop(1, o)", nil), ("o = {raeson = 'x'} function g() o = h() end vast.stop(1, o)", nil),
            ("local c = {stop = {raeson = 'x'}} c.stop = {} vast.stop(1, c.stop)", nil), ("o = {} o.confirm = 1 vast.destroy(1, o)", nil),
            ("local o = {raeson = 'x'} local p = o p = {} vast.stop(1, p)", nil), ("o = {raeson = 'x'} load(s)() vast.stop(1, o)", nil),
            ("local o = {reason = 'x'} vast.stop(1, o)", nil), ("local o = {} o.reason = 'x' o.wait = true vast.stop(1, o)", nil),
            ("local o = {} vast.stop(1, o) o.note = 1", nil), ("local o = {raeson = 'x'} o = {} vast.stop(1, o)", nil),
            ("local o = {raeson = 'x'} o.raeson = nil vast.stop(1, o)", nil), ("local o = {} o[k] = 1 vast.stop(1, o)", nil),
            ("local o = {} fill(o) vast.destroy(1, o)", nil), ("local o = {} o.confirm = 1 vast.destroy(1, o)", nil),
            ("local o = {} function o.when() end o.all = true o.action = 'stop' vast.policy(o)", nil),
            ("local o = {raeson = 'x'} print(o.raeson) vast.stop(1, {reason = o.raeson})", nil),
            ("local o = {raeson = 'x'} other(1, o)", nil), ("local o = {raeson = 'x'} do local o = {} vast.stop(1, o) end", nil),
            ("local function g(o) vast.stop(1, o) end g({raeson = 'x'})", nil)
        ])
    func tables(source: String, message: String?) { expect(source, message) }

    @Test(
        "what vast.try and vast.spawn pass on is looked at as in the call itself, but for what is missing",
        arguments: [
            ("vast.try('unavailable', vast.start, 1, {unavialable = 'retry'})", "'options' to 'vast.start' (unknown option 'unavialable'"),
            ("local o = {raeson = 'x'} vast.try('guard', vast.stop, 1, o)", "bad argument #2 'options' to 'vast.stop'"),
            ("vast.spawn(vast.stop, 1, {raeson = 'x'})", "'reason'"), ("pcall(vast.stop, 1, {raeson = 'x'})", nil),
            ("vast.spawn(i.stop, i, {raeson = 'x'})", "bad argument #1 'options' to 'vast.Instance:stop'"),
            ("vast.spawn(vast.now, 1)", "takes no arguments"),
            ("vast.try('guard', f.bid, f, '3')", "bad argument #1 'price' to 'vast.List:bid'"),
            ("vast.try('timeout', vast.sleep, '5x')", "length"),
            ("vast.try('invalid_argument', vast.stop, 'x')", nil), ("vast.try('guard', vast.destroy, 1)", nil), ("pcall(vast.stop)", nil),
            ("vast.spawn(vast.sleep, '1h')", nil), ("vast.try('guard', vast.stop, f, {reason = 'x'})", nil), ("pcall(vast.stop, ...)", nil),
            ("pcall(f.stop, f)", nil), ("pcall(g, {raeson = 'x'})", nil), ("vast.try('guard', function(a) end, {raeson = 1})", nil)
        ])
    func passedOn(source: String, message: String?) { expect(source, message) }

    @Test("a misspelt option of any function is found in a local, and one that is right is not", arguments: Self.optionCalls)
    func everyOption(call: OptionCall) {
        let names = call.options.map(\.name)
        for name in names {
            let wrong = name + "x"
            guard !names.contains(wrong) else { continue }
            for source in ["local o = {\(wrong) = x} \(call.text)", "local o = {} o.\(wrong) = x \(call.text)"] {
                let found = misuses("local i = vast.instances():one() " + source)
                #expect(found.count == 1 && found[0].message.contains("'\(wrong)', did you mean '"), "\(source): \(found)")
            }
            let right = misuses("local i = vast.instances():one() local o = {[key] = 1, \(name) = x} \(call.text)")
            #expect(right == [], "\(name): \(right)")
        }
    }

    struct OptionCall: Sendable, CustomTestStringConvertible {
        let text: String
        let options: [Parameter]
        var testDescription: String { text }

        init?(_ declaration: Declaration, before: String) {
            guard let position = declaration.parameters.firstIndex(where: { !$0.takesQuery && $0.options?.isEmpty == false }) else {
                return nil
            }
            options = declaration.parameters[position].options ?? []
            text = "\(before)\(declaration.name)(\((Array(repeating: "x", count: position) + ["o"]).joined(separator: ", ")))"
        }
    }

    static let optionCalls =
        Declaration.all.compactMap { OptionCall($0, before: "vast.") }
        + ObjectDeclaration.instance.methods.compactMap { OptionCall($0, before: "i:") }
        + ObjectDeclaration.list.methods.compactMap { OptionCall($0, before: "vast.instances():") }

    @Test(
        "an argument is of the type that its expression has",
        arguments: [
            ("vast.try('guard', vast.stop(1))", "function expected, got vast.Result; this calls a function at once"),
            ("vast.try('guard', f:stop())", "got vast.Result"),
            ("vast.every('5m', print(1))", "needs argument #2 'fn': function expected; this"),
            ("vast.every('5m', vast.log.info('x'))", "passes nothing"), ("vast.spawn(vast.sleep('5m'))", "passes nothing"),
            ("vast.on('gone', print('x'))", "passes nothing"), ("vast.every('5m', vast.instances())", "got vast.List"),
            ("vast.policy{all = true, action = 'stop', when = vast.now()}", "when: function expected, got number"),
            ("vast.all{vast.user(), vast.instances}", "function expected in the list, got vast.User"),
            ("vast.map(f, vast.stop(1))", "got vast.Result"), ("vast.cron('@daily', tostring(1))", "got string"),
            ("vast.stop(vast.stop(1))", "instance id expected, got vast.Result"), ("vast.stop(vast.user())", "got vast.User"),
            ("vast.stop(vast.now)", "got function"), ("vast.label(1, i)", "string expected, got vast.Instance"),
            ("vast.label(1, i.id)", "string expected, got number"), ("vast.sleep(f)", "got vast.List"),
            ("vast.instance(i)", "integer expected, got"),
            ("local g vast.try('guard', g)", "function expected, got nil"),
            ("vast.stop(1, {reason = i.id})", "reason: string or function expected"),
            ("local function g() end vast.stop(g)", "instance id expected, got function"), ("vast.exec('ls -l')", "list of words"),
            ("vast.exec 'ls'", "expected, got string"), ("vast.exec(i.label)", "expected, got string"),
            ("vast.stop({id = 1})", "the key 'id'"),
            ("vast.wait({id = 1}, 'running')", "the key 'id'"), ("vast.instance(-5)", "id from 1 up expected, got -5"),
            ("vast.policy{all = true, action = 'stop', when = i:is_idle('45m')}", "when: function expected, got boolean"),
            ("vast.policy{all = true, action = 'stop', when = g, notify = print('x')}", "notify: function expected, got nothing"),
            ("vast.policy{all = true, action = 'stop', when = g, notify = vast.notify('x')}", "notify: function expected, got boolean"),
            ("vast.stop(1, {reason = i.num_gpus})", "reason: string or function expected, got number"),
            ("vast.signal('q', i:is_idle('1h'))", "function expected, got boolean"), ("vast.stop(1, {reason = i.gpu_name})", nil),
            ("vast.try('guard', vast.stop, 1)", nil), ("vast.try('guard', g(1))", nil),
            ("vast.try('guard', function() vast.stop(1) end)", nil),
            ("local function g() end vast.every('5m', g)", nil), ("vast.every('5m', vast.instances)", nil),
            ("vast.every('5m', print)", nil),
            ("vast.stop(i)", nil), ("vast.stop(f)", nil), ("vast.stop(vast.wait(1, 'running'))", nil), ("vast.stop(i:refresh())", nil),
            ("vast.label(1, i.gpu_name)", nil), ("vast.label(1, 5 .. '')", nil), ("vast.sleep(vast.now() - 5)", nil),
            ("vast.each(x - y, g)", nil), ("vast.each(f:ids(), g)", nil), ("vast.stop(a + b)", nil), ("vast.exec({'ls', '-l'})", nil),
            ("vast.exec(words)", nil), ("local g if x then g = print end vast.try('guard', g)", nil),
            ("vast.stop(1, x and {wait = true})", nil),
            ("print = function() return print end vast.every('5m', print(1))", nil),
            ("vast.policy{all = true, up = vast.hours('x' .. y)}", nil),
            ("vast.cron(vast.calendar('@daily'), g)", nil), ("vast.log.info(vast.stop(1), {a = i})", nil)
        ])
    func arguments(source: String, message: String?) { expect(source, message) }

    @Test(
        "a call's result where a function is wanted is found in every function that takes one",
        arguments: ["vast.stop(1)", "vast.instances()", "print(1)", "vast.sleep(1)", "i:refresh()", "f:ids()", "tostring(1)", "vast.now()"])
    func functions(argument: String) {
        for declaration in Declaration.all {
            guard let position = declaration.parameters.firstIndex(where: { $0.type.kinds == [.function] }) else { continue }
            expect(
                "vast.\(declaration.name)(\((Array(repeating: "x", count: position) + [argument]).joined(separator: ", ")))",
                "function expected")
        }
    }

    @Test(
        "vast and its tables are called by nobody, and have no methods",
        arguments: [
            ("vast.log('x')", "'vast.log' is a table of functions, and no function: there are vast.log.debug"),
            ("vast.log 'x'", "'vast.log'"),
            ("local log = vast.log log('x')", "'vast.log'"), ("vast.http{url = 'x'}", "vast.http.get"), ("vast('x')", "'vast' is a table"),
            ("vast.log:info('x')", "'vast.log.info' is a function, not a method: write 'vast.log.info(...)'"),
            ("local l = vast.log l:info('x')", "not a method"), ("local v = vast v:stop(1)", "not a method"),
            ("local vast = {} vast.log('x')", nil), ("vast.log.info('x')", nil), ("vast.log = g vast.log('x')", nil)
        ])
    func module(source: String, message: String?) { expect(source, message) }

    @Test(
        "a method that there is not is found behind a dot, too",
        arguments: [
            ("f:first().reboot()", "unknown method 'reboot' (vast.Instance); vast.reboot takes one"),
            ("i.reboot()", "vast.reboot takes one"),
            ("i:reboot()", "vast.reboot takes one"), ("i = vast.instance(2) i:reboot()", "'reboot'"), ("i = f[1] i.foo('x')", "'foo'"),
            ("i = i:refresh() i:stpo()", "did you mean 'stop'?"), ("i.label()", "'label' of vast.Instance is a field, not a method"),
            ("vast.stop(1).foo()", "unknown method 'foo' (vast.Result)"), ("i = {} i.reboot()", nil),

            ("f.foo = g f.foo()", nil), ("print(i.brand_new)", nil)
        ])
    func methods(source: String, message: String?) { expect(source, message) }

    @Test(
        "fields of plain tables, of errors in results, and of what has no fields are found",
        arguments: [
            ("print(vast.exec{'ls'}.stdout)", "unknown field 'stdout' (vast.ExecResult); it has code, out, err, truncated"),
            ("local e = vast.exec{'ls'} print(e.otu)", "did you mean 'out'?"),
            ("print(vast.user().balance)", "unknown field 'balance' (vast.User)"),
            ("for _, s in ipairs(i:history()) do print(s.foo) end", "unknown field 'foo' (vast.Sample)"),
            ("print(i:wishes().foo)", "(vast.Wishes)"), ("print(i:stop_risk().foo)", "(vast.StopRisk)"),
            ("vast.budget{per_day = 1, order = {}, notify = function(e) print(e.foo) end}", "(vast.Excess)"),
            ("local ok, e = pcall(vast.stop, f) if not ok then print(e.results[1].knd) end", "did you mean 'kind'?"),
            ("local ok, e = vast.try('partial', vast.stop, f) if e then for _, r in pairs(e.results) do print(r.knd) end end", "'kind'"),
            ("print(i:is_idle('1h').x)", "'i:is_idle(\"1h\")' is a boolean, which has no field 'x'"),
            ("local r = vast.stop(1) print(r[1].state)", "'r[1]' is one of the words accepted"), ("print(vast.now().x)", "is a number"),
            ("for _, w in pairs(vast.stop(f)) do print(w.state) end", "'w' is one of the words"),
            ("print(vast.now():x())", "has no method 'x'"),
            ("local u = vast.user() u.seen = 1 print(u.seen)", nil), ("print(i.label:upper(), i.label.upper)", nil),
            ("function string.trim(s) end print(i.label:trim(), i.label.trim)", nil), ("print(vast.stop(1)[1])", nil),
            ("local r = vast.stop(1) if r[1] == 'accepted' then print(#r.failed) end", nil), ("print(i.ports.x, i.brand_new.x)", nil)
        ])
    func fields(source: String, message: String?) { expect(source, message) }

    @Test(
        "what may be nil is tested before something is asked of it, or joined to it",
        arguments: [
            ("f:first():stop()", "'f:first()' can be nil, and nil has no 'stop'"), ("print(f:first().label)", "nil has no 'label'"),
            ("local k = f:first() k:stop()", "'k' can be nil"), ("local k = f:first() print(k.label)", "'k' can be nil"),
            ("print('gpu ' .. i.gpu_name)", "'i.gpu_name' can be nil, and nil cannot be concatenated"),
            ("print(i.gpu_name .. '!')", "concatenated"),
            ("print(i.gpu_name:upper())", "nil has no 'upper'"), ("local n = i.gpu_name print('x' .. n)", "'n' can be nil"),
            ("vast.instances():first():stop()", "'vast.instances():first()' can be nil"),
            ("local r = vast.stop(1) print(r[1]:upper())", "'r[1]'"),
            ("if f:first() then f:first():stop() end", nil), ("local k = f:first() if k then k:stop() end", nil),
            ("local k = f:first() if not k then return end k:stop()", nil), ("local k = assert(f:first()) k:stop()", nil),
            ("print(f:first() and f:first().label)", nil), ("local k = f:first() print(k and k.label)", nil),
            ("local k = f:first() or i k:stop()", nil), ("print('x' .. (i.gpu_name or '?'))", nil),
            ("print('x' .. tostring(i.gpu_name))", nil),
            ("if i.gpu_name then print('x' .. i.gpu_name, i.gpu_name:upper()) end", nil), ("print('x' .. i.label, i.label:upper())", nil),
            ("local k = f:first() k = i k:stop()", nil), ("print(vast.instance(1).state)", nil), ("f:one():stop()", nil),
            ("print(vast.instance(id).state)", "'vast.instance(id)' can be nil"),
            ("local k = vast.instance(id) k:stop()", "'k' can be nil"),
            ("vast.instance(tonumber(arg[1])):stop()", "nil has no 'stop'"), ("local k = vast.instance(id) if k then k:stop() end", nil),
            ("local k = vast.instance(id) or error('gone') k:stop()", nil),
            ("for _, k in ipairs(f) do k:stop() end", nil), ("print(f[1].label)", nil), ("local k = f:first() while k do k:stop() end", nil)
        ])
    func absent(source: String, message: String?) { expect(source, message, isWarning: message != nil) }

    @Test(
        "words and lengths of labels are those that the service and policies take",
        arguments: [
            ("i:set_wish('kep', true)", "unknown key 'kep', did you mean 'keep'?"), ("i:set_wish('foo')", "unknown key 'foo'"),
            ("i:set_wish('lease', '8h')", nil), ("i:set_wish(key, true)", nil), ("i:set_wish('keep-until', '2027-01-01')", nil),
            ("vast.label(1, '\(String(repeating: "x", count: 1_025))')", "a text of at most 1024 characters expected, got one of 1025"),
            ("i:set_label('\(String(repeating: "é", count: 1_025))')", "at most 1024"),
            ("f:label('\(String(repeating: "x", count: 2_000))')", "at most 1024"),
            ("vast.label(1, '\(String(repeating: "é", count: 1_024))')", nil)
        ])
    func labels(source: String, message: String?) { expect(source, message) }
}
