import FleetClock
import Foundation
import Testing

@testable import VastAPI

@Suite("The pace of a route")
struct PacingTests {
    private static func bucket(base: Double = 1, documented: Double = 1) -> PacingBucket {
        PacingBucket(base: .seconds(base), documented: .seconds(documented))
    }

    @Test("lets one request leave in each interval")
    func take() {
        var bucket = Self.bucket()
        let results = [0, 0.5, 1.0, 1.02, 1.5, 2.04].map { bucket.take(now: .seconds($0)) }
        #expect(results == [true, false, false, true, false, true])
    }

    @Test("takes on the threshold that a refusal names, up or down to the configured one")
    func threshold() {
        var bucket = Self.bucket()
        let next = bucket.refused(RateLimitNotice(threshold: .seconds(3)), now: .zero, jitter: 0)
        #expect(bucket.interval == .seconds(3) && next >= .seconds(3) && next < .seconds(3.4))
        bucket.refused(RateLimitNotice(threshold: .seconds(0.1)), now: .seconds(3), jitter: 0)
        #expect(bucket.interval == .seconds(1))
    }

    @Test("waits as long as it is asked to, and learns from being asked twice")
    func retryAfter() {
        var bucket = Self.bucket(base: 0)
        #expect(bucket.refused(RateLimitNotice(retryAfter: .seconds(7)), now: .zero, jitter: 0) >= .seconds(7))
        #expect(bucket.interval == .seconds(1))
        bucket.refused(RateLimitNotice(retryAfter: .seconds(7)), now: .seconds(8), jitter: 0)
        #expect(bucket.interval == .seconds(7))
    }

    @Test("grows with each refusal without figures, up to a minute")
    func growth() {
        var bucket = Self.bucket()
        var now = Duration.zero
        var waits: [Duration] = []
        for _ in 0..<12 {
            let next = bucket.refused(RateLimitNotice(), now: now, jitter: 0)
            waits.append(next - now)
            now = next
        }
        #expect(waits[0] > .seconds(1) && waits[1] > waits[0])
        #expect(bucket.interval <= .seconds(60) && waits.allSatisfy { $0 <= .seconds(67) })
    }

    @Test("that was guessed comes down after a good while; one that was named stays")
    func decay() {
        for (notice, expected) in [(RateLimitNotice(), true), (RateLimitNotice(threshold: .seconds(4)), false)] {
            var bucket = Self.bucket()
            bucket.refused(notice, now: .zero, jitter: 0)
            let before = bucket.interval
            for second in 1...100 { bucket.accepted(sentAt: .seconds(second), answeredAt: .seconds(second)) }
            #expect((bucket.interval < before) == expected)
            #expect(bucket.interval >= .seconds(1))
        }
    }

    @Test("counts from the arrival of a request that took long to arrive")
    func slowArrival() {
        var bucket = Self.bucket()
        _ = bucket.take(now: .zero)
        bucket.accepted(sentAt: .zero, answeredAt: .milliseconds(300))
        #expect(bucket.nextFree >= .milliseconds(1300))
    }

    @Test("of another process is respected unless it is nonsense")
    func merge() {
        var bucket = Self.bucket()
        bucket.merge(nextFree: .seconds(105), interval: .seconds(2), now: .seconds(100))
        #expect(bucket.nextFree == .seconds(105) && bucket.interval == .seconds(2))
        bucket.merge(nextFree: .seconds(500), interval: .seconds(9), now: .seconds(100))
        #expect(bucket.nextFree == .seconds(105) && bucket.interval == .seconds(2))
    }

    @Test("is shared by all callers: one leaves in each interval, and none is forgotten")
    func callers() async throws {
        let clock = VirtualClock()
        let pacer = Pacer(clock: clock, pacing: .documented, file: nil, seed: 1)
        try await withThrowingTaskGroup(of: Duration.self) { group in
            for _ in 0..<10 { group.addTask { try await pacer.take(.manage) } }
            let first = try await group.next()
            #expect(first == .zero)
            await clock.untilSleepers(9)
            for turn in 1...9 {
                clock.advance(by: .milliseconds(1020))
                let next = try await group.next()
                #expect(next == .milliseconds(1020) * turn)
                await clock.untilSleepers(9 - turn)
            }
        }
    }

    @Test("is one for single and bulk changes, and another for reading")
    func buckets() async throws {
        let clock = VirtualClock(mode: .jumping)
        let pacer = Pacer(clock: clock, pacing: .documented, file: nil, seed: 1)
        _ = try await pacer.take(.manage)
        #expect(try await pacer.take(.list) == .zero)
        #expect(try await pacer.take(.bulk) >= .seconds(1))
    }

