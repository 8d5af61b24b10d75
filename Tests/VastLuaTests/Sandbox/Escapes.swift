import Testing

/// What becomes of an attempt to get out of a restricted script's state, or to exhaust it.
enum EscapeOutcome: Sendable {
    /// What it needs is not there: the script's value is nil.
    case absent
    /// It raises an error with this text.
    case refused(String)
    /// It ends for want of memory.
    case outOfMemory
    /// It does what it says and harms nobody: the script's value is true.
    case harmless
}

/// A known trick, and how it ends.
struct Escape: Sendable, CustomTestStringConvertible {
    let name: String
    let script: String
    let outcome: EscapeOutcome

    init(_ name: String, _ outcome: EscapeOutcome, _ script: String) {
        (self.name, self.outcome, self.script) = (name, outcome, script)
    }

    var testDescription: String { name }

    static let all = leaving + polluting + loading + finalising + exhausting + confusing

    /// Ways out: files, processes, C, the interpreter's inside. From Lua's manual, and what every wiki sandbox once forgot.
    static let leaving: [Escape] = [
        Escape("os.execute", .absent, "return os.execute"), Escape("os.exit", .absent, "return os.exit"),
        Escape("os.getenv", .absent, "return os.getenv"), Escape("os.remove", .absent, "return os.remove"),
        Escape("os.rename", .absent, "return os.rename"), Escape("os.tmpname", .absent, "return os.tmpname"),
        Escape("os.setlocale", .absent, "return os.setlocale"), Escape("io", .absent, "return io"),
        Escape("io through a file's methods", .absent, "return _G.io"), Escape("debug", .absent, "return debug"),
        Escape("package", .absent, "return package"), Escape("dofile", .absent, "return dofile"),
        Escape("loadfile", .absent, "return loadfile"), Escape("loadstring of old Lua", .absent, "return loadstring"),
        Escape("setfenv of old Lua", .absent, "return setfenv"), Escape("newproxy of old Lua", .absent, "return newproxy"),
        Escape("module of old Lua", .absent, "return module"), Escape("string.dump", .absent, "return string.dump"),
        Escape("string.dump through a string", .absent, "return ('').dump"),
        Escape("io through require", .refused("not found"), "return require 'io'"),
        Escape("debug through require", .refused("not found"), "return require 'debug'"),
        Escape("package through require", .refused("not found"), "return require 'package'"),
        Escape("require of another folder", .refused("no module name"), "return require '../secret'"),
        Escape("require of an absolute path", .refused("no module name"), "return require '/etc/passwd'"),
        Escape("require with a zero byte", .refused("no module name"), "return require 'a\\0b'"),
        Escape("require with dots only", .refused("no module name"), "return require '..'"),
        Escape("vast.env", .refused("not available in a restricted script"), "return vast.env('VAST_API_KEY')"),
        Escape("vast.request", .refused("not available in a restricted script"), "return vast.request('GET', '/api/v0/users/current')"),
        Escape("vast.exec", .refused("not available in a restricted script"), "return vast.exec{'id'}"),
        Escape("vast.http", .refused("not available in a restricted script"), "return vast.http.get('http://127.0.0.1')"),
        Escape("vast.store", .refused("not available in a restricted script"), "return vast.store.get('x')"),
        Escape("vast.env behind the metatable", .harmless, "return getmetatable(vast) == false and rawget(vast, 'env') == nil"),
        Escape(
            "secret fields", .harmless,
            "local i = vast.instance(12) return i.onstart == nil and i.jupyter_token == nil and i.extra_env == nil"),
        Escape(
            "secret fields, raw", .harmless, "local i = vast.instance(12) return i:raw('onstart') == nil and i:table().jupyter_token == nil"
        )
    ]

