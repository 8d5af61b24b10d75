package import FleetClock

/// Lua scripts drawn from a seed, of the verbs on the ids of a fleet. Each is correct Lua; what it asks for may be
/// impossible, forbidden or pointless.
package struct RandomScript {
    package struct Options: Sendable {
        /// How many statements.
        package var length = 1...12
        /// Whether it waits and reads between the verbs; without, nothing but the verbs' own requests comes between.
        package var hasWaits = true
        /// Whether verbs are run side by side.
        package var hasTasks = true
        /// Whether it uses reboot, recycle and destroy.
        package var interrupts = true

        package init() {}
    }

    private let ids: [Int64]
    private let options: Options
    var dice: SeededGenerator

    /// - Parameter ids: of the fleet; a few that do not exist are added.
    package static func script(seed: UInt64, ids: [Int64], options: Options = Options()) -> String {
        var script = RandomScript(ids: ids + [49_999_999, 1], options: options, dice: SeededGenerator(seed: seed ^ 0x6C75_6100))
        let count = Int.random(in: options.length, using: &script.dice)
        let lines = (0..<count).map { _ in script.statement() }
        return (script.header() + lines + ["return 'end'"]).joined(separator: "\n") + "\n"
    }

    private mutating func header() -> [String] {
        guard options.interrupts, chance(0.5) else { return [] }
        return ["vast.guard{allow_destroy = true, allow_recycle = true}"]
    }

    // MARK: statements

    private mutating func statement() -> String {
        var kinds = 8
        if options.hasWaits { kinds += 4 }
        switch Int.random(in: 0..<kinds, using: &dice) {
        case 0, 1: return verb()
        case 2: return "pcall(function() \(verb()) end)"
        case 3: return caught()
        case 4: return rawRequest()
        case 5: return "pcall(vast.each, \(list()), function(id) \(verb(on: "id")) end)"
        case 6, 7: return options.hasTasks ? together() : "pcall(function() \(verb()) end)"
        case 8: return "vast.sleep(\(Int.random(in: 1...300, using: &dice)))"
        case 9: return "pcall(function() for _, inst in ipairs(vast.instances()) do local label = inst.label end end)"
        case 10: return "pcall(function() local inst = vast.instance(\(id())) if inst then \(method()) end end)"
        default:
            return
                "pcall(function() return vast.wait(\(id()), '\(pick(["running", "stopped"]))', {timeout = '\(pick(["5s", "1m", "3m"]))'}) end)"
        }
    }

    private mutating func together() -> String {
        let body = "function(id) return \(call(on: "id")) end"
        switch Int.random(in: 0..<3, using: &dice) {
        case 0: return "pcall(vast.map, \(list()), \(body), {concurrency = \(Int.random(in: 1...12, using: &dice))})"
        case 1: return "pcall(vast.all, {function() \(verb()) end, function() \(verb()) end, vast.instances})"
        default:
            return
                "local task = vast.spawn(function() \(verb()) end) \(chance(0.3) ? "task:cancel()" : "pcall(function() task:join() end)")"
        }
    }

    private mutating func caught() -> String {
        let kinds = pick(["'unavailable'", "'not_found'", "'guard'", "{'not_found', 'partial', 'guard', 'network'}"])
        return "pcall(vast.try, \(kinds), function() \(verb()) end)"
    }

    private mutating func rawRequest() -> String {
        let id = id()
        let (method, path, body) = pick([
            ("PUT", "/api/v0/instances/\(id)/", "{state = 'stopped'}"), ("PUT", "/api/v0/instances/\(id)/", "{state = 'running'}"),
            ("PUT", "/api/v0/instances/\(id)/", "{label = \(quoted(label()))}"),
            ("PUT", "/api/v0/instances/reboot/\(id)/", "{}"), ("GET", "/api/v0/users/current/", "nil"),
            ("DELETE", "/api/v0/instances/\(id)/", "{}"), ("PUT", "/api/v0/instances/bid_price/\(id)/", "{client_id = 'me', price = 0.4}")
        ])
        let confirm = method == "DELETE" && chance(0.7) ? ", confirm = \(id)" : ""
        return "pcall(vast.request, '\(method)', '\(path)', {body = \(body)\(confirm)})"
    }

    // MARK: verbs

    private mutating func verb(on target: String? = nil) -> String {
        let call = call(on: target ?? self.target())
        return chance(0.2) ? "assert(\(call))" : call
    }

    private mutating func call(on target: String) -> String {
        let kinds = options.interrupts ? 9 : 6
        switch Int.random(in: 0..<kinds, using: &dice) {
        case 0, 1: return "vast.stop(\(target), \(verbOptions()))"
        case 2, 3: return "vast.start(\(target), \(verbOptions(startOptions())))"
        case 4, 5: return "vast.label(\(target), \(quoted(label())), \(verbOptions()))"
        case 6: return "vast.bid(\(target), \(pick(["0.1", "0.3", "0.4567", "1.5"])), \(verbOptions(chance(0.5) ? ["max = 9"] : [])))"
        case 7: return "vast.reboot(\(target), \(verbOptions()))"
        default:
            let verb = pick(["recycle", "destroy"])
            return "vast.\(verb)(\(target), \(verbOptions(chance(0.8) ? ["confirm = \(target)"] : [])))"
        }
    }

    private mutating func method() -> String {
        pick(["inst:stop()", "inst:start()", "inst:set_label(\(quoted(label())))", "inst:bid(0.4)", "inst:refresh()"])
    }

    private mutating func startOptions() -> [String] {
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: ["unavailable = 'queue'"]
        case 1: ["unavailable = 'cancel'"]
        case 2: options.hasWaits ? ["unavailable = 'retry'", "every = '30s'", "within = '3m'"] : []
        default: []
        }
    }

    private mutating func verbOptions(_ more: [String] = []) -> String {
        var parts = more
        if chance(0.4) { parts.append("reason = \(quoted(label()))") }
        if chance(0.2) { parts.append("reason = function(inst) return inst and inst.label or 'none' end") }
        if options.hasWaits, chance(0.2) { parts.append("wait = '\(pick(["10s", "1m", "5m"]))'") }
        return "{\(parts.joined(separator: ", "))}"
    }

    // MARK: words

    private mutating func target() -> String { chance(0.6) ? id() : list() }

    private mutating func id() -> String { "\(ids.randomElement(using: &dice) ?? 1)" }

    private mutating func list() -> String {
        let count = Int.random(in: 0...min(ids.count, chance(0.2) ? 70 : 5), using: &dice)
        return "{" + ids.shuffled(using: &dice).prefix(count).map { "\($0)" }.joined(separator: ", ") + "}"
    }

    private mutating func label() -> String { (RandomFleet.labels.randomElement(using: &dice) ?? nil) ?? "" }

    /// As a string of Lua.
    private func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }

    private mutating func chance(_ part: Double) -> Bool { Double.random(in: 0..<1, using: &dice) < part }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &dice)]
    }
}
