import FleetClock
import Testing

@Suite("A virtual clock")
struct VirtualClockTests {
    @Test("stands still until it is told to move")
    func manual() async throws {
        let clock = VirtualClock()
        let start = clock.now
        async let slept: Void = clock.sleep(for: .seconds(10))
        await clock.untilSleepers(1)
        #expect(clock.uptime == .zero)
        clock.advance(by: .seconds(9))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .seconds(1))
        try await slept
        #expect(clock.now.timeIntervalSince(start) == 10)
    }

    @Test("jumps to the deadline of whoever sleeps alone")
    func jumping() async throws {
        let clock = VirtualClock(mode: .jumping)
        try await clock.sleep(for: .seconds(3600))
        #expect(clock.uptime == .seconds(3600))
    }

    @Test("wakes a cancelled sleeper with an error")
    func cancellation() async {
        let clock = VirtualClock()
        let task = Task { try await clock.sleep(for: .seconds(1)) }
        await clock.untilSleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.sleeperCount == 0)
    }
}

@Suite("A scaled clock")
struct ScaledClockTests {
    @Test("shows more time than passes", arguments: [2.0, 60.0])
    func factor(factor: Double) async throws {
        let base = VirtualClock(mode: .jumping)
        let clock = ScaledClock(base, factor: factor)
        let start = clock.uptime
        try await clock.sleep(for: .seconds(120))
        #expect(abs((clock.uptime - start).seconds - 120) < 1e-6)
        #expect(abs(base.uptime.seconds - 120 / factor) < 1e-6)
    }
}

@Suite("A seeded generator")
struct SeededGeneratorTests {
    @Test("gives the same numbers for the same seed, and others for another")
    func seeds() {
        var first = SeededGenerator(seed: 7)
        var second = SeededGenerator(seed: 7)
        var third = SeededGenerator(seed: 8)
        let numbers = (0..<4).map { _ in first.next() }
        #expect(numbers == (0..<4).map { _ in second.next() })
        #expect(numbers != (0..<4).map { _ in third.next() })
    }
}
