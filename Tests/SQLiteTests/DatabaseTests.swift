#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SQLite
import Testing

/// A database file that goes with this value.
private final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/vast-lua-sqlite-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        path = try #require(made.map { String(cString: $0) }) + "/a.sqlite"
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        rmdir(String(path.dropLast("/a.sqlite".count)))
    }

    func open(busyTimeout: Int32 = 1_000) throws -> DatabaseQueue { try DatabaseQueue(path: path, busyTimeout: busyTimeout) }
}

@Suite("A SQLite database")
struct DatabaseTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(
        "keeps every value as it is",
        arguments: [
            .null, .integer(.min), .integer(.max), .integer(0), .real(-0.1), .real(.infinity), .real(2.5e-308), .text(""), .text("a\u{0}b"),
            .text("Grüße 👩‍💻 \n'\";--")
        ] as [DatabaseValue])
    func values(value: DatabaseValue) throws {
        struct Given: DatabaseBindable { let databaseValue: DatabaseValue }
        let row = try #require(
            try scratch.open().read { try Row.fetchOne($0, sql: "SELECT ? AS x, 1 AS y", arguments: [Given(databaseValue: value)]) })
        switch value {
        case .null:
            #expect(try row["x"] as Int64? == nil)
            #expect(throws: DatabaseError.self) { _ = try row["x"] as String }
        case .integer(let number): #expect(try row["x"] == number)
        case .real(let number): #expect(try row["x"] == number)
        case .text(let text): #expect(try row["x"] == text)
        }
        #expect(try row["y"] == true)
    }

    @Test("a column of another kind, that is null, or that is not there throws where there must be a value: nothing is invented")
    func kinds() throws {
        let row = try #require(try scratch.open().read { try Row.fetchOne($0, sql: "SELECT 'x' AS text, 9e99 AS large, NULL AS none") })
        #expect(try row["text"] as Int64? == nil && row["large"] as Int? == nil && row["none"] as Bool? == nil)
        for body in [
            { _ = try row["text"] as Int }, { _ = try row["text"] as Double }, { _ = try row["text"] as Bool },
            { _ = try row["large"] as Int64 },
            { _ = try row["none"] as String }, { _ = try row["none"] as Int }, { _ = try row["missing"] as String },
            { _ = try row["missing"] as Double? }
        ] as [() throws -> Void] {
            let error = #expect(throws: DatabaseError.self) { try body() }
            #expect(error?.code == .mismatch)
        }
        let error = #expect(throws: DatabaseError.self) { _ = try row["none"] as String }
        #expect(error?.message == "column 'none' holds NULL, and has to hold String")
    }

    @Test("what is no number is kept as NULL")
    func notANumber() throws {
        #expect(try scratch.open().read { try Double.fetchOne($0, sql: "SELECT ?", arguments: [Double.nan]) } == nil)
    }

    @Test("a transaction whose body throws leaves nothing, and the next one works")
    func rollback() throws {
        struct Stop: Error {}
        let queue = try scratch.open()
        try queue.perform { try $0.execute(sql: "CREATE TABLE t (x)") }
        #expect(throws: Stop.self) {
            try queue.perform { database in
                try database.inTransaction(.immediate) {
                    try database.execute(sql: "INSERT INTO t VALUES (?)", arguments: [1])
                    throw Stop()
                }
            }
        }
        try queue.perform { database in
            try database.inTransaction(.immediate) {
                try database.execute(sql: "INSERT INTO t VALUES (?)", arguments: [2])
                return .commit
            }
        }
        #expect(try queue.read { try Int64.fetchAll($0, sql: "SELECT x FROM t") } == [2])
    }

    @Test("a statement that failed can be run again")
    func again() throws {
        let queue = try scratch.open()
        try queue.perform { try $0.execute(sql: "CREATE TABLE t (x UNIQUE); INSERT INTO t VALUES ('secret-1')") }
        let insert = "INSERT INTO t VALUES (?)"
        let error = #expect(throws: DatabaseError.self) {
            try queue.perform { try $0.execute(sql: insert, arguments: ["secret-1"]) }
        }
        #expect(error?.code == .constraint)
        #expect(error.map { "\($0)".contains("secret") } == false)
        try queue.perform { try $0.execute(sql: insert, arguments: ["b"]) }
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 2)
    }

    @Test("too few arguments, a broken statement and none at all are errors", arguments: ["SELECT ?, ?", "SELEC 1", "", "-- nothing"])
    func misuse(sql: String) throws {
        #expect(throws: DatabaseError.self) { try scratch.open().read { try Row.fetchOne($0, sql: sql, arguments: [1]) } }
    }

    @Test("another connection that writes makes this one busy, and a reader sees what was committed")
    func busy() throws {
        let (first, second) = (try scratch.open(), try scratch.open(busyTimeout: 1))
        try first.perform { try $0.execute(sql: "CREATE TABLE t (x)") }
        try first.perform { database in
            try database.inTransaction(.immediate) {
                try database.execute(sql: "INSERT INTO t VALUES (?)", arguments: [1])
                let error = #expect(throws: DatabaseError.self) {
                    try second.perform { try $0.inTransaction(.immediate) { .commit } }
                }
                #expect(error?.code == .busy)
                #expect(try second.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 0)
                return .commit
            }
        }
        #expect(try second.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 1)
    }

    @Test("a full database is told as such")
    func full() throws {
        let queue = try scratch.open()
        try queue.perform { try $0.execute(sql: "CREATE TABLE t (x); PRAGMA max_page_count = 4") }
        let error = #expect(throws: DatabaseError.self) {
            try queue.perform { try $0.execute(sql: "INSERT INTO t VALUES (?)", arguments: [String(repeating: "x", count: 100_000)]) }
        }
        #expect(error?.code == .full)
    }

    @Test("what is no database, or cannot be opened, is told as such")
    func unusable() throws {
        #expect(throws: DatabaseError.self) { try DatabaseQueue(path: "/proc/none/a.sqlite", busyTimeout: 1) }
        let file = open(scratch.path, O_WRONLY | O_CREAT, 0o600)
        let text = String(repeating: "no database ", count: 100)
        #expect(write(file, text, text.utf8.count) == text.utf8.count)
        close(file)
        let error = #expect(throws: DatabaseError.self) { try scratch.open() }
        #expect(error?.code == .notADatabase)
    }
}
