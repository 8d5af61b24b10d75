#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SQLite
import Synchronization
import Testing

@testable import FleetStore

@Suite("The state database")
struct StateDatabaseTests {
    let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    private func kind(of body: () throws -> Void) -> StateError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? StateError)?.kind
        }
    }

    @Test("nothing is on disk before the first access, and everything is private afterwards")
    func privacy() throws {
        let previous = umask(0)
        defer { umask(previous) }
        let database = StateDatabase(directory: place.path + "/deep/state")
        #expect(place.mode("deep") == nil)
        try KeyValueStore(database, account: "a", script: "s").set("k", "1")
        #expect(place.mode("deep/state") == 0o700)
        for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm", "state.lock"] {
            #expect(place.mode("deep/state/\(name)") == 0o600, "\(name)")
        }
    }

    @Test("a file that others could read is made private")
    func narrowing() throws {
        let database = StateDatabase(directory: place.path)
        try database.open()
        database.close()
        chmod(place.path + "/state.sqlite", 0o644)
        try StateDatabase(directory: place.path).open()
        #expect(place.mode("state.sqlite") == 0o600)
    }

    @Test("a directory that everybody may write to is refused")
    func writableByAll() {
        chmod(place.path, 0o777)
        #expect(kind { try StateDatabase(directory: place.path).open() } == .permission)
    }

    @Test("a directory that a group of the process may write to is taken")
    func writableByOwnGroup() throws {
        chmod(place.path, 0o770)
        try StateDatabase(directory: place.path).open()
        #expect(place.mode("state.sqlite") == 0o600)
    }

    @Test("a network file system is refused, by name")
    func network() {
        #expect { try StateDirectory(place.path, fileSystem: { _ in .network("NFS") }) } throws: {
            let error = $0 as? StateError
            return error?.kind == .network && error?.message.contains("NFS") == true
        }
    }

    @Test("a file in the place of the directory, or a link in the place of the file, is refused")
    func wrongKinds() throws {
        try place.write("file", "")
        #expect(kind { try StateDatabase(directory: place.path + "/file").open() } == .failed)
        symlink("/etc/passwd", place.path + "/state.sqlite")
        #expect(kind { try StateDatabase(directory: place.path).open() } == .failed)
    }

    @Test("a place where nothing can be made is refused with its name")
    func unwritable() {
        let path = "/proc/vast-lua-state"
        #expect { try StateDatabase(directory: path).open() } throws: { "\($0)".contains(path) }
    }

    @Test(
        "a damaged file is named and left as it is",
        arguments: ["this is no database at all, but a long enough text ", "SQLite format 3\0garbage"])
    func corrupt(text: String) throws {
        let content = String(repeating: text, count: 100)
        try place.write("state.sqlite", content)
        let file = place.path + "/state.sqlite"
        #expect { try StateDatabase(directory: place.path).open() } throws: {
            let error = $0 as? StateError
            return error?.kind == .corrupt && error?.description.contains(file) == true
        }
        #expect(SmallFile.read(file, limit: 1 << 20)?.isEmpty == false)
    }

    @Test(
        "a file that was emptied or cut off anywhere is refused, and not made any longer",
        arguments: [0, 1, 99, 100, 512, 1_000, 4_095, 4_096, 8_192])
    func cutOff(length: Int) throws {
        let database = StateDatabase(directory: place.path)
        let store = KeyValueStore(database, account: "a", script: "s")
        for number in 0..<50 { try store.set("key \(number)", String(repeating: "x", count: 200)) }
        database.close()
        let file = place.path + "/state.sqlite"
        #expect(truncate(file, off_t(length)) == 0)
        for _ in 1...2 {
            #expect { try StateDatabase(directory: place.path).open() } throws: {
                let error = $0 as? StateError
                return error?.kind == .corrupt && error?.next.contains("mv \(file)") == true
            }
            #expect(throws: StateError.self) { try StateDatabase(directory: place.path).examine() }
        }
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_size == length)
        // As the error says.
        rename(file, file + ".damaged")
        try StateDatabase(directory: place.path).open()
    }

    @Test("a database whose making was cut off before its first table is made to its end", arguments: [0, 4_096])
    func unfinished(length: Int) throws {
        try place.write("state.begun", "")
        if length == 0 {
            try place.write("state.sqlite", "")
        } else {
            try DatabaseQueue(path: place.path + "/state.sqlite", busyTimeout: 1).perform { try $0.execute(sql: "PRAGMA user_version = 0") }
        }
        try StateDatabase(directory: place.path).open()
        #expect(place.mode("state.begun") == nil)
        try StateDatabase(directory: place.path).open()
    }

    @Test("as root, a state of somebody else is refused by its owner's name or number", .enabled(if: geteuid() == 0))
    func foreignOwner() throws {
        let database = StateDatabase(directory: place.path)
        try database.open()
        database.close()
        for name in ["/state.sqlite", ""] {
            #expect(chown(place.path + name, 4_711, 4_711) == 0)
            #expect { try StateDatabase(directory: place.path).open() } throws: {
                let error = $0 as? StateError
                return error?.kind == .permission && error?.message.contains("user 4711") == true
            }
            #expect(chown(place.path + name, 0, 0) == 0)
        }
        try StateDatabase(directory: place.path).open()
    }

    @Test("a page damaged in the middle is an error of kind corrupt, not a wrong answer")
    func damagedPage() throws {
        let database = StateDatabase(directory: place.path)
        let store = KeyValueStore(database, account: "a", script: "s")
        for number in 0..<200 { try store.set("key \(number)", String(repeating: "x", count: 200)) }
        database.close()
        let descriptor = open(place.path + "/state.sqlite", O_RDWR)
        var size = lseek(descriptor, 0, SEEK_END)
        let noise = [UInt8](repeating: 0xA5, count: 4096)
        while size > 8192 {
            size -= 4096
            pwrite(descriptor, noise, 4096, size)
        }
        close(descriptor)
        #expect(kind { _ = try store.keys() } == .corrupt)
    }

    @Test("another program's database is refused")
    func foreign() throws {
        try DatabaseQueue(path: place.path + "/state.sqlite", busyTimeout: 1)
            .perform { try $0.execute(sql: "CREATE TABLE theirs (x)") }
        #expect(kind { try StateDatabase(directory: place.path).open() } == .corrupt)
    }

    @Test("a later version's database is refused and not touched")
    func newer() throws {
        let database = StateDatabase(directory: place.path)
        try database.open()
        try database.write("test") { try $0.execute(sql: "PRAGMA user_version = \(StateSchema.version + 1)") }
        database.close()
        #expect(kind { try StateDatabase(directory: place.path).open() } == .newer)
    }

    @Test("a full disk is an error of kind full, and what was there stays readable")
    func full() throws {
        let database = StateDatabase(directory: place.path)
        let store = KeyValueStore(database, account: "a", script: "s")
        try store.set("before", "1")
        try database.write("test") { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        let large = String(repeating: "x", count: 100_000)
        #expect(kind { try store.set("large", large) } == .full)
        #expect(try store.keys() == ["before"])
    }

    @Test("a database that another process keeps locked is an error of kind busy")
    func busy() throws {
        let database = StateDatabase(directory: place.path, busyTimeout: .milliseconds(1))
        try database.open()
        let other = try DatabaseQueue(path: place.path + "/state.sqlite", busyTimeout: 1)
        try other.perform { connection in
            try connection.execute(sql: "BEGIN IMMEDIATE")
            let store = KeyValueStore(database, account: "a", script: "s")
            #expect(kind { try store.set("k", "1") } == .busy)
            try connection.execute(sql: "ROLLBACK")
            try store.set("k", "1")
        }
    }

    @Test("two openings of one directory see each other's writes")
    func sharing() throws {
        let first = KeyValueStore(StateDatabase(directory: place.path), account: "a", script: "s")
        let second = KeyValueStore(StateDatabase(directory: place.path), account: "a", script: "s")
        try first.set("k", "1")
        #expect(try second.get("k") == "1")
        try second.set("k", "2")
        #expect(try first.get("k") == "2")
    }

    @Test("many openings at once make one database")
    func race() async throws {
        let path = place.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let store = KeyValueStore(StateDatabase(directory: path), account: "a", script: "s")
                    try store.set("k\(number)", "1")
                }
            }
            try await group.waitForAll()
        }
        #expect(try KeyValueStore(StateDatabase(directory: path), account: "a", script: "s").keys().count == 8)
    }

    @Test("a write that fails at any point is undone whole, and the next one works")
    func faults() throws {
        struct Broken: Error {}
        let failing = Mutex<Int>(0)
        let database = StateDatabase(
            directory: place.path,
            faults: { _ in
                let isDue = failing.withLock { left in
                    left -= 1
                    return left == 0
                }
                if isDue { throw Broken() }
            })
        let store = KeyValueStore(database, account: "a", script: "s")
        try store.set("k", "0")
        var failures = 0
        for point in 1...3 {
            failing.withLock { $0 = point }
            #expect(throws: Broken.self) { try store.set("k", "\(point)") }
            failures += 1
            // The third point comes after the commit: the value is there although the caller was told otherwise.
            #expect(try store.get("k") == (point == 3 ? "3" : "0"))
        }
        failing.withLock { $0 = 0 }
        try store.set("k", "9")
        #expect(try store.get("k") == "9")
        #expect(failures == 3)
    }
}
