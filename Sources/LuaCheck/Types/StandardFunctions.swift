/// Functions of Lua itself (manual, section 6), with what they give where that is always the same.
enum StandardFunctions {
    static let all = Set(results.keys).union([
        "assert", "collectgarbage", "dofile", "error", "getmetatable", "ipairs", "load", "loadfile", "next", "pairs", "pcall", "rawget",
        "rawset", "require", "select", "setmetatable", "tonumber", "xpcall", "os.exit", "table.unpack", "table.remove"
    ])

    /// The types of what a function gives, one after the other.
    static let results: [String: [InferredType]] = {
        var results: [String: [InferredType]] = [:]
        for name in ["print", "table.insert", "table.sort", "math.randomseed"] { results[name] = [] }
        for name in ["tostring", "type", "string.format", "string.rep", "string.upper", "string.lower", "string.sub", "string.reverse"] {
            results[name] = [InferredType(shape: .plain("string"))]
        }
        results["table.concat"] = results["tostring"]
        for name in ["os.time", "os.clock", "os.difftime", "math.floor", "math.ceil", "math.max", "math.min", "math.sqrt", "math.random"] {
            results[name] = [InferredType(shape: .plain("number"))]
        }
        for name in ["string.len", "rawlen"] { results[name] = results["os.time"] }
        for name in ["io.open", "io.popen"] { results[name] = [InferredType(shape: .standard("io.stdout")), .unknown, .unknown] }
        results["rawequal"] = [InferredType(shape: .plain("boolean"))]
        return results
    }()

    /// The functions that texts have as methods.
    static let ofTexts = StandardLibrary.tables["string"] ?? []
}
