package import FleetRules
package import FleetClock
internal import VastJSON
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// That no second run of a script on the same account goes on at the same time. Released by ``release()``, when it is
/// let go, and by the system when the process dies.
package final class RunLock: Sendable {
    /// Who holds a lock.
    package struct Holder: Sendable, Equatable {
        /// Its process, a number of the machine ``host``.
        package var pid: Int64
        /// The name of its machine.
        package var host: String
        /// When it was taken, in Unix seconds.
        package var since: Double
    }

    /// That another run holds the lock.
    package struct Held: Error, Sendable, Equatable {
        /// The script's path.
        package var script: String
        /// Who; nil when that could not be read.
        package var holder: Holder?

        /// The one line for people.
        ///
        /// - Parameter now: Unix seconds.
        package func text(at now: Double) -> String {
            let script = PrintableText.safe(script)
            guard let holder else { return "another run of \(script) is going on" }
            let age = DurationFormat.format(Duration(clampingSeconds: max(0, now - holder.since)))
            return
                "another run of \(script) is going on: process \(holder.pid) on \(PrintableText.safe(holder.host, limit: 64)), for \(age)"
        }
    }

    private let lock: FileLock

    private init(_ lock: FileLock) { self.lock = lock }

    /// The path of the file.
    var lockPath: String { lock.path }

    /// Takes the lock.
    ///
    /// - Parameters:
    ///   - directory: where the state lies.
    ///   - now: Unix seconds, for others who ask.
    /// - Throws: ``Held`` when another run holds it, ``StateError`` when the file cannot be made.
    package static func take(directory: String, account: String, script: String, now: Double) throws -> RunLock {
        let locks = try StateDirectory(directory).directory("locks")
        let path = locks.file("\(ContentHash.sha256("\(account)\0\(script)").prefix(24)).lock")
        guard let lock = try FileLock.take(path) else { throw Held(script: script, holder: holder(path)) }
        let holder: JSONValue = ["pid": .integer(Int64(getpid())), "host": .string(HostName.current), "since": .double(now)]
        lock.write((try? holder.serialized()).map { String(decoding: $0, as: UTF8.self) } ?? "")
        return RunLock(lock)
    }

    /// Takes the lock, waiting for another run.
    ///
    /// - Parameters:
    ///   - length: how long is waited at most; zero: not at all.
    ///   - clock: by which is waited; the lock is tried five times a second.
    /// - Throws: ``Held`` when that was too short, ``StateError``, `CancellationError`.
    package static func take(
        directory: String, account: String, script: String, waiting length: Duration, clock: any FleetClock
    ) async throws -> RunLock {
        let deadline = clock.uptime + length
        while true {
            do {
                return try take(directory: directory, account: account, script: script, now: clock.unixTime)
            } catch let held as Held {
                let left = deadline - clock.uptime
                guard left > .zero else { throw held }
                try await clock.sleep(for: min(left, .milliseconds(200)))
            }
        }
    }

    /// That no second run can have taken it.
    ///
    /// - Throws: ``StateError`` when the file was taken away.
    func check() throws(StateError) { try lock.check() }

    /// Releases the lock; its file stays, empty, so that nobody holds a file that others no longer see.
    package func release() {
        lock.write("")
        lock.unlock()
    }

    private static func holder(_ path: String) -> Holder? {
        guard let text = SmallFile.read(path), let root = try? JSONDocument(parsing: text).root, let pid = root["pid"]?.int64,
            let host = root["host"]?.string, let since = root["since"]?.double
        else { return nil }
        return Holder(pid: pid, host: host, since: since)
    }
}

/// This machine's name.
package enum HostName {
    /// As gethostname(2) has it; `localhost` when the system does not say.
    package static var current: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, 255) == 0 else { return "localhost" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