    /// What others use is changed under them, as once in Redis.
    static let polluting: [Escape] = [
        Escape("a field of the string library", .refused("cannot be changed"), "string.format = print"),
        Escape("a new field of the string library", .refused("cannot be changed"), "function string.trim() end"),
        Escape("the string metatable", .refused("index"), "getmetatable('').__index = function() end"),
        Escape("the string metatable is hidden", .harmless, "return getmetatable('') == false"),
        Escape("rawset on a library", .refused("frozen"), "rawset(math, 'floor', print)"),
        Escape("setmetatable on a library", .refused("protected"), "setmetatable(table, {})"),
        Escape("table.insert into a library", .refused("cannot be changed"), "table.insert(string, 'x')"),
        Escape("table.move into a library", .refused("cannot be changed"), "table.move({1}, 1, 1, 1, coroutine)"),
        Escape("the table behind a library, through pairs", .harmless, "local f, t = pairs(string) return t == nil"),
        Escape("the table behind a library, through next", .harmless, "return next(string) == nil"),
        Escape("a field of vast", .refused("cannot be changed"), "vast.stop = print"),
        Escape("a field of vast.log", .refused("cannot be changed"), "vast.log.info = print"),
        Escape("a metatable of ours", .harmless, "return type(getmetatable(vast.instances())) ~= 'table'"),
        Escape("the metatable of an instance", .harmless, "return type(getmetatable(vast.instance(12))) ~= 'table'"),
        Escape("the metatable of an error", .harmless, "local _, e = pcall(vast.stop, nil) return type(getmetatable(e)) ~= 'table'"),
        Escape("setmetatable on globals", .harmless, "setmetatable(_G, {__index = function(_, k) return k end}) return foo == 'foo'"),
        Escape("globals of its own", .harmless, "string = nil; x = 1; return ('a'):upper() == 'A' and x == 1"),
        Escape("_ENV of its own", .harmless, "local print = print; local _ENV = {}; return string == nil"),
        Escape("upvalues through _ENV", .harmless, "local e = _ENV return e == _G and e.debug == nil")
    ]

    /// Code that is no text, and code with other globals.
    static let loading: [Escape] = [
        Escape("bytecode through load", .refused("binary"), "assert(load('\\27Lua\\x54\\0\\x19\\x93\\r\\n\\x1a\\n'))"),
        Escape("bytecode by its mode", .refused("text only"), "assert(load('\\27Lua', 'x', 'b'))"),
        Escape("bytecode in pieces", .refused("binary"), "local n = 0 assert(load(function() n = n + 1 return ({'\\27', 'Lua'})[n] end))"),
        Escape("load sees the restricted globals", .harmless, "return load('return io == nil and debug == nil and _G')() == _G"),
        Escape("load with an environment", .harmless, "return load('return print', 'x', 't', {})() == nil"),
        Escape("load with an environment of nil", .refused("nil value"), "load('return print', 'x', 't', nil)()"),
        Escape("a mode that is no text", .refused("text only"), "assert(load('return 1', 'x', {}))"),
        Escape("deep parentheses", .refused("overflow"), "assert(load('return ' .. ('('):rep(1e5) .. '1' .. (')'):rep(1e5)))"),
        Escape("deep tables", .refused("overflow"), "assert(load('return ' .. ('{'):rep(1e5) .. ('}'):rep(1e5)))"),
        Escape("deep concatenation", .refused("overflow"), "assert(load('return ' .. ('a..'):rep(1e5) .. 'a'))"),
        Escape(
            "too many locals", .refused("too many local"),
            "local t = {} for i = 1, 300 do t[i] = 'local a' .. i end assert(load(table.concat(t, ' ')))"),
        Escape("an endless chunk", .outOfMemory, "assert(load(function() return ('x'):rep(1e6) end))")
    ]

    /// Code that runs at other times than its turn.
    static let finalising: [Escape] = [
        Escape("__gc", .refused("finalisers"), "setmetatable({}, {__gc = function() while true do end end})"),
        Escape("__gc that is false", .refused("finalisers"), "setmetatable({}, {__gc = false})"),
        Escape(
            "__gc added afterwards", .harmless,
            "local ran; local m = {} do setmetatable({}, m) end m.__gc = function() ran = true end collectgarbage() return ran == nil"),
        Escape(
            "__gc through a metatable's __index", .harmless,
            "local ran; setmetatable({}, setmetatable({}, {__index = {__gc = function() ran = true end}})) collectgarbage() return not ran"),
        Escape("__close that raises", .refused("closed"), "local x <close> = setmetatable({}, {__close = function() error('closed') end})"),
        Escape("collectgarbage('stop')", .refused("not available"), "collectgarbage('stop')"),
        Escape("collectgarbage('generational')", .refused("not available"), "collectgarbage('generational')"),
        Escape("collectgarbage('setpause')", .refused("not available"), "collectgarbage('setpause', 1e9)"),
        Escape("weak tables", .harmless, "local t = setmetatable({}, {__mode = 'kv'}) t[{}] = {} collectgarbage() return next(t) == nil")
    ]

