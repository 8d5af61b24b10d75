import FleetClock
import Foundation
import LuaEngine
import Testing
import VastAPI

/// What every error of a verb has, whatever failed. `VAST_LUA_SEEDS` says how many failures are tried.
@Suite struct ErrorFieldLawTests {
    private static let seeds = 0..<(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 300)

    /// A call of a verb on a target, and the verb that fails.
    private static let verbs: [(verb: Change.Verb, call: @Sendable (String) -> String)] = [
        (.stop, { "vast.stop(\($0), {all = true})" }), (.start, { "vast.start(\($0))" }), (.label, { "vast.label(\($0), 'x')" }),
        (.reboot, { "vast.reboot(\($0), {all = true})" }), (.recycle, { "vast.recycle(\($0), {confirm = \($0), all = true})" }),
        (.destroy, { "vast.destroy(\($0), {confirm = \($0), all = true})" }), (.bid, { "vast.bid(\($0), 0.5)" })
    ]

    private static func error(_ generator: inout SeededGenerator) -> VastError {
        var error = VastError(VastError.Kind.all.randomElement(using: &generator) ?? .server, "it failed")
        if Bool.random(using: &generator) { error.status = [400, 403, 404, 410, 429, 500, 503].randomElement(using: &generator) }
        if Bool.random(using: &generator) { error.attempts = Int.random(in: 1...5, using: &generator) }
        if Bool.random(using: &generator) { error.effect = .unknown }
        if Bool.random(using: &generator) { error.instance = 12 }
        if Bool.random(using: &generator) { error.hint = "to allow it, ask" }
        return error
    }

    /// What a script reads of an error, as text.
    private static let shown = """
        local function show(ok, e)
          if ok then return 'done' end
          local ids = {}
          for _, id in ipairs(e.ids) do ids[#ids + 1] = id end
          return table.concat({tostring(e.id), table.concat(ids, ','), type(e.retryable), type(e.hint), tostring(e.retryable), e.hint, type(e.kind)}, '|')
        end
        """

    @Test("an error of a verb says whom it is about, whether to try again and what would help", arguments: seeds)
    func fields(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        guard let (verb, call) = Self.verbs.randomElement(using: &generator) else { return }
        let failure = Self.error(&generator)
        let (isReading, isList) = (Int.random(in: 0..<4, using: &generator) == 0, Bool.random(using: &generator))
        let target = isList ? "{12, 13}" : "12"
        // A `reason` function is given instances, which are read first.
        let source = isReading ? call(target).replacingOccurrences(of: ")", with: ", {reason = function() end})") : call(target)
        let usual = ["vast.stop(\(target), {all = true, reason = function() end})", "vast.start(\(target), {reason = function() end})"]
        let script = isReading ? usual.randomElement(using: &generator) ?? source : source
        let off = Bool.random(using: &generator) ? FakeFleet.off : FakeFleet.on
        let rows = (12...13).map {
            FakeFleet.row($0, verb == .start || script.contains("start") ? FakeFleet.off : verb == .stop ? FakeFleet.on : off)
        }
        let (ending, _) = try await run("\(Self.shown) return show(pcall(function() return \(script) end))", on: rows) { fleet in
            fleet.state.withLock { state in
                if isReading {
                    state.readingFailures = [failure]
                } else {
                    for verb in Change.Verb.allCases { state.failures[verb] = [12: failure, 13: failure] }
                }
            }
        }
        guard case .string(let text)? = ending.values.first else { Issue.record("\(ending)"); return }
        // What the verb finds done already has not failed.
        if text == "done" { return }
        let parts = text.components(separatedBy: "|")
        let ids = parts[1].split(separator: ",")
        #expect(parts.count == 7 && parts[2] == "boolean" && parts[3] == "string" && parts[6] == "string", "\(script): \(text)")
        #expect(!parts[5].isEmpty, "\(script): \(text)")
        #expect(!ids.isEmpty && Set(ids).isSubset(of: ["12", "13"]), "\(script), \(failure): \(text)")
        if !isList { #expect(parts[0] == "12" && ids == ["12"], "\(script), \(failure): \(text)") }
    }

    @Test("a wait that is over names those that it waited for, and a list all that are open")
    func waits() async throws {
        let rows = [FakeFleet.row(12), FakeFleet.row(13)]
        for (target, expected) in [("12", "12|12"), ("{12, 13}", "nil|12,13")] {
            let script = "\(Self.shown) return show(pcall(vast.wait, \(target), 'stopped', {timeout = 10}))"
            guard case .string(let text)? = try await run(script, on: rows).0.values.first else { return }
            #expect(text.hasPrefix("\(expected)|boolean|string"), "\(text)")
        }
    }

    @Test("the usual hint of a kind is for those who ask, and one of its own is shown")
    func shown() async throws {
        let script = "local ok, e = pcall(vast.stop, 12) return tostring(e), e.hint"
        let plain = VastError(.billing, "no credit", status: 400)
        var own = plain
        own.hint = "to allow   pay"
        for (error, isShown) in [(plain, false), (own, true)] {
            let (ending, _) = try await run(script) { $0.state.withLock { $0.failures[.stop] = [12: error] } }
            guard case .string(let text)? = ending.values.first, case .string(let hint)? = ending.values.last else { return }
            #expect(text.contains(hint) == isShown, "\(text)")
        }
    }
}
