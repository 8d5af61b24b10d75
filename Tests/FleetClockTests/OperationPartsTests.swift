import FleetClock
import Synchronization
import Testing

@Suite("Operations of several parts on a virtual clock")
struct OperationPartsTests {
    @Test("an operation of which many parts sleep does not hide the work of another", arguments: [1, 2, 8])
    func otherWork(parts: Int) async throws {
        let clock = VirtualClock(mode: .jumping)
        let seen = Mutex<[Duration]>([])
        // Counted before they begin, so that none can be overlooked.
        clock.beginWork(.thread)
        let divided = Task {
            try await clock.working {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<parts { group.addTask { try await clock.sleep(for: .seconds(10)) } }
                    try await group.waitForAll()
                }
            }
        }
        await clock.untilSleepers(parts)
        let busy = Task {
            await clock.working {
                clock.endWork(.thread)
                for _ in 0..<200 {
                    seen.withLock { $0.append(clock.uptime) }
                    await Task.yield()
                }
            }
        }
        await busy.value
        try await divided.value
        #expect(seen.withLock { Set($0) } == [.zero])
        #expect(clock.uptime == .seconds(10))
    }

    @Test("nothing is left of parts that have slept, one of them cancelled: the operation counts as at work again")
    func restored() async throws {
        let clock = VirtualClock(mode: .jumping)
        try await clock.working {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for second in [3, 1, 2, 2, 5] { group.addTask { try await clock.sleep(for: .seconds(second)) } }
                let cancelled = Task { try await clock.sleep(for: .seconds(100)) }
                cancelled.cancel()
                _ = await cancelled.result
                try await group.waitForAll()
            }
            let before = clock.uptime
            #expect(before >= .seconds(5) && before <= .seconds(13))
            let alarm = clock.alarm(atUptime: before + .seconds(1)) {}
            for _ in 0..<200 { await Task.yield() }
            #expect(clock.uptime == before)
            try await clock.sleep(for: .seconds(2))
            #expect(clock.uptime == before + .seconds(2))
            alarm.cancel()
        }
    }
}
