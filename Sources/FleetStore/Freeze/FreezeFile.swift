internal import FleetRules
internal import FleetClock
internal import Synchronization
internal import VastJSON
#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The file that stops every change of every script: read again whenever it has changed, which one `stat` tells.
package final class FreezeFile: Sendable {
    private struct Stamp: Equatable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    private let directory: String
    private let seen = Mutex<(stamp: Stamp, freeze: Freeze)?>(nil)

    /// The path of the file.
    package var path: String { "\(directory)/freeze.json" }

    private let remedy: String

    /// - Parameters:
    ///   - directory: where the state lies; it need not exist.
    ///   - remedy: the command that ends a freeze.
    package init(directory: String, remedy: String = Freeze.usualRemedy) {
        self.directory = directory
        self.remedy = remedy
    }

    /// The freeze that holds; nil when there is none or it has ended. Whatever stands there and cannot be read or
    /// understood freezes: whoever put it there wanted to stop something.
    ///
    /// - Parameter now: Unix seconds.
    package func current(at now: Double) -> Freeze? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return errno == ENOENT ? nil : hidden(errno, at: now) }
        // A link is there even when what it leads to is not.
        guard stat(path, &status) == 0 else { return unreadable("it leads nowhere (\(String(cString: strerror(errno))))", at: now) }
        guard status.st_mode & S_IFMT == S_IFREG else { return unreadable("it is no regular file", at: now) }
        let stamp = Stamp(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec)
        let freeze = seen.withLock { seen -> Freeze in
            if let seen, seen.stamp == stamp { return seen.freeze }
            let freeze = read(at: now)
            seen = (stamp, freeze)
            return freeze
        }
        return freeze.holds(at: now) ? freeze : nil
    }

    /// Stops all changes from now on, in place of an earlier freeze.
    ///
    /// - Throws: ``StateError``.
    package func freeze(_ freeze: Freeze) throws(StateError) {
        var object: JSONObject = ["version": 1, "since": .double(freeze.since), "by": .string(freeze.by)]
        object["until"] = freeze.until.map { .double($0) }
        object["reason"] = freeze.reason.map { .string($0) }
        let bytes: [UInt8]
        do {
            bytes = try JSONValue.object(object).serialized()
        } catch {
            throw StateError(.failed, path: path, "a freeze cannot be written: \(error)", next: "give it a length such as 8h")
        }
        let file = try StateDirectory(directory).file("freeze.json")
        try checkNoDirectory()
        try SmallFile.replace(file, with: bytes + [UInt8(ascii: "\n")])
    }

    /// Lets changes through again; nothing happens when there is no freeze.
    ///
    /// - Returns: whether there was a file.
    /// - Throws: ``StateError``.
    @discardableResult
    package func thaw() throws(StateError) -> Bool {
        try checkNoDirectory()
        if unlink(path) == 0 { return true }
        guard errno == ENOENT else { throw .system(errno, "remove", path: path) }
        return false
    }

    /// A directory in the file's place freezes, and is for people to remove: nobody knows what is in it.
    private func checkNoDirectory() throws(StateError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return }
        throw StateError(
            .failed, path: path, "\(path) is a directory, and freezes every change as long as it is there",
            next: "look into it, then remove it or move it away (mv \(ShellWord.quoted(path)) \(ShellWord.quoted("\(path).old")))")
    }

    private func read(at now: Double) -> Freeze {
        guard let text = SmallFile.read(path) else { return unreadable("it cannot be opened", at: now) }
        guard let root = try? JSONDocument(parsing: text).root else { return unreadable("it is not understood", at: now) }
        if let name = root.firstDuplicateMember { return unreadable("it has \(name) twice", at: now) }
        guard root["version"]?.int64 == 1, let since = Self.instant(root["since"]), let by = root["by"]?.string,
            let until = Self.optional(root["until"], Self.instant), let reason = Self.optional(root["reason"], { $0?.string })
        else { return unreadable("it is not understood", at: now) }
        var freeze = Freeze(since: since, until: until, reason: reason, by: by)
        freeze.remedy = remedy
        return freeze
    }

    /// Unix seconds that can be meant; nil for anything else.
    private static func instant(_ json: JSON?) -> Double? {
        json?.double.flatMap { $0 >= 0 && Date.clampedUnixSeconds.contains($0) ? $0 : nil }
    }

    /// nil within nil where there is no such member, nil where its value is none.
    private static func optional<Value>(_ json: JSON?, _ read: (JSON?) -> Value?) -> Value?? {
        guard let json else { return .some(nil) }
        guard let value = read(json) else { return .none }
        return .some(value)
    }

    /// What is there cannot even be looked at.
    private func hidden(_ number: Int32, at now: Double) -> Freeze {
        let obstacle = StateError.system(number, "look at", path: path)
        var freeze = unreadable(obstacle.message, at: now)
        freeze.obstacle = obstacle
        return freeze
    }

    private func unreadable(_ why: String, at now: Double) -> Freeze {
        var freeze = Freeze(since: now, reason: "\(path) stands for a freeze, and \(why)", by: "unknown")
        freeze.remedy = remedy
        return freeze
    }
}
