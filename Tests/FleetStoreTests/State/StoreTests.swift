import Testing

@testable import FleetStore

@Suite("What scripts and jobs remember")
struct StoreTests {
    let place: TemporaryDirectory
    let database: StateDatabase

    init() throws {
        place = try TemporaryDirectory()
        database = StateDatabase(directory: place.path)
    }

    @Test("a job keeps when it was first seen, what it last handled, and its mark")
    func jobs() throws {
        let store = JobStore(database, account: "a", script: "s")
        #expect(try store.memory(of: "nightly") == nil)
        #expect(try store.see("nightly", at: 10) == .init(firstSeen: 10))
        #expect(try store.see("nightly", at: 99) == .init(firstSeen: 10))
        try store.remember(.init(firstSeen: 10, lastHandled: 50, mark: "{}"), of: "nightly")
        #expect(try store.memory(of: "nightly") == .init(firstSeen: 10, lastHandled: 50, mark: "{}"))
        #expect(try store.memories() == ["nightly": .init(firstSeen: 10, lastHandled: 50, mark: "{}")])
        try store.forget("nightly")
        #expect(try store.memories().isEmpty)
    }

    @Test(
        "a due time that was handled never moves back",
        arguments: [(50, 40, 50), (40, 50, 50), (nil, 5, 5), (5, nil, 5), (nil, nil, nil)] as [(Double?, Double?, Double?)])
    func monotonic(first: Double?, second: Double?, expected: Double?) throws {
        let store = JobStore(database, account: "a", script: "s")
        try store.remember(.init(firstSeen: 1, lastHandled: first), of: "job")
        try store.remember(.init(firstSeen: 1, lastHandled: second), of: "job")
        #expect(try store.memory(of: "job")?.lastHandled == expected)
    }

    @Test("accounts and scripts do not see each other's jobs, values and snapshots", arguments: [("b", "s"), ("a", "t")])
    func separation(account: String, script: String) throws {
        try JobStore(database, account: "a", script: "s").remember(.init(firstSeen: 1), of: "x")
        try KeyValueStore(database, account: "a", script: "s").set("x", "1")
        try SnapshotStore(database, account: "a").keep(.init(takenAt: 1, rows: "[]"), of: "s")
        #expect(try JobStore(database, account: account, script: script).memory(of: "x") == nil)
        #expect(try KeyValueStore(database, account: account, script: script).get("x") == nil)
        #expect(try SnapshotStore(database, account: account).last(of: script) == nil)
    }

    @Test("values are set, replaced, listed and deleted")
    func values() throws {
        let store = KeyValueStore(database, account: "a", script: "s")
        try store.set("b", "1")
        try store.set("a", "\"zwei\\u0000\"")
        try store.set("b", "null")
        #expect(try store.keys() == ["a", "b"])
        #expect(try store.get("b") == "null")
        try store.delete("b")
        try store.delete("b")
        #expect(try store.get("b") == nil)
        #expect(try store.keys() == ["a"])
    }

    @Test("an older reading does not replace a newer one")
    func snapshots() throws {
        let store = SnapshotStore(database, account: "a")
        try store.keep(.init(takenAt: 20, rows: "[2]"), of: "s")
        try store.keep(.init(takenAt: 10, rows: "[1]"), of: "s")
        #expect(try store.last(of: "s") == .init(takenAt: 20, rows: "[2]"))
        #expect(try store.lastFleetSize() == nil)
        try store.keepFleetSize(40, at: 20)
        try store.keepFleetSize(12, at: 10)
        #expect(try store.lastFleetSize() == 40)
    }
}
