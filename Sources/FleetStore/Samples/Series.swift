package import FleetRules
internal import SQLite
internal import VastModels

/// The samples of one instance in the database: what they are filed under, and what the last one said.
struct Series {
    let number: Int64
    /// The time of the last sample, in Unix seconds.
    var seen: Int64
    var state: InstanceState

    /// Those of an account, by instance.
    static func all(in database: Database, account: String) throws -> [InstanceID: Series] {
        var result: [InstanceID: Series] = [:]
        let sql = "SELECT instance, number, seen, state FROM series WHERE account = ?"
        try database.cachedStatement(sql: sql).forEach([account]) { row in
            guard let id = row.integer(0), let number = row.integer(1) else { return }
            result[InstanceID(id)] = Series(
                number: number, seen: row.integer(2) ?? 0, state: SampleCode.state(of: row.integer(3) ?? 0))
        }
        return result
    }

    /// A new one, with its first stay in a state.
    static func make(
        _ id: InstanceID, _ sample: Sample, at time: Int64, in database: Database, account: String
    ) throws -> Series {
        try database.cachedStatement(sql: "INSERT INTO series (account, instance, seen, state) VALUES (?, ?, ?, ?)")
            .execute(arguments: [account, id.rawValue, time, SampleCode.number(of: sample.state)])
        let series = Series(number: database.lastInsertedRowID, seen: time, state: sample.state)
        try series.begin(sample.state, at: time, in: database)
        return series
    }

    /// Takes a sample; a state that is new, or that nobody has watched for long, begins a stay. One that is older than
    /// the last changes nothing.
    func note(_ sample: Sample, at time: Int64, in database: Database) throws -> Series {
        guard time >= seen else { return self }
        let isWatched = Double(time - seen) <= SampleStore.longestGap.seconds
        if sample.state != state || !isWatched { try begin(sample.state, at: time, in: database) }
        try database.cachedStatement(sql: "UPDATE series SET seen = ?, state = ? WHERE number = ?")
            .execute(arguments: [time, SampleCode.number(of: sample.state), number])
        return Series(number: number, seen: time, state: sample.state)
    }

    private func begin(_ state: InstanceState, at time: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO spell (series, began, state) VALUES (?, ?, ?)")
            .execute(arguments: [number, time, SampleCode.number(of: state)])
    }
}
