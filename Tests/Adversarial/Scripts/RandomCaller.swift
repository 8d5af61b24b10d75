import VastLua

/// Writes scripts that call every function of `vast` and every method of its objects with arguments of all types of Lua.
struct RandomCaller {
    private var dice: FuzzDice
    private let ids: [Int64]
    /// Whether it only calls what changes no more than the instances it is given.
    private let isNamed: Bool

    /// Not called: they leave this process, or say what has nothing to do with the fleet.
    private static let outside: Set = ["exec", "http.get", "http.post", "http.request", "notify", "signal", "live", "help"]
    /// They change what they find themselves.
    private static let searching: Set = ["policy", "budget", "request"]

    private static let values = [
        "nil", "true", "false", "0", "1", "-1", "2.5", "1e308", "-1/0", "0/0", "math.mininteger", "2^53", "''", "'x'", "'12'", "'stopped'",
        "'running'",
        "'1h'", "'2 days'", "'-5m'", "'mon-fri 08:00-19:00'", "'*/5 * * * *'", "'2026-12-01'", "'\\0'", "('y'):rep(3000)", "'[keep]'",
        "'label'", "'lease'",
        "'*'", "print", "function() end", "function(...) return ... end", "function() error('own') end", "coroutine.create(print)",
        "io.stdout",
        "setmetatable({}, {__index = function() error('index') end})", "setmetatable({}, {__len = function() return 1e9 end})", "{}",
        "{1, 2}",
        "{1, nil, 3}", "{a = 1}", "{{}}", "loop", "{wait = '1m'}", "{reason = 'random'}", "{all = true}", "{label = '*'}", "{max = 3}",
        "{where = function() return true end}", "{where = function() error('own') end}", "{unavailable = 'queue'}", "{confirm = 1}",
        "vast.json.null",
        "vast", "vast.now()", "{max_stops = 99, max_starts = 99, max_fraction = 1}", "{gpu_name = 'RTX 4090'}", "{id = 12}",
        "{every = '1h'}"
    ]

    private static let prelude = """
        local calls, named, kept, loop = {}, {}, {}, {}
        loop.loop = loop
        local function note(verb, value, depth)
            if math.type(value) == 'integer' or math.type(value) == 'float' then named[verb .. ' ' .. string.format('%.0f', value)] = true end
            if type(value) == 'string' and tonumber(value) then note(verb, tonumber(value), depth) end
            if depth > 3 or type(value) ~= 'userdata' and type(value) ~= 'table' then return end
            pcall(function() note(verb, value.id, depth + 1) end)
            pcall(function() for i = 1, math.min(#value, 50) do note(verb, value[i], depth + 1) end end)
            if type(value) == 'table' then for _, inner in next, value do note(verb, inner, depth + 1) end end
        end
        local function call(name, verb, fn, ...)
            if verb then for i = 1, select('#', ...) do note(verb, (select(i, ...)), 0) end end
            local results = table.pack(pcall(fn, ...))
            if results[1] then
                for i = 2, results.n do if type(results[i]) == 'userdata' then kept[#kept % 40 + 1] = results[i] end end
                return
            end
            local problem = results[2]
            if type(problem) == 'string' and #problem > 0 then return end
            local isOurs = pcall(function() assert(type(problem.kind) == 'string' and #problem.kind > 0) end)
                and pcall(function() assert(type(problem.message) == 'string' and #problem.message > 0) end)
            if not isOurs then calls[#calls + 1] = name .. ' raises a ' .. type(problem) .. ': ' .. tostring(problem) end
        end
        local function method(place, name, verb, ...)
            local object = kept[place]
            if verb then note(verb, object, 0) end
            call(name, verb, function(...) return object[name](object, ...) end, ...)
        end

        """

    private static let end = """

        local all = {}
        for name in pairs(named) do all[#all + 1] = name end
        table.sort(all)
        return table.concat(calls, '; '), table.concat(all, '; ')
        """

    private static let methods = ObjectDeclaration.all.flatMap(\.methods).map(\.name)
    private static let verbs: Set = ["stop", "start", "label", "bid", "reboot", "recycle", "destroy"]

    init(seed: UInt64, ids: [Int64], isNamed: Bool) { (dice, self.ids, self.isNamed) = (FuzzDice(seed: seed), ids, isNamed) }

    mutating func script(calls: Int) -> String {
        let functions = Declaration.all.map(\.name).filter { !Self.outside.contains($0) && !(isNamed && Self.searching.contains($0)) }
        var lines = ["call('instances', nil, vast.instances)", "call('instance', nil, vast.instance, \(ids[0]))"]
        for _ in 0..<calls {
            if dice.isOne(of: 3) {
                let name = dice.pick(Self.methods)
                lines.append("method(\(dice.number(1...12)), '\(name)', \(verb(name)), \(arguments()))")
            } else {
                let name = dice.isOne(of: 3) ? dice.pick(Self.verbs.sorted()) : dice.pick(functions)
                lines.append("call('\(name)', \(verb(name)), vast.\(name), \(arguments()))")
            }
        }
        return Self.prelude + lines.joined(separator: "\n") + Self.end
    }

    private func verb(_ name: String) -> String {
        let verb = ["set_label": "label", "set_wish": "label"][name] ?? name
        return Self.verbs.contains(verb) ? "'\(verb)'" : "nil"
    }

    private mutating func arguments() -> String {
        let count = dice.number(1...3)
        return (0..<count).map { place in place == 0 && dice.isOne(of: 2) ? target() : dice.pick(Self.values) }.joined(separator: ", ")
    }

    private mutating func target() -> String {
        let id = dice.pick(ids)
        return dice.pick(["\(id)", "{\(id), \(dice.pick(ids))}", "kept[\(dice.number(1...12))]", "'\(id)'", "\(id).0", "{\(id), 'x'}"])
    }
}
