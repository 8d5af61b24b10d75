package import FleetRules
internal import SQLite
package import VastModels

/// What every reading of the fleet has said about every instance, over all runs of an account.
///
/// Times are kept to the second. How long samples are kept is settable (``RetentionPeriods``); of what is older than a week, one
/// sample in half an hour.
package struct SampleStore: Sendable {
    /// After this time one sample is left in each ``thinnedInterval``.
    package static let fullRetention = Duration.seconds(7 * 86_400)
    /// How far apart the samples are that are left of what is older than ``fullRetention``.
    package static let thinnedInterval = Duration.seconds(1_800)
    /// After so long without a sample nobody knows whether a run has gone on.
    package static let longestGap = Duration.seconds(3_600)

    let database: StateDatabase
    let account: String

    /// The samples of one account; nothing is read before it is asked for.
    package init(_ database: StateDatabase, account: String) {
        self.database = database
        self.account = account
    }

    /// Adds what one reading has said. A second sample of the same second takes the place of the first.
    ///
    /// - Throws: ``StateError``, as all methods here.
    package func add(_ samples: [(id: InstanceID, sample: Sample)]) throws {
        guard !samples.isEmpty else { return }
        try database.write("samples") { database in
            var known = try Series.all(in: database, account: account)
            let insert = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO sample (at, series, \(SampleCode.columns)) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)")
            for (id, sample) in samples {
                guard let time = Int64(exactly: sample.time.rounded(.down)) else { continue }
                let series = try known[id] ?? Series.make(id, sample, at: time, in: database, account: account)
                known[id] = try series.note(sample, at: time, in: database)
                try insert.execute(arguments: [time, series.number] + SampleCode.values(of: sample))
            }
        }
    }

    /// All samples of the account in `[since, until)`, Unix seconds, each instance's in the order of their times.
    ///
    /// - Parameter only: nil: of every instance.
    package func samples(since: Double, until: Double = 1e12, of only: InstanceID? = nil) throws -> [InstanceID: [Sample]] {
        try database.read { database in
            let owners = Dictionary(
                try Series.all(in: database, account: account).filter { only == nil || $0.key == only }.map { ($0.value.number, $0.key) }
            ) { first, _ in first }
            var result: [InstanceID: [Sample]] = [:]
            let sql = "SELECT at, series, \(SampleCode.columns) FROM sample WHERE at >= ? AND at < ? ORDER BY at, series"
            try database.cachedStatement(sql: sql).forEach([Self.second(since), Self.second(until)]) { row in
                guard let owner = row.integer(1).flatMap({ owners[$0] }), let time = row.integer(0) else { return }
                result[owner, default: []].append(SampleCode.sample(row, at: time, from: 2))
            }
            return result
        }
    }

    /// When each stay in a state began, the oldest first, from the one at hand at `since` on.
    package func spells(of id: InstanceID, since: Double = 0) throws -> [StateInterval] {
        try database.read { database in
            let find = "SELECT number FROM series WHERE account = ? AND instance = ?"
            guard let series = try Int64.fetchOne(database, sql: find, arguments: [account, id.rawValue]) else { return [] }
            return try Self.spells(database, series: series, since: since)
        }
    }

    /// The same, of a series by its number, inside a transaction of the caller.
    static func spells(_ database: Database, series: Int64, since: Double) throws -> [StateInterval] {
        let sql = """
            SELECT began, state FROM spell WHERE series = ?1 AND began >=
                coalesce((SELECT max(began) FROM spell WHERE series = ?1 AND began <= ?2), 0) ORDER BY began
            """
        var spells: [StateInterval] = []
        try database.cachedStatement(sql: sql).forEach([series, second(since)]) { row in
            guard let began = row.integer(0), let state = row.integer(1) else { return }
            spells.append(StateInterval(began: Double(began), state: SampleCode.state(of: state)))
        }
        return spells
    }

    /// When an instance was first seen on, of the last time that it was; nil when it never was.
    ///
    /// - Throws: ``StateError``.
    package func lastOn(_ id: InstanceID) throws -> Double? { try spells(of: id).last { $0.state.isOn }?.began }

    /// When each instance was read for the first time, as far as that is kept, in Unix seconds.
    ///
    /// - Throws: ``StateError``.
    package func firstSeen() throws -> [InstanceID: Double] {
        try database.read { database in
            let sql = """
                SELECT instance, min(began) FROM series JOIN spell ON spell.series = series.number WHERE account = ? GROUP BY instance
                """
            var result: [InstanceID: Double] = [:]
            try database.cachedStatement(sql: sql).forEach([account]) { row in
                guard let id = row.integer(0), let began = row.integer(1) else { return }
                result[InstanceID(id)] = Double(began)
            }
            return result
        }
    }

    /// When an instance was last read, in Unix seconds; nil: never.
    package func lastSeen(_ id: InstanceID) throws -> Double? {
        try database.read { database in
            let sql = "SELECT seen FROM series WHERE account = ? AND instance = ?"
            return try Int64.fetchOne(database, sql: sql, arguments: [account, id.rawValue]).map(Double.init)
        }
    }

    static func second(_ time: Double) -> Int64 { Int64(exactly: min(max(time, -1e12), 1e12).rounded(.up)) ?? 0 }
}

/// A time that an instance has spent in one state, as far as readings have shown.
package struct StateInterval: Sendable, Equatable {
    /// The first reading that showed it, in Unix seconds: it may have begun earlier.
    package var began: Double
    /// The state that all readings of that time have shown.
    package var state: InstanceState

    /// - Parameter began: the first reading that showed it, in Unix seconds.
    package init(began: Double, state: InstanceState) {
        self.began = began
        self.state = state
    }
}
