import FleetClock
import Synchronization
import Testing

@Suite("Virtual time")
struct VirtualTimeTests {
    /// What happened, and when.
    private final class Trace: Sendable {
        private let entries = Mutex<[String]>([])
        var text: String { entries.withLock { $0.joined(separator: " ") } }
        func note(_ name: String, _ clock: VirtualClock) {
            let second = Int(clock.uptime.seconds)
            entries.withLock { $0.append("\(name)\(second)") }
        }
    }

    /// Sleeps again and again, and computes in between.
    private static func walk(_ clock: VirtualClock, _ name: String, _ steps: [Int], _ trace: Trace) async throws {
        for step in steps {
            try await clock.sleep(for: .seconds(step))
            for _ in 0..<50 { await Task.yield() }
            trace.note(name, clock)
        }
    }

    @Test("nobody who is at work is overtaken", arguments: 0..<10)
    func exact(round: Int) async throws {
        let clock = VirtualClock(mode: .jumping), trace = Trace()
        try await clock.working {
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Each is work of its own; it is counted before it starts.
                for (name, steps) in [("a", [1, 1, 1, 1, 5]), ("b", [2, 2, 2]), ("c", [8, 1]), ("d", [3, 3])] {
                    clock.beginWork(.operation)
                    group.addTask {
                        defer { clock.endWork(.operation) }
                        try await Self.walk(clock, name, steps, trace)
                    }
                }
                // The body itself waits for the others.
                clock.endWork(.operation)
                try await group.waitForAll()
                clock.beginWork(.operation)
            }
        }
        let times = trace.text.split(separator: " ").map { (String($0.first!), Int($0.dropFirst())!) }
        #expect(times.map(\.1) == times.map(\.1).sorted())
        #expect(trace.text.contains("a1") && trace.text.contains("a4") && trace.text.contains("a9"))
        #expect(trace.text.contains("b2") && trace.text.contains("b4") && trace.text.contains("b6"))
        #expect(trace.text.contains("c8") && trace.text.contains("c9") && trace.text.contains("d3") && trace.text.contains("d6"))
        #expect(times.count == 12)
    }

    @Test("stands still while a thread computes, whoever sleeps")
    func thread() async throws {
        let clock = VirtualClock(mode: .jumping)
        clock.beginWork(.thread)
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.untilSleepers(1)
        for _ in 0..<100 { await Task.yield() }
        #expect(clock.uptime == .zero)
        clock.endWork(.thread)
        try await sleeper.value
        #expect(clock.uptime == .seconds(10))
    }

    @Test("passes while an operation waits for a service that sleeps before it answers")
    func service() async throws {
        let clock = VirtualClock(mode: .jumping)
        let (requests, ask) = AsyncStream.makeStream(of: CheckedContinuation<Void, Never>.self)
        let service = Task {
            for await request in requests {
                try await clock.sleep(for: .seconds(2))
                request.resume()
            }
        }
        await clock.working {
            await withCheckedContinuation { ask.yield($0) }
            await withCheckedContinuation { ask.yield($0) }
        }
        #expect(clock.uptime == .seconds(4))
        ask.finish()
        try await service.value
    }

    @Test("run(for:) goes from deadline to deadline, and lets everybody who was woken sleep again in between")
    func run() async throws {
        let clock = VirtualClock(), trace = Trace()
        let tasks = [("a", 600), ("b", 900)].map { name, step in
            Task {
                try await clock.working {
                    while true { try await Self.walk(clock, name, [step], trace) }
                }
            }
        }
        await clock.untilSleepers(2)
        await clock.run(for: .seconds(1800))
        #expect(clock.uptime == .seconds(1800))
        #expect(["a600 b900 a1200 b1800 a1800", "a600 b900 a1200 a1800 b1800"].contains(trace.text), "\(trace.text)")
        for _ in 0..<100 { await Task.yield() }
        #expect(clock.uptime == .seconds(1800))
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
    }

    @Test("advance(to:) rings every alarm that is due, in order, and no other")
    func alarms() {
        let clock = VirtualClock(), trace = Trace()
        for second in [5, 3, 9, 3] { _ = clock.alarm(atUptime: .seconds(second)) { trace.note("\(second)at", clock) } }
        let cancelled = clock.alarm(atUptime: .seconds(4)) { trace.note("never", clock) }
        cancelled.cancel()
        clock.advance(to: .seconds(6))
        #expect(trace.text == "3at6 3at6 5at6")
        clock.advance(by: .seconds(3))
        #expect(trace.text == "3at6 3at6 5at6 9at9")
    }

    @Test("a million sleeps, most of them cancelled, leave nothing")
    func many() async throws {
        let clock = VirtualClock()
        for _ in 0..<100_000 { clock.alarm(atUptime: .seconds(100)) {}.cancel() }
        #expect(clock.sleeperCount == 0)
    }

    @Test("the machine's clock says that it is; others do not")
    func system() {
        #expect(SystemClock().isSystem)
        #expect(!VirtualClock().isSystem)
        #expect(!ScaledClock(SystemClock(), factor: 2).isSystem)
    }
}
