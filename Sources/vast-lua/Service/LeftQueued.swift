import FleetControl
import VastAPI

/// What commands that only read tell of starts which earlier runs have left queued.
enum LeftQueued {
    /// One line for each; empty when there are none, and when the state cannot say: that is no reason not to read.
    static func lines(in snapshot: FleetSnapshot, _ connection: FleetConnection, _ environment: ProcessEnvironment) -> [String] {
        let database = StateDatabase(directory: environment.stateDirectory)
        guard database.exists, let account = try? connection.accountName() else { return [] }
        return (try? JournalReconciler(database, account: account).leftQueued(in: snapshot)) ?? []
    }

    /// Says them on standard error.
    static func tell(_ snapshot: FleetSnapshot, _ connection: FleetConnection, _ environment: ProcessEnvironment) {
        for line in lines(in: snapshot, connection, environment) { StandardError().say(line) }
    }
}
