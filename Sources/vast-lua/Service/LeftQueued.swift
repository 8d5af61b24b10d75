import FleetStore
import VastAPI

/// What is told of starts that earlier runs have left queued, by what only reads.
enum LeftQueued {
    /// One line for each; empty when there are none, and when the state cannot say: that is no reason not to read.
    static func lines(in snapshot: FleetSnapshot, _ database: StateDatabase, account: String) -> [String] {
        guard database.exists else { return [] }
        return (try? JournalReconciler(database, account: account).leftQueued(in: snapshot)) ?? []
    }

    /// The same for a command without a state of its own.
    static func lines(in snapshot: FleetSnapshot, _ connection: FleetConnection, _ environment: ProcessEnvironment) -> [String] {
        guard let account = try? connection.accountName(), let directory = try? environment.stateDirectory else { return [] }
        return lines(in: snapshot, StateDatabase(directory: directory), account: account)
    }

    /// Says them on standard error.
    static func tell(_ snapshot: FleetSnapshot, _ connection: FleetConnection, _ environment: ProcessEnvironment) {
        for line in lines(in: snapshot, connection, environment) { StandardError().say(line) }
    }
}
