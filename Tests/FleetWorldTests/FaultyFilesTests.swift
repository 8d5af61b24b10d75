import FleetWorld
import SQLite
import Testing

@testable import FleetStore

@Suite("Files that fail under SQLite")
struct FaultyFilesTests {
    /// A folder with or without a database, and a way to it that can fail.
    private struct Rig {
        let folder: TemporaryFolder
        let files: FaultyFiles
        let database: StateDatabase

        init(isNew: Bool) throws {
            folder = try TemporaryFolder()
            files = try FaultyFiles()
            if !isNew {
                let sound = StateDatabase(directory: folder.path)
                try KeyValueStore(sound, account: "a", script: "s").set("k", "old")
                sound.close()
            }
            database = StateDatabase(directory: folder.path, vfs: files.name)
        }

        func store(_ database: StateDatabase) -> KeyValueStore { KeyValueStore(database, account: "a", script: "s") }

        /// Opens, writes twice and closes; how far it came.
        func work() -> (written: [String], error: (any Error)?) {
            defer { database.close() }
            var written: [String] = []
            do {
                for text in ["new", "newer"] {
                    try database.write("test", .full) { database in
                        try database.execute(
                            sql: "INSERT OR REPLACE INTO value VALUES ('a', 's', 'k', ?)", arguments: [text])
                        // More than a page.
                        try database.execute(sql: "INSERT OR REPLACE INTO value VALUES ('a', 's', 'large', hex(zeroblob(9000)))")
                    }
                    written.append(text)
                }
                return (written, nil)
            } catch {
                return (written, error)
            }
        }

        /// What another process finds afterwards, and whether the file is whole.
        func found() throws -> (value: String?, check: String?) {
            let sound = StateDatabase(directory: folder.path)
            defer { sound.close() }
            let value = try store(sound).get("k")
            return (value, try sound.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") })
        }
    }

    /// How many operations the work takes.
    private func operations(isNew: Bool) throws -> Int {
        let rig = try Rig(isNew: isNew)
        rig.files.heal()
        #expect(rig.work().error == nil)
        return rig.files.count
    }

    @Test(
        "whichever operation fails, it is an error, and afterwards the old or the new state is there, whole",
        arguments: FaultyFiles.Failure.allCases, [false, true])
    func each(failure: FaultyFiles.Failure, isNew: Bool) throws {
        let count = try operations(isNew: isNew)
        #expect(count >= 40)
        var failed = 0
        for nth in 1...count {
            let rig = try Rig(isNew: isNew)
            rig.files.fail(failure, at: nth, lasting: failure == .full)
            let (written, error) = rig.work()
            #expect(rig.files.failures >= 1, "operation \(nth)")
            if let error {
                failed += 1
                #expect(error is StateError, "operation \(nth): \(error)")
            }
            let (value, check) = try rig.found()
            let before = written.last ?? (isNew ? nil : "old")
            let next = ["new", "newer"].dropFirst(written.count).first
            #expect(value == before || (error != nil && value == next), "operation \(nth): \(written), then \(value ?? "nil")")
            #expect(check == "ok", "operation \(nth)")
        }
        #expect(failed >= count / 4)
    }

    @Test("after a failure that passes, the same database writes again", arguments: [FaultyFiles.Failure.error, .full, .torn])
    func passing(failure: FaultyFiles.Failure) throws {
        let rig = try Rig(isNew: false)
        try rig.database.open()
        rig.files.heal()
        try rig.store(rig.database).set("k", "1")
        for nth in 1...rig.files.count {
            rig.files.fail(failure, at: nth)
            try? rig.store(rig.database).set("k", "2")
            rig.files.heal()
            try rig.store(rig.database).set("k", "3")
            #expect(try rig.store(rig.database).get("k") == "3", "operation \(nth)")
        }
    }

    @Test("a full disk is an error of kind full")
    func full() throws {
        let rig = try Rig(isNew: false)
        try rig.database.open()
        rig.files.fail(.full, at: 1, of: [.write], lasting: true)
        #expect { try rig.store(rig.database).set("k", "1") } throws: { ($0 as? StateError)?.kind == .full }
        #expect(try rig.store(rig.database).get("k") == "old")
    }

    @Test("a process that has died touches nothing any more")
    func death() throws {
        let rig = try Rig(isNew: false)
        try rig.database.open()
        try rig.store(rig.database).set("k", "kept")
        rig.files.fail(.death, at: 1)
        #expect(throws: StateError.self) { try rig.store(rig.database).set("k", "lost") }
        rig.database.close()
        #expect(rig.files.failures >= 2)
        #expect(try rig.found().value == "kept")
    }

    @Test("every kind of operation is counted, and one way's plan is not another's")
    func counting() throws {
        let (rig, other) = (try Rig(isNew: true), try Rig(isNew: true))
        other.files.fail(.error, at: 1, lasting: true)
        #expect(rig.work().error == nil)
        #expect(other.work().error != nil)
        for operation in FaultyFiles.Operation.allCases where ![.fetch, .truncate].contains(operation) {
            #expect(rig.files.count(operation) > 0, "\(operation)")
        }
        #expect(rig.files.name != other.files.name && rig.files.failures == 0)
    }
}
