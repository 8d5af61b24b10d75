import FleetClock
import Foundation
import Synchronization
import Testing

@Suite("The machine's clock")
struct AlarmTests {
    private let clock = SystemClock()

    @Test("rings alarms in the order of their deadlines, none before it, and none that was cancelled: 200 of them")
    func alarms() async {
        var generator = SeededGenerator(seed: 75)
        let rung = Mutex<[(deadline: Duration, at: Duration)]>([])
        let start = clock.uptime
        let deadlines = (0..<200).map { _ in start + .milliseconds(Int.random(in: -5...150, using: &generator)) }
        let alarms = deadlines.map { deadline in
            clock.alarm(atUptime: deadline) { [clock] in rung.withLock { $0.append((deadline, clock.uptime)) } }
        }
        let late = clock.alarm(atUptime: start + .milliseconds(200)) { rung.withLock { $0.append((.zero, .zero)) } }
        late.cancel()
        await withCheckedContinuation { done in _ = clock.alarm(atUptime: start + .milliseconds(250)) { done.resume() } }
        withExtendedLifetime(alarms) {}
        let all = rung.withLock { $0 }
        #expect(all.count == 200 && all.allSatisfy { $0.at >= $0.deadline })
        let future = all.filter { $0.deadline > start + .milliseconds(50) }.map(\.deadline)
        #expect(future == future.sorted())
    }

    @Test("wakes sleepers no earlier than asked, and at once when they are cancelled: 100 of them")
    func sleepers() async throws {
        let clock = clock
        let early = try await withThrowingTaskGroup(of: Bool.self) { group in
            for milliseconds in 1...100 {
                group.addTask {
                    let deadline = clock.uptime + .milliseconds(milliseconds)
                    try await clock.sleep(untilUptime: deadline)
                    return clock.uptime < deadline
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(early == 0)
        let began = clock.uptime
        let task = Task { try await clock.sleep(for: .seconds(3_600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.uptime - began < .seconds(60))
    }

    @Test("an alarm that is set while a later one is waited for is not late by it")
    func earlier() async {
        let (clock, start) = (clock, clock.uptime)
        let far = clock.alarm(atUptime: start + .seconds(3_600)) {}
        // Whoever waits for it may have to wait for a processor as well.
        let rungAt = await withCheckedContinuation { done in
            _ = clock.alarm(atUptime: start + .milliseconds(5)) { done.resume(returning: clock.uptime) }
        }
        #expect(rungAt - start < .seconds(29))
        far.cancel()
    }

    @Test("a virtual clock can be set, and its uptime goes on")
    func setting() {
        let clock = VirtualClock(start: Date(timeIntervalSince1970: 1_000), mayBeSet: true)
        clock.advance(by: .seconds(10))
        clock.setWallClock(by: .seconds(-600))
        #expect(clock.unixTime == 410 && clock.uptime == .seconds(10) && clock.mayBeSet && !VirtualClock().mayBeSet)
    }
}
