import LuaEngine

/// The names that a state of Lua 5.4 has before a script runs (manual, section 6), with ours.
enum StandardLibrary {
    /// The globals.
    static let globals = Set(
        names("_G _VERSION arg assert collectgarbage dofile error getmetatable ipairs load loadfile next pairs pcall print")
    )
    .union(names("rawequal rawget rawlen rawset require select setmetatable tonumber tostring type vast warn xpcall"))
    .union(tables.keys)

    /// What stands in the tables of globals.
    static let tables: [String: Set<String>] = [
        "coroutine": names("close create isyieldable resume running status wrap yield"),
        "debug": names("debug gethook getinfo getlocal getmetatable getregistry getupvalue getuservalue setcstacklimit sethook setlocal")
            .union(names("setmetatable setupvalue setuservalue traceback upvalueid upvaluejoin")),
        "io": names("close flush input lines open output popen read stderr stdin stdout tmpfile type write"),
        "math": names("abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp huge ldexp log log10 max maxinteger min mininteger")
            .union(names("modf pi pow rad random randomseed sin sinh sqrt tan tanh tointeger type ult")),
        "os": names("clock date difftime execute exit getenv remove rename setlocale time tmpname"),
        "package": names("config cpath loaded loadlib path preload searchers searchpath"),
        "string": names("byte char dump find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper"),
        "table": names("concat insert move pack remove sort unpack"),
        "utf8": names("char charpattern codepoint codes len offset")
    ]

    /// What files have as methods.
    static let ofFiles = names("close flush lines read seek setvbuf write")

    /// What stands for files, as `io.open` gives them.
    static let files: Set<String> = ["io.stderr", "io.stdout", "io.stdin"]

    /// What earlier versions of Lua had, and what stands in its place.
    static let former: [String: String] = [
        "unpack": "table.unpack", "loadstring": "load", "setfenv": "the parameter 'env' of load", "getfenv": "_ENV",
        "module": "a table that the file returns", "bit32": "the operators & | ~ << >>", "bit": "the operators & | ~ << >>",
        "table.getn": "#", "table.maxn": "#", "table.foreach": "pairs", "table.foreachi": "ipairs", "string.gfind": "string.gmatch",
        "math.mod": "math.fmod", "package.loaders": "package.searchers"
    ]

    private static func names(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }
}