    /// Memory, stacks, and loops inside C, where nothing interrupts them.
    static let exhausting: [Escape] = [
        Escape("string.rep, huge", .refused("too large"), "return ('x'):rep(1 << 62)"),
        Escape("string.rep of nothing", .harmless, "return (''):rep(1 << 62) == ''"),
        Escape("string.rep with a separator", .refused("too large"), "return (''):rep(1 << 40, 'x')"),
        Escape("string.rep again and again", .outOfMemory, "local t = {} while true do t[#t + 1] = ('x'):rep(1e6) .. #t end"),
        Escape("a string that doubles", .outOfMemory, "local s = 'x' while true do s = s .. s end"),
        Escape("a table that grows", .outOfMemory, "local t = {} while true do t[#t + 1] = {} end"),
        Escape(
            "a pattern bomb of question marks", .refused("pattern"), "return string.find(('a'):rep(400), ('a?'):rep(400) .. ('a'):rep(400))"
        ),
        Escape("a pattern bomb of stars", .refused("takes too long"), "return string.match(('a'):rep(400), ('a*'):rep(20) .. 'b')"),
        Escape("a pattern bomb of minuses", .refused("takes too long"), "return string.gsub(('a'):rep(400), ('.-'):rep(20) .. 'b', '')"),
        Escape(
            "a pattern bomb in gmatch", .refused("takes too long"), "for _ in string.gmatch(('a'):rep(400), ('a+'):rep(20) .. 'b') do end"),
        Escape("a balance bomb", .refused("takes too long"), "return string.find(('('):rep(1e5), '%b()')"),
        Escape("a set bomb", .refused("takes too long"), "return string.find(('a'):rep(1e5), '[' .. ('b'):rep(1e5) .. ']')"),
        Escape("a plain search bomb", .harmless, "return string.find(('a'):rep(1e6), ('a'):rep(5e5) .. 'b', 1, true) == nil"),
        Escape("table.concat over a huge range", .refused("too many elements"), "return table.concat({}, '', 1, 1 << 62)"),
        Escape(
            "table.concat with a lying __len", .refused("too many elements"),
            "return table.concat(setmetatable({}, {__len = function() return 1 << 62 end, __index = type}))"),
        Escape("table.unpack over a huge range", .refused("too many"), "return table.unpack({}, 1, 1 << 62)"),
        Escape("table.unpack with limits that wrap", .refused("too many"), "return table.unpack({}, math.mininteger, math.maxinteger)"),
        Escape("table.move over a huge range", .refused("too many elements"), "return table.move({}, 1, 1 << 62, 2)"),
        Escape(
            "table.insert with a lying __len", .refused("__len"),
            "table.insert(setmetatable({}, {__len = function() return 1 << 62 end}), 1, 1)"),
        Escape(
            "table.remove with a lying __len", .refused("__len"),
            "table.remove(setmetatable({}, {__len = function() return 1 << 62 end}), 1)"),
        Escape("table.sort with a lying __len", .refused("__len"), "table.sort(setmetatable({}, {__len = function() return 1 << 30 end}))"),
        Escape(
            "table.sort with a comparator that lies", .harmless,
            "local t = {} for i = 1, 1000 do t[i] = i end pcall(table.sort, t, function() return true end) return true"),
        Escape("string.format with a huge width", .refused("invalid conversion"), "return string.format('%99999d', 1)"),
        Escape("string.pack with a huge size", .outOfMemory, "return string.pack('c2147483647', 'x')"),
        Escape("string.byte of everything", .refused("too long"), "return string.byte(('x'):rep(5e6), 1, -1)"),
        Escape("utf8.char out of range", .refused("out of range"), "return utf8.char(1 << 40)"),
        Escape("utf8.codepoint of everything", .refused("too long"), "return utf8.codepoint(('x'):rep(5e6), 1, -1)"),
        Escape("recursion without end", .refused("stack overflow"), "local function f() return 1 + f() end return f()"),
        Escape(
            "recursion through __index", .refused("overflow"),
            "local t = {} setmetatable(t, {__index = function(t, k) return t[k .. 'x'] end}) return t.x"),
        Escape(
            "a chain of __index", .refused("chain too long"),
            "local a = {} for i = 1, 3000 do a = setmetatable({}, {__index = a}) end return a.x"),
        Escape("a loop of __index", .refused("loop"), "local t = {} setmetatable(t, {__index = t}) return t.x"),
        Escape("recursion in error handlers", .harmless, "local function h() error('again') end return not xpcall(error, h, 'x')"),
        Escape("recursion through pcall", .harmless, "local function f() return pcall(f) end f() return true"),
        Escape("recursion through coroutines", .harmless, "local function f() return coroutine.wrap(f)() end return not pcall(f)"),
        Escape(
            "recursion through tostring", .refused("overflow"),
            "local t = setmetatable({}, {}) getmetatable(t).__tostring = function(s) return tostring(s) end return tostring(t)"),
        Escape("recursion through gsub", .harmless, "local function f(s) return (s:gsub('.', f)) end return not pcall(f, 'x')"),
        Escape("recursion through sort", .harmless, "local function f(a, b) table.sort({2, 1}, f) return false end return not pcall(f)"),
        Escape("recursion through load", .harmless, "local function f() return load(f) end return pcall(f) ~= nil"),
        Escape(
            "memory caught by pcall", .harmless,
            "local ok = pcall(function() local s = 'x' while true do s = s .. s end end) return ok == false"),
        Escape("modules without end", .refused("not found"), "for i = 1, 1e6 do require('m' .. i) end")
    ]

