package import FleetClock
internal import SQLite
internal import Synchronization
import VastModels

/// Writes down every change of one run: its intent on the disk before the request leaves, its outcome after, and when
/// the fleet showed it. Without an intent on the disk nothing is sent.
///
/// Neither keys nor bodies come here: of a request its name is kept, and of a change the verb, the ids and the label.
/// A run that changes nothing leaves no trace.
package final class Journal: Sendable {
    struct State {
        var account: String
        /// The row of this run; nil before the first change.
        var run: Int64?
        var lease: RunLease?
        /// What keeps a second run of the script away.
        var lock: RunLock?
        /// The rows of the exchanges under way.
        var exchanges: [IntentKey: Int64] = [:]
        /// What was found satisfied and is not written yet.
        var satisfied: [(change: Change, note: CallNote)] = []
        /// The calls whose instances are all written down.
        var reserved: Set<Int> = []
        /// What could not be noted after the fact.
        var problem: (any Error)?
    }

    struct IntentKey: Hashable {
        let number: Int
        let request: String
    }

    /// Where it is written.
    package let database: StateDatabase
    /// The run that is written down.
    package let run: RunInfo
    let freeze: FreezeFile?
    /// Whose time stands in the rows.
    package let clock: any FleetClock
    let state: Mutex<State>

    /// - Parameters:
    ///   - account: whose fleet it is; may be said more exactly later with ``use(account:)``.
    ///   - freeze: asked before each single request.
    package init(
        _ database: StateDatabase, run: RunInfo, account: String, freeze: FreezeFile? = nil, clock: any FleetClock
    ) {
        self.database = database
        self.run = run
        self.freeze = freeze
        self.clock = clock
        state = Mutex(State(account: account))
    }

    /// Whose fleet it is, for what is written from now on.
    package func use(account: String) {
        state.withLock { $0.account = account }
    }

    /// From now on nothing is sent when that lock is taken away from this run.
    package func hold(_ lock: RunLock) {
        state.withLock { $0.lock = lock }
    }

    /// The row of this run; nil before its first change.
    package var runNumber: Int64? { state.withLock { $0.run } }

    /// Whether this run has written anything.
    package var isEmpty: Bool { state.withLock { $0.run == nil } }

    /// The last failure to note an outcome or a confirmation, to be reported: the change itself was made.
    package var problem: (any Error)? { state.withLock { $0.problem } }

    /// Lets go of what shows that this run lives, as the death of the process does; for tests.
    func die() {
        state.withLock { $0.lease = nil }
    }

    /// Notes that the run has ended. A run without changes leaves nothing.
    ///
    /// - Throws: ``StateError``.
    package func end(exitCode: Int) throws {
        let (account, run, lease, satisfied) = state.withLock { ($0.account, $0.run, $0.lease, $0.satisfied) }
        guard let run else { return }
        try database.write("end of run") { database in
            let writer = IntentWriter(database: database, account: account, time: clock.unixTime)
            for entry in satisfied { try writer.insertSatisfied(entry.change, entry.note, run: run) }
            try writer.closeReservations(run)
            try database.execute(
                sql: "UPDATE run SET ended = ?, exit_code = ? WHERE number = ?", arguments: [clock.unixTime, exitCode, run])
        }
        lease?.end()
        state.withLock { state in
            state.lease = nil
            state.satisfied = []
        }
    }
}
