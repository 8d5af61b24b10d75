import FleetStore
import Foundation
import SQLite
import VastAPI

/// The journal that a program has left in a state directory.
struct SweepJournal {
    private let directory: String
    private let history: JournalHistory

    init(_ vast: VastLua) {
        directory = vast.folder.path
        history = JournalHistory(StateDatabase(directory: directory))
    }

    /// The runs that are written down, the newest first.
    func runs() throws -> [RunSummary] { try history.runs(limit: 100) }

    /// The changes of all runs.
    func changes() throws -> [JournalChange] { try runs().flatMap { try history.changes(of: $0) } }

    /// The instances that count for the guard of any other run.
    func counted() throws -> [InstanceID] {
        guard let account = try runs().first?.account else { return [] }
        return try history.guardEntries(account: account, since: 0).entries.map(\.id)
    }

    // MARK: a disk that is full

    private static let tables = ["run", "exchange", "change"]

    /// From now on nothing more can be written into the journal.
    static func fill(_ directory: String) throws {
        try StateDatabase(directory: directory).open()
        try DatabaseQueue(path: "\(directory)/state.sqlite", busyTimeout: 5_000).perform { database in
            for (table, verb) in tables.flatMap({ table in ["INSERT", "UPDATE"].map { (table, $0) } }) {
                try database.execute(
                    sql: "CREATE TRIGGER full_\(verb)_\(table) BEFORE \(verb) ON \(table) BEGIN SELECT RAISE(ABORT, 'full'); END")
            }
        }
    }

    /// There is room again.
    func empty() throws {
        try DatabaseQueue(path: "\(directory)/state.sqlite", busyTimeout: 5_000).perform { database in
            for (table, verb) in Self.tables.flatMap({ table in ["INSERT", "UPDATE"].map { (table, $0) } }) {
                try database.execute(sql: "DROP TRIGGER IF EXISTS full_\(verb)_\(table)")
            }
        }
    }
}