    /// Values that are not what they seem.
    static let confusing: [Escape] = [
        Escape("select below everything", .refused("out of range"), "return select(math.mininteger, 1)"),
        Escape("next with a key that is not there", .refused("invalid key"), "return next({}, 'x')"),
        Escape(
            "next while the table grows", .harmless,
            "local t = {1} pcall(function() for k in next, t do t[k + 1] = 1 if k > 1e4 then error() end end end) return true"),
        Escape(
            "an error that raises when shown", .harmless,
            "local e = setmetatable({}, {__tostring = function() error('x') end}) return not pcall(error, e)"),
        Escape(
            "an error whose text is a table", .refused("must return a string"),
            "return tostring(setmetatable({}, {__tostring = function() return {} end}))"),
        Escape("a __name that is no text", .harmless, "return tostring(setmetatable({}, {__name = {}})):find('table') == 1"),
        Escape("a hidden metatable", .refused("protected"), "local t = setmetatable({}, {__metatable = 1}) setmetatable(t, nil)"),
        Escape(
            "__pairs that lies", .harmless,
            "for k in pairs(setmetatable({}, {__pairs = function() return function() end end})) do end return true"),
        Escape("os.date with a conversion of its own", .refused("invalid conversion"), "return os.date('%Ez')"),
        Escape("os.date far away", .refused("cannot be represented"), "return os.date('*t', 1 << 60)"),
        Escape("os.date, endless", .refused("too long"), "return os.date(('%c'):rep(1e6))"),
        Escape("os.time out of range", .refused("out"), "return os.time{year = 1 << 40, month = 1, day = 1}"),
        Escape("integer division by zero", .refused("zero"), "return 1 // 0"),
        Escape(
            "the smallest integer by minus one", .harmless, "return math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0"),
        Escape("math.random over everything", .harmless, "return math.type(math.random(math.mininteger, math.maxinteger)) == 'integer'"),
        Escape("a for loop that wraps", .harmless, "for i = math.maxinteger - 1, math.maxinteger do end return true"),
        Escape("goto out of a function", .refused("no visible label"), "assert(load('goto x; do ::x:: end'))"),
        Escape(
            "yield across a metamethod", .harmless,
            "local co = coroutine.wrap(function() return setmetatable({}, {__index = function(_, k) return coroutine.yield(k) end}).x end) return co() == 'x'"
        ),
        Escape(
            "a coroutine that resumes itself", .harmless,
            "local co co = coroutine.create(function() return coroutine.resume(co) end) local _, ok = coroutine.resume(co) return ok == false"
        ),
        Escape(
            "a coroutine that closes itself", .harmless,
            "local co co = coroutine.create(function() return pcall(coroutine.close, co) end) local _, ok = coroutine.resume(co) return ok == false"
        ),
        Escape("pcall shadowed", .harmless, "local pcall = function(f) f() end; return not _G.pcall(pcall, error)"),
        Escape("limits raised by the script itself", .harmless, "vast.guard{max_stops = 1000, allow_destroy = true} return true"),
        Escape(
            "a verb given a table that lies", .refused(""),
            "vast.stop(setmetatable({}, {__index = function() return 12 end, __len = function() return 1 << 62 end})) error('done')")
    ]
}
