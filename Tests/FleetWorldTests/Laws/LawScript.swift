import FleetClock

/// Scripts of calls one after the other, each with its number as the reason, that return what they were told of each.
struct LawScript {
    /// Which verbs are drawn, and how long a script is.
    struct Options {
        var verbs = ["stop", "stop", "start", "start", "label", "reboot", "destroy", "recycle", "bid"]
        var calls = 1...5
        /// What of the starts is left to the service.
        var unavailable = ["cancel", "cancel", "queue", "retry"]
        var header =
            "vast.guard{max_stops = 999, max_starts = 999, max_fraction = 1, max_reboots = 999, max_recycles = 999, "
            + "max_destroys = 999, allow_destroy = true, allow_recycle = true}"
        /// Whether the limits above are always said, and not only mostly.
        var isAlwaysAllowed = false
        /// Whether the fleet is read in between.
        var reads = true
    }

    private static let told = """
        local lines = {}
        local function told(ok, e)
          if ok then lines[#lines + 1] = "ok" return end
          if type(e) ~= "table" then lines[#lines + 1] = "lua " .. tostring(e) return end
          local words = {e.kind, e.ended_by or "-", e.message:find("Nothing was sent", 1, true) and "nothing" or "something"}
          local ids = {}
          for id in pairs(e.results or {}) do ids[#ids + 1] = id end
          table.sort(ids)
          for _, id in ipairs(ids) do words[#words + 1] = id .. "=" .. (e.results[id] == true and "true" or e.results[id].kind) end
          lines[#lines + 1] = table.concat(words, " ")
        end

        """

    /// Whether a call named one instance, and no list.
    static func isSingle(_ reason: String?) -> Bool { reason?.hasSuffix(" single") ?? false }

    static func script(seed: UInt64, ids: [Int64], options: Options = Options()) -> String {
        var dice = SeededGenerator(seed: seed ^ 0x6C61_7773)
        var lines = Int.random(in: 0..<8, using: &dice) == 0 && !options.isAlwaysAllowed ? [] : [options.header]
        for number in 1...Int.random(in: options.calls, using: &dice) {
            if options.reads, Int.random(in: 0..<4, using: &dice) == 0 { lines.append("pcall(vast.instances)") }
            lines.append(call(number, ids, options, &dice))
        }
        return told + lines.joined(separator: "\n") + "\nreturn table.concat(lines, '\\n')\n"
    }

    private static func call(_ number: Int, _ ids: [Int64], _ options: Options, _ dice: inout SeededGenerator) -> String {
        let verb = options.verbs.randomElement(using: &dice) ?? "stop"
        let known = ids + [49_999_999, 1]
        let size = Int.random(in: 0..<3, using: &dice) == 0 ? known.count : Int.random(in: 1...min(known.count, 5), using: &dice)
        let chosen = known.shuffled(using: &dice).prefix(size).map { "\($0)" }.joined(separator: ", ")
        let isSingle = size == 1 && Bool.random(using: &dice)
        let target = isSingle ? chosen : "{\(chosen)}"
        var more = "reason = '\(number)\(isSingle ? " single" : "")'"
        if verb == "start", Bool.random(using: &dice) {
            let rule = options.unavailable.randomElement(using: &dice) ?? "cancel"
            more += ", unavailable = '\(rule)'" + (rule == "retry" ? ", every = '30s', within = '90s'" : "")
        }
        if verb == "destroy" || verb == "recycle" { more += ", confirm = \(target)" }
        if verb == "bid", Bool.random(using: &dice) { more += ", max = 9" }
        let payload = payload(of: verb, &dice).map { "\($0), " } ?? ""
        return "told(pcall(vast.\(verb), \(target), \(payload){\(more)}))"
    }

    private static func payload(of verb: String, _ dice: inout SeededGenerator) -> String? {
        switch verb {
        case "label": "'law \(Int.random(in: 1...3, using: &dice))'"
        case "bid": ["0.05", "0.2", "0.3", "0.4567", "0.6", "1", "2.5"].randomElement(using: &dice)
        default: nil
        }
    }
}
