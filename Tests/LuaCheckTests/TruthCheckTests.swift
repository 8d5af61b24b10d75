import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` finds of functions where their results are meant, of loops, and of places in lists.
@Suite struct TruthCheckTests {
    private func expect(_ source: String, _ message: String?) {
        let found = VastNames(Declaration.names).misuses(in: Array(("local l = vast.instances() local i = l:one() " + source).utf8))
        #expect(found.count == (message == nil ? 0 : 1), "\(source)\n\(found)")
        if let message { #expect(found.first?.message.contains(message) == true, "\(found)") }
    }

    @Test(
        "a method that is not called where its result is meant is found",
        arguments: [
            ("if i.is_idle then print(1) end", "'is_idle' of vast.Instance is a method, and always true: write 'i:is_idle(…)'"),
            ("while i.running_for do end", "write 'i:running_for()'"), ("repeat until i.running_for", "write 'i:running_for()'"),
            ("return i.is_idle", "write 'i:is_idle(…)'"), ("local x = not i.is_idle", "'is_idle'"),
            ("return i.is_idle == true", "'is_idle'"),
            ("if i.rate and i.is_idle then end", "'is_idle'"), ("return i.running_for > 60", "'running_for'"),
            ("if true == i.is_idle then end", "'is_idle'"), ("return 'for ' .. i.running_for", "'running_for'"),
            ("vast.policy{all = true, action = 'stop', when = function(k) return k.is_idle end}", "write 'k:is_idle(…)'"),
            ("vast.instances{where = function(k) return k.is_idle end}", "'k:is_idle(…)'"), ("print(i.running_for)", "'running_for'"),
            ("for _, k in ipairs(l) do if k.is_idle then k:stop() end end", "'k:is_idle(…)'"), ("print(l.ids)", "write 'l:ids()'"),
            ("if l.first then end", "write 'l:first()'"),
            ("return vast.now - i.observed_at", "'vast.now' is a function: write 'vast.now()'"),
            ("return os.time - 5", "'os.time' is a function"), ("if vast.now > 5 then end", "'vast.now' is a function"),
            ("if vast.now then end", "'vast.now' is a function, and always true"),
            ("if i:is_idle('5m') then end", nil), ("local stop = i.stop stop(i)", nil), ("pcall(i.stop, i)", nil),
            ("vast.each(l, i.stop)", nil),
            ("local f = x and i.stop or i.start f(i)", nil), ("return i.brand_new_thing", nil), ("return other.is_idle", nil),
            ("i.note = i.stop", "cannot be"),
            ("return vast.stop == f", nil), ("return os.time() - 5", nil), ("os.time = nil return os.time - 5", nil),
            ("return i.stop ~= nil", nil),
            ("local now = vast.now return now() - 5", nil), ("return {stop = i.stop}", nil), ("local t = {i.stop, i.start}", nil)
        ])
    func uncalled(source: String, message: String?) { expect(source, message) }

    @Test(
        "what stands behind 'in' and is no iterator is found",
        arguments: [
            ("for _, k in vast.instances() do print(k) end", "write 'for _, k in ipairs(vast.instances()) do'"),
            ("for k in l do print(k) end", "a list cannot be called, as 'in' does: write 'for _, k in ipairs(l) do'"),
            ("for _, k in vast.instances do print(k) end", "in ipairs(vast.instances()) do'"),
            ("for k, v in {1, 2} do end", "in pairs({1, 2}) do'"),
            ("for _, id in l:ids() do print(id) end", "in ipairs(l:ids()) do'"), ("for k, v in i do print(k, v) end", "in pairs(i) do'"),
            ("for n in 5 do end", "'in' needs a function"),
            ("for _, k in ipairs(l) do print(k) end", nil), ("for k, v in pairs(i) do print(k, v) end", nil),
            ("for k in next, {} do end", nil),
            ("for w in ('a b'):gmatch('%a') do end", nil), ("for line in io.lines('x') do end", nil), ("for x in each(l) do end", nil),
            ("local t = setmetatable({}, {__call = g}) for x in t do end", nil), ("for x in iterator do end", nil)
        ])
    func iterators(source: String, message: String?) { expect(source, message) }

    @Test(
        "a place in a list where the element is meant is found",
        arguments: [
            ("for k in ipairs(l) do k:stop() end", "'k' is a place in the list, a number without 'stop': write 'for _, k in ipairs(l) do'"),
            ("for k in ipairs(l) do print(k.label) end", "write 'for _, k in ipairs(l) do'"),
            ("for k in ipairs(l) do vast.stop(k) end", "'k' is a place in the list, not an id: write 'for _, k in ipairs(l) do'"),
            ("for n, k in ipairs(l) do vast.stop(n) end", "the element is 'k'"),
            ("for n, k in ipairs(l:ids()) do vast.instance(n) end", "'k'"),
            ("for n, k in ipairs(l) do print(n.id) end", "the element is 'k'"),
            ("for n, k in ipairs(l) do print(n, k.label) end", nil), ("for n in ipairs(l) do vast.stop(l[n]) end", nil),
            ("for id in pairs(seen) do vast.stop(id) end", nil), ("for n = 1, #l do l[n]:stop() end", nil),
            ("for n in ipairs(l) do n = l[n] n:stop() end", nil),
            ("for k, list in pairs(l:group('gpu_name')) do print(k.x, #list) end", nil)
        ])
    func places(source: String, message: String?) { expect(source, message) }

    @Test(
        "what a function of the script returns is known where it is called",
        arguments: [
            ("local function o() return {reasn = 'x'} end vast.stop(1, o())", "unknown option 'reasn', did you mean 'reason'?"),
            ("local function o() return {reason = 5} end i:stop(o())", "reason: string or function expected"),
            ("local o = function() return {raeson = 'x'} end local p = o() vast.stop(1, p)", "'raeson'"),
            ("local function o(why) return {raeson = why} end vast.stop(1, o('x'))", "'raeson'"),
            (
                "local function get(id) local k = vast.instance(id) return k and k.rate and k or nil end local k = get(1) print(k.gpu_utl)",
                "'gpu_util'"
            ),
            ("local function pick() for _, k in ipairs(l) do if k.rate then return k end end end print(pick().gpu_utl)", "'gpu_util'"),
            ("local function o(x) if x then return {raeson = 'x'} end return {} end vast.stop(1, o())", nil),
            ("local function o() return {reason = 'x'} end vast.stop(1, o())", nil),
            ("local function get() return l end get():stop()", nil),
            ("local function get(x) if x then return l end return i end get().anything()", nil),
            ("local function get() return i end get = other print(get().gpu_utl)", nil),
            ("local function f(n) return f(n - 1) end print(f(1).x)", nil)
        ])
    func returned(source: String, message: String?) { expect(source, message) }

    @Test(
        "a signal that is nearly one of ours is found, and one of the script's own is not",
        arguments: [
            ("i:is_idle('5m', {signals = {cpuu = 5}})", "(signals: unknown signal 'cpuu', did you mean 'cpu'?)"),
            ("i:is_idle('5m', {signals = {netwrok = 5}})", "'network'"), ("local s = {dsik = 5} i:is_idle('5m', {signals = s})", "'disk'"),
            ("i:is_idle('5m', {signals = {queue = true}})", nil), ("i:is_idle('5m', {signals = {cpu = 5, temperature = 60}})", nil),
            ("vast.signal('cpus', function() end) i:is_idle('5m', {signals = {cpus = true}})", nil), ("i:is_idle('5m', {signals = s})", nil)
        ])
    func signals(source: String, message: String?) { expect(source, message) }
}
