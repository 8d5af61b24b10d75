import FleetClock
import FleetSafety
import FleetStore
import VastAPI

/// Reads the fleet for a command that changes nothing, with what earlier readings, earlier changes and the account's audit
/// log say of it, as a script would see it.
struct FleetReader {
    let connection: FleetConnection
    let environment: ProcessEnvironment
    let clock: any FleetClock
    /// Whether a simulated service is read, of which the configuration says nothing.
    var isSimulated = false
    /// Where the state of that fleet lies; nil: nowhere.
    let stateDirectory: String?

    /// The whole fleet; starts that earlier runs have left queued are told of on standard error.
    ///
    /// - Throws: ``VastError``, and what is wrong with the configuration file.
    func read() throws -> FleetSnapshot {
        let service = try service()
        let snapshot = try blocking { try await service.list(.all) }
        if let stateDirectory { LeftQueued.tell(snapshot, connection, stateDirectory) }
        return snapshot
    }

    /// What reads the fleet, as often as it is asked.
    ///
    /// - Throws: ``VastError``, and what is wrong with the configuration file.
    func service() throws -> GuardMiddleware {
        let client = try connection.client()
        let account = isSimulated ? nil : try ConfigFile.read(environment).account
        return GuardMiddleware(
            AccountChecked(VastService(client: client), only: account), books: ChainBooks(), clock: clock, settings: try settings())
    }

    private func settings() throws -> GuardMiddleware.Settings {
        var settings = GuardMiddleware.Settings()
        guard let stateDirectory else { return settings }
        let database = StateDatabase(directory: stateDirectory)
        if database.exists { settings.remember(by: database, account: try connection.accountName()) }
        return settings
    }
}
