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
    static func lines(in snapshot: FleetSnapshot, _ connection: FleetConnection, in directory: String) -> [String] {
        guard let account = try? connection.accountName() else { return [] }
        return lines(in: snapshot, StateDatabase(directory: directory), account: account)
    }

    /// Says them on standard error.
    static func tell(_ snapshot: FleetSnapshot, _ connection: FleetConnection, _ directory: String) {
        for line in lines(in: snapshot, connection, in: directory) { StandardError().say(line) }
    }
}
