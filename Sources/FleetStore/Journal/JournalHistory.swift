package import FleetRules
internal import SQLite
package import VastModels
internal import VastJSON

/// Reads what was written down, of this and earlier runs.
package struct JournalHistory: Sendable {
    let database: StateDatabase
    /// Whose runs; nil: everybody's.
    let account: String?

    /// - Parameter account: whose runs; nil: everybody's.
    package init(_ database: StateDatabase, account: String? = nil) {
        self.database = database
        self.account = account
    }

    /// The latest runs that changed something, the newest first.
    ///
    /// - Throws: ``StateError``, as all methods here.
    package func runs(limit: Int) throws -> [RunSummary] {
        try database.read { database in
            try summaries(
                database, "WHERE ?1 IS NULL OR account = ?1 ORDER BY number DESC LIMIT ?2", [account, limit])
        }
    }

    /// Whose fleets have been changed.
    package func accounts() throws -> [String] {
        try database.read { try String.fetchAll($0, sql: "SELECT DISTINCT account FROM run ORDER BY account") }
    }

    /// The last run that wrote down a change, whatever became of it.
    package func lastRun() throws -> RunSummary? { try runs(limit: 1).first }

    /// The last run that changed something, or may have.
    package func lastChangingRun() throws -> RunSummary? {
        try database.read { database in
            try summaries(
                database,
                """
                WHERE (?1 IS NULL OR account = ?1) AND EXISTS (
                    SELECT 1 FROM change WHERE change.run = run.number AND NOT is_compensation
                        AND \(Self.knownStatus) IN ('sent', 'accepted', 'unknown', 'confirmed'))
                ORDER BY number DESC LIMIT 1
                """, [account]
            ).first
        }
    }

    /// The run of that id, or of the only id that begins so.
    ///
    /// - Throws: ``VastError`` of kind `not_found` when there is none, `invalid_argument` when there are several;
    ///   ``StateError``.
    package func run(_ id: String) throws -> RunSummary {
        let (typed, id) = (id, id.lowercased())
        let found = try database.read { database in
            try summaries(
                database, "WHERE substr(id, 1, length(?1)) = ?1 AND (?2 IS NULL OR account = ?2) ORDER BY number DESC LIMIT 20",
                [id, account])
        }
        let exact = found.filter { $0.info.id == id }
        let matching = exact.isEmpty ? found : exact
        guard !id.isEmpty, let first = matching.first else {
            throw VastError(.notFound, "there is no run '\(typed)'; `vast-lua history` lists them")
        }
        guard matching.count == 1 else {
            let names = matching.map { "\($0.info.id) (\($0.info.script))" }.joined(separator: ", ")
            throw VastError(.invalidArgument, "several runs begin with \(id): \(names)")
        }
        return first
    }

    /// The changes of a run, in the order in which they were first sent.
    package func changes(of run: RunSummary) throws -> [JournalChange] {
        try database.read { database in
            try Self.changes(database, "WHERE change.run = ? ORDER BY change.number", [run.number])
        }
    }

    /// What was done to one instance, the latest first.
    package func changes(ofInstance id: InstanceID, limit: Int) throws -> [JournalChange] {
        try database.read { database in
            try Self.changes(
                database, "WHERE change.instance = ?1 AND (?2 IS NULL OR change.account = ?2) ORDER BY change.number DESC LIMIT ?3",
                [id.rawValue, account, limit])
        }
    }

    /// When a change of ours last found an instance on, in Unix seconds; nil: never, as far as this journal tells.
    package func lastOn(_ id: InstanceID) throws -> Double? {
        try changes(ofInstance: id, limit: Self.lastChanges).first { $0.before?.isOn == true }?.time
    }

    /// How many changes of an instance are looked through.
    private static let lastChanges = 20

    /// The requests of a run, in the order in which they were sent.
    package func exchanges(of run: RunSummary) throws -> [JournalExchange] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM exchange WHERE run = ? ORDER BY number", arguments: [run.number]).map {
                try JournalExchange(
                    time: $0["at"], request: $0["request"], attempt: $0["attempt"], isCompensation: $0["is_compensation"],
                    outcome: $0["outcome"], finished: $0["finished"], errorKind: $0["error_kind"], errorCode: $0["error_code"],
                    errorText: $0["error_text"])
            }
        }
    }

    /// What counts for the guard: changes of the account from `time` (Unix seconds) on that were made or may have
    /// been, or that a run that lives has reserved; withdrawals apart. A verb that this vast-lua does not know counts.
    ///
    /// - Parameter run: the id of a run that is left out; nil: none.
    package func guardEntries(account: String, since time: Double, excluding run: String? = nil) throws -> OtherRuns {
        try database.read { [directory = database.directoryPath] database in
            var others = OtherRuns(
                try Self.guardEntries(database, directory: directory, account: account, since: time, excluding: run),
                version: try Self.version(database))
            others.takenBack = try Self.takenBack(database, account: account, since: time, excluding: run)
            return others
        }
    }

    /// The instances of starts that other runs take back when their GPUs are rented to others. A reading may show one for a while
    /// after it was taken back.
    private static func takenBack(
        _ database: Database, account: String, since time: Double, excluding run: String?
    ) throws -> Set<InstanceID> {
        let ids = try Int64.fetchAll(
            database,
            sql: """
                SELECT DISTINCT instance FROM change WHERE account = ? AND at >= ? AND is_compensation AND verb = 'stop'
                    AND status IN ('reserved', 'sent', 'accepted', 'unknown', 'confirmed') AND run NOT IN (SELECT number FROM run WHERE id = ?)
                """, arguments: [account, time, run])
        return Set(ids.map { InstanceID($0) })
    }

    /// See ``guardEntries(account:since:excluding:)``.
    static func guardEntries(
        _ database: Database, directory: String, account: String, since time: Double, excluding run: String?
    ) throws -> [GuardEntry] {
        // What a verb with a price does depends on the instance; of others the number of a row is enough.
        let priced = Change.Verb.allCases.filter { $0.aspect == .price }.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        var isAlive: [String: Bool] = [:]
        return try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT change.verb, instance, rate, gpus, change.at, CASE status WHEN 'reserved' THEN
                        (SELECT lease FROM run WHERE number = change.run) END AS lease,
                        CASE WHEN outcome IS NOT NULL THEN coalesce(finished, confirmed, change.at) END AS answered,
                        label_after, CASE WHEN change.verb IN (\(priced)) THEN before END AS before
                    FROM change LEFT JOIN exchange ON exchange.number = change.exchange
                    WHERE change.account = ? AND change.at >= ? AND NOT change.is_compensation
                        AND status NOT IN ('failed', 'satisfied', 'not_applied')
                        AND change.run NOT IN (SELECT number FROM run WHERE id = ?)
                    """), arguments: [account, time, run]
        ).compactMap { row in
            if let lease = try row["lease"] as String? {
                let lives = isAlive[lease] ?? RunLease.isAlive(directory: directory, name: lease)
                isAlive[lease] = lives
                guard lives else { return nil }
            }
            let verb = try Change.Verb(rawValue: row["verb"])
            var entry = try GuardEntry(
                verb, InstanceID(row["instance"] as Int64), rate: (row["rate"] as Double?).map { USDPerHour($0) }, gpuCount: row["gpus"])
            if let verb { entry.effect = try verb.rules.effect(verb.payload(row["label_after"]), on: facts(row["before"])) }
            (entry.time, entry.answered) = try (row["at"], row["answered"])
            return entry
        }
    }

    /// A number that is another one as soon as somebody else has written into the file.
    static func version(_ database: Database) throws -> Int? { try Int.fetchOne(database, sql: "PRAGMA data_version") }

    /// Stops and starts that the service has accepted, from `time` (Unix seconds) on, in their order.
    package func powerChanges(since time: Double) throws -> [JournalChange] {
        try database.read { database in
            try Self.changes(
                database,
                """
                WHERE (?1 IS NULL OR change.account = ?1) AND change.at >= ?2 AND change.verb IN ('stop', 'start')
                    AND change.status IN ('accepted', 'confirmed') AND NOT change.is_compensation ORDER BY change.number
                """, [account, time])
        }
    }

    /// What stops have saved that are not kept any more, by day and policy, of days from that of `time` (Unix seconds) on.
    package func savingDays(since time: Double) throws -> [SavingDay] {
        guard let account else { return [] }
        return try database.read { try SavingTotals($0, account: account).days(since: time) }
    }

    /// How starts on a machine have fared, as far as this journal tells.
    ///
    /// - Parameter id: an instance of that machine, whose starts count even where the machine was not noted.
    /// - Returns: how many were tried, and how many of these were refused because the GPUs were rented to others.
    package func starts(onMachine machine: Int?, or id: InstanceID) throws -> (tried: Int, refused: Int) {
        try database.read { database in
            let sql = """
                SELECT count(*) AS tried, coalesce(sum(error_kind = 'unavailable'), 0) AS refused FROM change
                WHERE (?1 IS NULL OR account = ?1) AND verb = 'start' AND NOT is_compensation AND status != 'satisfied'
                    AND (instance = ?2 OR json_extract(before, '$.machine_id') = ?3)
                """
            let row = try Row.fetchOne(database, sql: sql, arguments: [account, id.rawValue, machine])
            return try row.map { try ($0["tried"], $0["refused"]) } ?? (0, 0)
        }
    }

    // MARK: rows

    /// How far a change came, as it is read: what was refused and whose call has not ended is kept as reserved, since it may be
    /// sent again; it has left all the same, and a start that was refused may be queued.
    static let knownStatus = "CASE WHEN status = 'reserved' AND exchange IS NOT NULL THEN 'sent' ELSE status END"

    static func changes(_ database: Database, _ condition: String, _ arguments: StatementArguments) throws -> [JournalChange] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT change.*, \(Self.knownStatus) AS known_status, run.id AS run_id
                FROM change JOIN run ON run.number = change.run \(condition)
                """, arguments: arguments
        ).compactMap(change)
    }

    static func facts(_ text: String?) -> InstanceFacts? {
        text.flatMap { try? JSONDocument(parsing: $0) }.flatMap { InstanceFacts(json: $0.root) }
    }

    private static func change(_ row: Row) throws -> JournalChange? {
        guard let verb = try Change.Verb(rawValue: row["verb"]), let status = try JournalChange.Status(rawValue: row["known_status"])
        else { return nil }
        return try JournalChange(
            number: row["number"], run: row["run_id"], time: row["at"], call: row["call"],
            instance: InstanceID(row["instance"] as Int64), verb: verb, isCompensation: row["is_compensation"],
            attempts: row["attempts"], status: status, payload: verb.payload(row["label_after"]), before: facts(row["before"]),
            reason: row["reason"],
            line: row["line"], confirmed: row["confirmed"], errorKind: row["error_kind"], errorText: row["error_text"])
    }

    private func summaries(
        _ database: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> [RunSummary] {
        let runs = try Row.fetchAll(database, sql: "SELECT * FROM run \(condition)", arguments: arguments)
        return try runs.map { row in
            let number: Int64 = try row["number"]
            return try RunSummary(
                number: number,
                info: RunInfo(
                    id: row["id"], script: row["script"], scriptHash: row["script_hash"], command: row["command"],
                    started: row["started"]),
                account: row["account"], ended: row["ended"], exitCode: row["exit_code"], hasCrashed: row["crashed"],
                host: row["host"], pid: row["pid"], counts: counts(database, number))
        }
    }

    private func counts(_ database: Database, _ run: Int64) throws -> [RunSummary.Count] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT verb, \(Self.knownStatus) AS known_status, is_compensation, count(*) AS count
                    FROM change WHERE run = ?1 AND (NOT is_compensation
                        OR NOT EXISTS (SELECT 1 FROM change AS start WHERE start.run = ?1 AND start.call = change.call
                            AND NOT start.is_compensation))
                    GROUP BY verb, known_status, is_compensation ORDER BY min(number)
                    """), arguments: [run]
        ).compactMap { row in
            guard let verb = try Change.Verb(rawValue: row["verb"]), let status = try JournalChange.Status(rawValue: row["known_status"])
            else { return nil }
            return try RunSummary.Count(verb: verb, status: status, isWithdrawal: row["is_compensation"], count: row["count"])
        }
    }
}
