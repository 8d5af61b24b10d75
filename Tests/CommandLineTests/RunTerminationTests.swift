import LuaEngine
import Testing

@testable import vast_lua

/// What a signal or a deadline means, from where the run stands.
@Suite struct RunTerminationTests {
    @Test("a signal outside the script ends the process")
    func idle() {
        var watch = RunTermination()
        #expect(watch.signal(2, now: .zero) == .end(.interrupted, "interrupted"))
        #expect(watch.signal(15, now: .zero) == .end(.terminated, "terminated"))
    }

    @Test("the first signal ends the script, the second the process, and so does the end of patience")
    func running() {
        var watch = RunTermination()
        watch.stage = .running
        #expect(watch.signal(15, now: .seconds(5)) == .interrupt(LuaInterrupt("terminated")))
        #expect(watch.cause == .terminated)
        #expect(watch.deadline == .seconds(15))
        #expect(watch.end == .seconds(15))
        var patient = watch
        if case .end(.interrupted, _) = watch.signal(2, now: .seconds(6)) {} else { Issue.record("the second signal was ignored") }
        if case .end(.terminated, _) = patient.deadlineReached(now: .seconds(20)) {} else { Issue.record("the deadline was ignored") }
    }

    @Test("a signal that comes twice at once, to the process and to its group, is one", arguments: [2, 15] as [Int32])
    func echo(number: Int32) {
        var watch = RunTermination()
        watch.stage = .running
        if case .interrupt = watch.signal(number, now: .seconds(5)) {} else { Issue.record("the signal was ignored") }
        #expect(watch.signal(number, now: .milliseconds(5_002)) == .nothing)
        let other: Int32 = number == 2 ? 15 : 2
        var second = watch
        if case .end = second.signal(other, now: .milliseconds(5_003)) {} else { Issue.record("another signal was ignored") }
        if case .end = watch.signal(number, now: .milliseconds(5_080)) {} else { Issue.record("the second signal was ignored") }
    }

    @Test("the time limit interrupts, and then has the same patience")
    func timeLimit() {
        var watch = RunTermination(timeLimit: .seconds(3))
        watch.stage = .running
        #expect(watch.deadlineReached(now: .seconds(3)) == .interrupt(.timeLimit))
        #expect(watch.cause == .timeLimit)
        #expect(watch.deadline == .seconds(13))
    }

    @Test("at a prompt SIGINT ends what runs and nothing else")
    func prompt() {
        var watch = RunTermination(isInteractive: true)
        watch.stage = .running
        #expect(watch.signal(2, now: .zero) == .interrupt(LuaInterrupt("interrupted")))
        #expect(watch.cause == nil)
    }

    @Test("an abandoned output ends a script only after many lost writes")
    func abandoned() {
        var watch = RunTermination()
        watch.stage = .running
        for _ in 1..<RunTermination.patienceWithAbandonedOutput { #expect(watch.outputAbandoned(now: .zero) == .nothing) }
        #expect(watch.outputAbandoned(now: .zero) != .nothing)
        #expect(watch.cause?.rawValue == 141)
    }

    @Test("a script that stays alive winds down first, is interrupted later, and ends within the grace")
    func serving() {
        var watch = RunTermination(grace: .seconds(10))
        watch.stage = .serving
        #expect(watch.signal(15, now: .seconds(100)) == .windDown)
        #expect(watch.cause == .terminated)
        #expect(watch.deadline == .seconds(106))
        var impatient = watch
        if case .end(.interrupted, _) = impatient.signal(2, now: .seconds(101)) {} else { Issue.record("the second signal was ignored") }
        #expect(watch.deadlineReached(now: .seconds(106)) == .interrupt(LuaInterrupt("terminated")))
        #expect(watch.deadline == .seconds(110))
        if case .end(.terminated, _) = watch.deadlineReached(now: .seconds(110)) {} else { Issue.record("the grace was not its end") }
    }

    @Test("SIGHUP runs a script again only while it stays alive, and ends it when its terminal is gone")
    func hangUp() {
        var watch = RunTermination()
        watch.stage = .serving
        #expect(watch.hangUp(isTerminalGone: false, now: .zero) == .reload)
        #expect(watch.cause == nil)
        #expect(watch.hangUp(isTerminalGone: true, now: .zero) == .windDown)
        #expect(watch.cause?.rawValue == 129)
        var reloading = RunTermination()
        (reloading.stage, reloading.isReloading) = (.running, true)
        #expect(reloading.hangUp(isTerminalGone: false, now: .zero) == .reload)
        #expect(reloading.hangUp(isTerminalGone: true, now: .zero) == .interrupt(LuaInterrupt("hung up")))
        var running = RunTermination()
        running.stage = .running
        #expect(running.hangUp(isTerminalGone: false, now: .zero) == .interrupt(LuaInterrupt("hung up")))
        var idle = RunTermination()
        if case .end = idle.hangUp(isTerminalGone: false, now: .zero) {} else { Issue.record("a signal outside the script was ignored") }
    }
}
