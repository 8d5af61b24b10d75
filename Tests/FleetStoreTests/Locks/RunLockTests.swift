import FleetClock
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import Testing

@testable import FleetStore

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

    @Test(
        "what stands in the place of the locks is an error that names it, and is never waited for",
        arguments: [
            "file", "pipe", "dangling link", "pipe as lock", "link as lock", "directory as lock"
        ])
    func places(what: String) throws {
        let locks = place.path + "/locks"
        let lock = try take()
        let path = lock.lockPath
        lock.release()
        unlink(path)
        if what.hasSuffix("as lock") {
            switch what {
            case "pipe as lock": mkfifo(path, 0o600)
            case "link as lock": symlink("nowhere", path)
            default: mkdir(path, 0o700)
            }
        } else {
            rmdir(locks)
            switch what {
            case "file": try place.write("locks", "")
            case "pipe": mkfifo(locks, 0o600)
            default: symlink("nowhere", locks)
            }
        }
        #expect { try take() } throws: { ($0 as? StateError)?.path.hasPrefix(locks) == true && "\($0)".contains(locks) }
    }

    @Test(
        "what stands in a lock's file is shown without control characters and never traps",
        arguments: [
            "1e19", "-1e308", "1e308", "9223372036854775808", "null", "\"x\"", "-1", "1e-320", "-0"
        ])
    func holders(number: String) throws {
        let lock = try take()
        try #require(truncate(lock.lockPath, 0) == 0)
        let name = String(lock.lockPath.dropFirst(place.path.count + 1))
        try place.write(name, #"{"pid":\#(number),"host":"a\u001b[31m","since":\#(number)}"#)
        #expect { try take("s") } throws: {
            let text = ($0 as? RunLock.Held)?.text(at: 1_795_000_000) ?? "\u{1B}"
            return text.hasPrefix("another run of s is going on") && !text.contains("\u{1B}")
        }
        withExtendedLifetime(lock) {}
    }
}
