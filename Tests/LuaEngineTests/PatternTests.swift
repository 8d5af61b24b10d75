import FleetClock
import Foundation
import LuaEngine
import Testing

/// Searches that an interrupt can reach.
@Suite struct InterruptiblePatternTests {
    @Test(
        "a search that would take for ever is interrupted, also under pcall and in a coroutine, and the state goes on",
        arguments: [
            "string.find(string.rep('a', 100000), '.-.-.-.-b')", "pcall(string.match, string.rep('a', 100000), '.*.*.*.*b')",
            "coroutine.wrap(function() for w in string.gmatch(string.rep('a', 100000), '.-.-.-b') do end end)()",
            "string.gsub(string.rep('a', 100000), '[^b]-[^b]-[^b]-b', '')",
            "table.sort({1, 2, 3}, function() return string.find(string.rep('a', 100000), '.-.-.-.-b') end)"
        ])
    func interrupted(statement: String) throws {
        let host = try LuaHost(clock: SystemClock())
        defer { host.close() }
        try host.installInterruptiblePatterns()
        InterruptingThread(host.interrupter).start()
        #expect(throws: LuaError.self) { try host.run(statement, name: "=test") }
        host.clearInterrupt()
        #expect(try host.run("return ('key=value'):match('(%w+)=(%w+)')", name: "=test") == [.string("key"), .string("value")])
    }

    @Test(
        "results are those of Lua",
        arguments: [
            "return ('hello world'):find('o w')", "return ('hello'):find('l+')", "return ('a,b,,c'):gsub(',', ';')",
            "return ('x'):rep(70000):match('^x*$'):len()",
            "local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v end return table.concat(t, ' ')",
            "return ('f(a(b)c)d'):match('%b()'), ('THE (quick) fox'):find('%((%a+)%)')", "return ('abc'):gsub('%w', '%0%0')"
        ])
    func same(statement: String) throws {
        let (stock, ours) = (try LuaHost(clock: SystemClock()), try LuaHost(clock: SystemClock()))
        defer {
            stock.close()
            ours.close()
        }
        try ours.installInterruptiblePatterns()
        #expect(try stock.run(statement, name: "=test") == (try ours.run(statement, name: "=test")))
    }
}

/// Interrupts after a moment: when the run has begun, or before, which then does not begin.
private final class InterruptingThread: Sendable {
    private let interrupter: LuaInterrupter

    init(_ interrupter: LuaInterrupter) { self.interrupter = interrupter }

    func start() {
        Thread.detachNewThread { [interrupter] in interrupter.interrupt(LuaInterrupt("enough")) }
    }
}
