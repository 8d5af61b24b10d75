internal import FleetClock
import FleetRules
internal import SQLite
import VastModels

/// Drops what is old from the journal, some of it at a time. Inside a transaction of the caller.
///
/// It keeps what is open, what nobody knows how it ended, and what undoing one of the last ``undoneRuns`` runs of an account takes.
/// What a stop has saved goes into the total of its day when the stop is dropped.
struct JournalRetention {
    let database: Database
    /// What is younger stays, in Unix seconds.
    let limit: Double

    /// So many runs that have changed something can be undone however old they are.
    static let undoneRuns = 20
    private static let portion = 500
    /// Not read for so long while others were, an instance is gone, in seconds.
    private static let goneTime = 90 * 86_400.0

    typealias Dropped = (changes: Int, requests: Int, runs: Int)

    func dropPortion() throws -> Dropped {
        var dropped = (changes: 0, requests: 0, runs: 0)
        for account in try String.fetchAll(database, sql: "SELECT DISTINCT account FROM run") {
            let recent = try recentRuns(account)
            dropped.changes += try dropChanges(account, recent)
            dropped.requests += try dropRequests(account)
            dropped.runs += try dropRuns(account, recent)
        }
        return dropped
    }

    /// The numbers of the runs that can be undone, as a list for SQL.
    private func recentRuns(_ account: String) throws -> String {
        let numbers = try Int64.fetchAll(
            database,
            sql: """
                SELECT number FROM run WHERE account = ? AND EXISTS (
                    SELECT 1 FROM change WHERE change.run = run.number AND NOT is_compensation
                        AND \(JournalHistory.knownStatus) IN ('sent', 'accepted', 'unknown', 'confirmed'))
                ORDER BY number DESC LIMIT \(Self.undoneRuns)
                """, arguments: [account])
        return numbers.map { "\($0)" }.joined(separator: ", ")
    }

    // MARK: changes

    /// A reboot leaves nothing to be seen: accepted is the last that is known of it. Verbs of later versions are left to them.
    private static let settled = """
        change.verb IN (\(list(Change.Verb.allCases))) AND (change.status IN ('satisfied', 'failed', 'confirmed', 'not_applied')
            OR change.status = 'accepted' AND change.verb IN (\(list(Change.Verb.allCases.filter { !$0.rules.isVisible }))))
        """

    private static func list(_ verbs: [Change.Verb]) -> String { verbs.map { "'\($0.rawValue)'" }.joined(separator: ", ") }

    private static func same(_ order: String) -> String {
        """
        EXISTS (SELECT 1 FROM change AS other WHERE other.run = change.run AND other.instance = change.instance
            AND other.number \(order) change.number AND other.verb = change.verb AND other.label_after IS change.label_after
            AND NOT other.is_compensation AND other.status IN ('accepted', 'confirmed'))
        """
    }

    /// Whether an instance of the account has been read less than so many seconds before the last reading of any.
    private static func isRead(within seconds: Double) -> String {
        """
        EXISTS (SELECT 1 FROM series WHERE series.account = change.account AND series.instance = change.instance
            AND series.seen >= (SELECT max(seen) FROM series AS any WHERE any.account = change.account) - \(seconds))
        """
    }

    /// What undoing a run does not take: changes of instances that are gone, and repetitions between the first and the last. The
    /// last change of a run stays, so that an older run does not become the last one.
    private static let needless = """
        (EXISTS (SELECT 1 FROM series WHERE series.account = change.account AND series.instance = change.instance)
            AND NOT \(isRead(within: goneTime))
            AND EXISTS (SELECT 1 FROM change AS other WHERE other.run = change.run AND other.number > change.number
                AND NOT other.is_compensation AND other.status IN ('accepted', 'unknown', 'confirmed'))
            OR \(same("<")) AND \(same(">")))
        """

    /// The stop or start of the instance before or after, as far as it was made.
    private static func power(_ comparison: String, _ order: String) -> String {
        """
        (SELECT verb FROM change AS other WHERE other.account = change.account AND other.instance = change.instance
            AND other.number \(comparison) change.number AND other.verb IN ('stop', 'start')
            AND other.status IN ('accepted', 'confirmed') AND NOT other.is_compensation ORDER BY other.number \(order) LIMIT 1)
        """
    }

    /// What nothing else is reckoned by: a stop or a start ends what the stop before it saves, which comes first, and the last
    /// stop of an instance that is there goes on saving.
    private static let isFree = """
        (change.verb NOT IN ('stop', 'start') OR change.is_compensation OR change.status NOT IN ('accepted', 'confirmed')
            OR \(power("<", "DESC")) IS NOT 'stop'
                AND NOT (change.verb = 'stop' AND \(power(">", "ASC")) IS NULL AND \(isRead(within: SampleStore.longestGap.seconds))))
        """

    private func dropChanges(_ account: String, _ recent: String) throws -> Int {
        try database.execute(sql: "CREATE INDEX IF NOT EXISTS change_by_instance ON change (account, instance, number)")
        let old = try JournalHistory.changes(
            database,
            """
            WHERE change.account = ?1 AND change.at < ?2 AND \(Self.settled) AND \(Self.isFree)
                AND (change.run NOT IN (\(recent)) OR \(Self.needless))
            ORDER BY change.number LIMIT \(Self.portion)
            """, [account, limit])
        let totals = SavingTotals(database, account: account)
        let delete = try database.cachedStatement(sql: "DELETE FROM change WHERE number = ?")
        for change in old {
            try totals.add(change)
            try delete.execute(arguments: [change.number])
        }
        return old.count
    }

    // MARK: requests and runs

    private func dropRequests(_ account: String) throws -> Int {
        try counted(
            """
            DELETE FROM exchange WHERE number IN (
                SELECT number FROM exchange WHERE account = ?1 AND at < ?2 AND outcome IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM change WHERE change.exchange = exchange.number) LIMIT \(Self.portion))
            """, [account, limit])
    }

    private func dropRuns(_ account: String, _ recent: String) throws -> Int {
        try counted(
            """
            DELETE FROM run WHERE number IN (
                SELECT number FROM run WHERE account = ?1 AND ended < ?2 AND number NOT IN (\(recent))
                    AND NOT EXISTS (SELECT 1 FROM change WHERE change.run = run.number)
                    AND NOT EXISTS (SELECT 1 FROM exchange WHERE exchange.run = run.number) LIMIT \(Self.portion))
            """, [account, limit])
    }

    private func counted(_ sql: String, _ arguments: StatementArguments) throws -> Int {
        try database.execute(sql: sql, arguments: arguments)
        return try Int.fetchOne(database, sql: "SELECT changes()") ?? 0
    }
}
