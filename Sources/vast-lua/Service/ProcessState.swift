import FleetClock
import FleetSafety
import FleetStore
import Synchronization
import VastAPI

/// What a process keeps across its Lua states, and beyond itself: the journal, the freeze, and the books of what it knows and
/// has changed.
final class ProcessState: Sendable {
    /// The run that the journal speaks of.
    let run: RunInfo
    let books = ChainBooks()
    /// The simulated world that it is about; nil for the real fleet.
    let world: SimulatorChoice?
    /// nil in a simulated world without a name, whose state ends with the run.
    let database: StateDatabase?
    let freeze: FreezeFile?
    private let clock: any FleetClock
    private let made = Mutex<Journal?>(nil)

    /// - Parameter directory: where the state lies; nil: nowhere.
    init(run: RunInfo, directory: String?, world: SimulatorChoice? = nil, clock: any FleetClock) {
        self.run = run
        self.world = world
        self.clock = clock
        database = directory.map { StateDatabase(directory: $0) }
        freeze = directory.map { FreezeFile(directory: $0, remedy: Freeze.usualRemedy + (world?.option ?? "")) }
    }

    /// The journal, once there is an account to write about.
    var journal: Journal? { made.withLock { $0 } }

    /// Makes the journal when it is first needed.
    func journal(for account: String) -> Journal? {
        guard let database else { return nil }
        return made.withLock { made in
            if let made { return made }
            let journal = Journal(database, run: run, account: account, freeze: freeze, clock: clock)
            made = journal
            return journal
        }
    }

    /// What is told of every change of an account.
    func observer(for account: String) -> any ExchangeObserver {
        ChangeObserver(ledger: books.ledger, journal: journal(for: account), clock: clock)
    }

    /// Notes how the run has ended.
    ///
    /// - Returns: what could not be noted, for a warning; nil when all is well.
    func end(_ code: ExitCode) -> String? {
        guard let journal else { return nil }
        do { try journal.end(exitCode: Int(code.rawValue)) } catch { return "the journal could not be completed: \(error)" }
        return journal.problem.map { "the journal is not complete: \($0)" }
    }
}