    private static func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = NSTemporaryDirectory() + "/vast-pace-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }

    @Test("is shared by two processes through a file that only the user can read")
    func file() async throws {
        try await Self.withDirectory { directory in
            let clock = VirtualClock(mode: .jumping)
            let pacers = (0..<2).map { _ in
                Pacer(
                    clock: clock, pacing: .documented, file: PacingFile(directory: directory + "/a", name: "x"), seed: 1)
            }
            var times: [Duration] = []
            for turn in 0..<6 { times.append(try await pacers[turn % 2].take(.list)) }
            for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier >= .seconds(1)) }
            _ = pacers[0].refused(.list, RateLimitNotice(threshold: .seconds(5)))
            _ = try await pacers[1].take(.list)
            #expect(pacers[1].interval(.list) == .seconds(5))
            let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/a/pace-x")
            #expect((attributes[.posixPermissions] as? Int) == 0o600)
        }
    }

    @Test("ignores a file of another boot or of nonsense", arguments: ["other-boot\nGET /api/v1/instances/ 30000000000 1\n", "\u{0}\u{1}"])
    func foreignFile(text: String) async throws {
        try await Self.withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/pace-x"))
            let clock = VirtualClock(mode: .jumping)
            let pacer = Pacer(
                clock: clock, pacing: .documented, file: PacingFile(directory: directory, name: "x"), seed: 1)
            #expect(try await pacer.take(.list) == .zero)
        }
    }

    @Test("is kept in process where no file can be written")
    func noFile() async throws {
        let clock = VirtualClock(mode: .jumping)
        let pacer = Pacer(
            clock: clock, pacing: .documented, file: PacingFile(directory: "/proc/nowhere", name: "x"), seed: 1)
        _ = try await pacer.take(.list)
        #expect(try await pacer.take(.list) >= .seconds(1))
    }

    @Test("lets a caller leave as soon as the route is free, when those ahead of him give up")
    func givingUp() async throws {
        let clock = VirtualClock()
        let pacer = Pacer(clock: clock, pacing: .custom([.list: .seconds(60)]), file: nil, seed: 1)
        _ = try await pacer.take(.list)
        var tasks: [Task<Duration, any Error>] = []
        for number in 1...6 {
            tasks.append(Task { try await pacer.take(.list) })
            await clock.untilSleepers(number)
        }
        for task in tasks.dropLast() {
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        clock.advance(by: .seconds(61))
        #expect(try await tasks.last?.value == .seconds(61))
    }

    @Test("does not hold a cancelled caller")
    func cancellation() async throws {
        let clock = VirtualClock()
        let pacer = Pacer(clock: clock, pacing: .documented, file: nil, seed: 1)
        _ = try await pacer.take(.list)
        let task = Task { try await pacer.take(.list) }
        await clock.untilSleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

@Suite("Repeating a request")
struct RetryPolicyTests {
    @Test("waits longer each time, with jitter, and ends")
    func waits() {
        let policy = RetryPolicy()
        var generator = SeededGenerator(seed: 3)
        var waits: [Duration] = []
        for failures in 1...10 {
            if case .retry(let wait) = policy.afterFailure(
                failures: failures, mayRepeat: true, asked: nil, elapsed: .zero, using: &generator)
            {
                waits.append(wait)
            }
        }
        #expect(waits.count == policy.attempts - 1 && waits == waits.sorted())
    }

    @Test("is not done when it is not safe, or when patience ends")
    func limits() {
        let policy = RetryPolicy()
        var generator = SeededGenerator(seed: 3)
        #expect(
            policy.afterFailure(failures: 1, mayRepeat: false, asked: nil, elapsed: .zero, using: &generator) == .giveUp)
        #expect(
            policy.afterFailure(failures: 1, mayRepeat: true, asked: .seconds(301), elapsed: .zero, using: &generator)
                == .giveUp)
        #expect(policy.afterRefusal(wait: .seconds(1), isDailyQuota: true, elapsed: .zero) == .giveUp)
    }

    @Test("has a budget that successes fill again")
    func budget() {
        var budget = RetryBudget()
        var spent = 0
        while budget.spend() { spent += 1 }
        #expect(spent == 50)
        budget.succeeded()
        let afterOne = budget.spend()
        budget.succeeded()
        let afterTwo = budget.spend()
        #expect(!afterOne && afterTwo)
    }
}
