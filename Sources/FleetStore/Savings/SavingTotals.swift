internal import FleetClock
internal import SQLite
import VastModels

/// The daily totals of what stops have saved that the journal does not keep any more.
///
/// The table is made with the first of them: what has none is as earlier versions know it.
struct SavingTotals {
    private let database: Database
    private let account: String

    init(_ database: Database, account: String) { (self.database, self.account) = (database, account) }

    private static let day = 86_400.0

    /// A change is about to be dropped; what it has saved is added when it is a stop.
    func add(_ change: JournalChange) throws {
        guard change.verb == .stop, !change.isCompensation, [.accepted, .confirmed].contains(change.status), change.before?.isOn ?? true
        else { return }
        let next = try JournalHistory.changes(
            database,
            """
            WHERE change.account = ? AND change.instance = ? AND change.number > ? AND change.verb IN ('stop', 'start')
                AND change.status IN ('accepted', 'confirmed') AND NOT change.is_compensation ORDER BY change.number LIMIT 1
            """, [account, change.instance.rawValue, change.number]
        ).first
        let series = try Row.fetchOne(
            database, sql: "SELECT number, seen FROM series WHERE account = ? AND instance = ?",
            arguments: [account, change.instance.rawValue])
        let spells = try series.map { try SampleStore.spells(database, series: $0["number"], since: change.confirmed ?? change.time) } ?? []
        let seen = try series.map { try Double($0["seen"] as Int64) }
        let saving = try SavingsLedger { _, _ in .init(spells: spells, lastSeen: seen) }.saving(change, next: next)
        try add(SavingDay(saving))
    }

    private func add(_ saving: SavingDay) throws {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS saving_day (
                    account TEXT NOT NULL, day INTEGER NOT NULL, policy TEXT NOT NULL, stops INTEGER NOT NULL, regretted INTEGER NOT NULL,
                    unknown INTEGER NOT NULL, dollars REAL NOT NULL, PRIMARY KEY (account, day, policy)
                ) WITHOUT ROWID
                """)
        try database.cachedStatement(
            sql: """
                INSERT INTO saving_day (account, day, policy, stops, regretted, unknown, dollars) VALUES (?, ?, ?, 1, ?, ?, ?)
                ON CONFLICT DO UPDATE SET stops = stops + 1, regretted = regretted + excluded.regretted,
                    unknown = unknown + excluded.unknown, dollars = dollars + excluded.dollars
                """
        ).execute(arguments: [
            account, Int64(clampingNumber: (saving.start / Self.day).rounded(.down)), saving.policy ?? "", saving.regretted, saving.unknown,
            saving.amount
        ])
    }

    /// Whether there are any.
    static func exist(in database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master WHERE name = 'saving_day'") != 0
    }

    /// Those of days from the one on that has the instant `since` (Unix seconds).
    func days(since: Double) throws -> [SavingDay] {
        guard try Self.exist(in: database) else { return [] }
        return try Row.fetchAll(
            database,
            sql: """
                SELECT day, policy, stops, regretted, unknown, dollars FROM saving_day WHERE account = ? AND day >= ? ORDER BY day, policy
                """, arguments: [account, Int64(clampingNumber: (since / Self.day).rounded(.down))]
        ).map { row in
            let policy: String = try row["policy"]
            var day = try SavingDay(start: Double(row["day"] as Int64) * Self.day, policy: policy.isEmpty ? nil : policy)
            (day.stops, day.regretted, day.unknown, day.amount) = try (row["stops"], row["regretted"], row["unknown"], row["dollars"])
            return day
        }
    }
}
