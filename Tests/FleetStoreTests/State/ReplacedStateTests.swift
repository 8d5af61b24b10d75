#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import FleetFixtures
import Foundation
import Testing
import VastAPI

@testable import FleetStore

/// What is under a run that lives is taken away: nothing is sent any more, since nobody would find a trace of it.
@Suite("A state that is taken away from under a run")
struct ReplacedStateTests {
    /// How it is taken away.
    enum Way: String, CaseIterable, Sendable {
        case directoryRemoved, fileRemoved, fileReplaced, directoryRenamed, madeAnew, leaseRemoved, lockRemoved, lockTaken

        /// How what is named begins.
        var named: String {
            switch self {
            case .directoryRemoved, .fileRemoved, .fileReplaced, .directoryRenamed, .madeAnew: "state.sqlite"
            case .leaseRemoved: "runs/"
            case .lockRemoved, .lockTaken: "locks/"
            }
        }

        func apply(to place: String) throws {
            switch self {
            case .directoryRemoved: try Self.remove(place, ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"])
            case .fileRemoved: unlink("\(place)/state.sqlite")
            case .fileReplaced:
                try StateDatabase(directory: "\(place)/other").open()
                rename("\(place)/other/state.sqlite", "\(place)/state.sqlite")
            case .directoryRenamed: rename(place, "\(place).old")
            case .madeAnew:
                try Self.remove(place, ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"])
                try StateDatabase(directory: place).open()
            case .lockRemoved: try Self.remove("\(place)/locks", [Self.lockName(place)])
            case .lockTaken:
                try Self.remove("\(place)/locks", [Self.lockName(place)])
                _ = try Self.lock(place)
            case .leaseRemoved: try Self.remove("\(place)/runs", ["7f3a9c-\(getpid())"])
            }
        }

        static func lock(_ place: String) throws -> RunLock {
            try RunLock.take(directory: place, account: JournalRig.account, script: "/x/nightly.lua", now: 0)
        }

        private static func lockName(_ place: String) throws -> String {
            try #require(FileManager.default.contentsOfDirectory(atPath: "\(place)/locks").first)
        }

        private static func remove(_ place: String, _ names: [String]) throws {
            for name in names { try #require(unlink("\(place)/\(name)") == 0) }
        }
    }

    @Test("a change is refused, with one error that says what happened, and nothing is sent", arguments: Way.allCases)
    func refused(way: Way) async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        journal.hold(try Way.lock(rig.place.path))
        _ = try await rig.operations(journal, call: 1).stop([1])
        try way.apply(to: rig.place.path)
        defer { rename("\(rig.place.path).old", rig.place.path) }
        let outcomes = try await rig.operations(journal, call: 2).stop([2])
        #expect(rig.service.arrived == ["1 stopped"])
        let error = try #require(outcomes[2]?.error)
        #expect(error.code == VastError.stateCode && error.kind == .guard)
        #expect(error.message.contains("was removed or replaced while this run was using it"), "\(error.message)")
        #expect(error.message.contains("\(rig.place.path)/\(way.named)") && error.message.hasSuffix("start again"), "\(error.message)")
        withExtendedLifetime(journal) {}
    }

    @Test("what is only moved into its place again goes on")
    func putBack() async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        _ = try await rig.operations(journal, call: 1).stop([1])
        rename(rig.place.path, "\(rig.place.path).old")
        rename("\(rig.place.path).old", rig.place.path)
        _ = try await rig.operations(journal, call: 2).stop([2])
        #expect(rig.service.arrived == ["1 stopped", "2 stopped"])
    }

    @Test("a database that was closed in between is another one without a word")
    func reopened() throws {
        let place = try TemporaryDirectory()
        let database = StateDatabase(directory: place.path)
        let store = KeyValueStore(database, account: "a", script: "s")
        try store.set("k", "1")
        database.close()
        unlink("\(place.path)/state.sqlite")
        try store.set("k", "2")
        #expect(try store.get("k") == "2")
    }
}
