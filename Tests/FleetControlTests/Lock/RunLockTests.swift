import FleetClock
import Testing

@testable import FleetControl

@Suite("One run of a script at a time")
struct RunLockTests {
    let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    private func take(_ script: String = "s", account: String = "a", now: Double = 100) throws -> RunLock {
        try RunLock.take(directory: place.path, account: account, script: script, now: now)
    }

    @Test("a second run learns who holds the lock, and since when")
    func held() throws {
        let first = try take()
        #expect { try take() } throws: {
            let held = $0 as? RunLock.Held
            return held?.holder == .init(pid: ProcessNumber.own, host: HostName.current, since: 100)
                && held?.text(at: 160) == "another run of s is going on: process \(ProcessNumber.own) on \(HostName.current), for 1m"
        }
        withExtendedLifetime(first) {}
    }

    @Test("other scripts and other accounts do not wait for each other")
    func others() throws {
        let first = try take()
        let others = [try take("t"), try take(account: "b")]
        withExtendedLifetime((first, others)) {}
    }

    @Test("the lock is free again when it was released or let go")
    func released() throws {
        let first = try take()
        first.release()
        do { _ = try take() }
        _ = try take()
    }

    @Test("what a dead run has left in the file does not hold anybody up")
    func stale() throws {
        let first = try take()
        let name = try #require(first.lockPath.split(separator: "/").last)
        first.release()
        try place.write("locks/\(name)", "{garbage")
        let second = try take()
        try place.write("locks/\(name)", "{garbage")
        #expect { try take() } throws: { ($0 as? RunLock.Held)?.text(at: 0) == "another run of s is going on" }
        withExtendedLifetime(second) {}
    }

    @Test("who waits gets the lock as soon as it is free")
    func waiting() async throws {
        let clock = VirtualClock()
        let first = try take()
        let path = place.path
        let waiter = Task { try await RunLock.take(directory: path, account: "a", script: "s", waiting: .seconds(60), clock: clock) }
        await clock.untilSleepers(1)
        clock.advance(by: .seconds(30))
        await clock.untilSleepers(1)
        first.release()
        clock.advance(by: .seconds(1))
        _ = try await waiter.value
        #expect(clock.uptime == .seconds(31))
    }

    @Test("who has waited for long enough, or is cancelled, gives up")
    func waitingInVain() async throws {
        let clock = VirtualClock(mode: .jumping)
        let first = try take()
        await #expect(throws: RunLock.Held.self) {
            try await RunLock.take(directory: place.path, account: "a", script: "s", waiting: .seconds(3), clock: clock)
        }
        #expect(clock.uptime == .seconds(3))
        withExtendedLifetime(first) {}
    }
}
