import FleetClock
import Logging
import Synchronization
import FleetStore
import VastAPI
import VastLua

/// Makes what a run talks to, the real service or the embedded simulator, when it is first needed.
final class FleetConnection: Sendable {
    /// Where the key comes from, the address, and the rest of what a client needs.
    struct Settings: Sendable {
        var environment: ProcessEnvironment
        /// Another address than the environment's.
        var url: String?
        var isPaced = true
        var isInsecure = false
        var clock: any FleetClock
        var logger: Logger
        /// For jitter.
        var seed: UInt64
        /// How long one request is repeated; nil: as the client has it.
        var patience: Duration?
        /// Is told once when the service keeps everything waiting for longer than a few seconds; nil: nobody is.
        var onWait: (@Sendable (WaitNotice) -> Void)? = { StandardError().say("\($0)") }
        /// Makes what is told of every change of an account.
        var observer: @Sendable (_ account: String) -> (any ExchangeObserver)? = { _ in nil }
    }

    private struct State {
        var client: VastClient?
        /// The key that counts, once that is known.
        var key: APIKey?
        var lacksKey = false
    }

    private let settings: Settings
    private let simulator: EmbeddedSimulator?
    private let state = Mutex(State())

    init(_ settings: Settings, simulator: EmbeddedSimulator? = nil) {
        self.settings = settings
        self.simulator = simulator
    }

    /// The proxies and certificates for everything that is reached.
    var network: NetworkSettings { settings.environment.network }

    /// Whether a key was wanted and not found.
    var lacksKey: Bool { state.withLock { $0.lacksKey } }

    /// The client; made by the first call. Blocks while the simulator starts.
    ///
    /// - Throws: ``VastError``.
    func client() throws -> VastClient {
        if let client = state.withLock({ $0.client }) { return client }
        var configuration = try configuration()
        configuration.observer = settings.observer(try accountName())
        if let problem = pacingProblem {
            settings.logger.warning("the pace of requests is shared only with runs that have the same state: \(problem)")
        }
        let client = try Self.client(configuration)
        state.withLock { $0.client = client }
        return client
    }

    private static func client(_ configuration: ClientConfiguration) throws -> VastClient {
        do {
            return try VastClient(configuration)
        } catch var error as VastError where error.code == VastClient.unencryptedCode {
            error.hint = "to allow   --insecure"
            throw error
        }
    }

    /// Where the requests go.
    ///
    /// - Throws: ``VastError`` of kind `invalid_argument` when it is no address.
    func url() throws -> ServiceURL {
        guard let text = settings.url ?? settings.environment["VAST_URL"] else { return .vast }
        return try ServiceURL(text)
    }

    private func configuration() throws -> ClientConfiguration {
        if let simulator { return try simulator.configuration(logger: settings.logger, isPaced: settings.isPaced) }
        var configuration = try configuration(with: try key())
        configuration.pacingDirectory = try pacingPlace.path
        return configuration
    }

    /// Without what is shared with other processes.
    private func configuration(with key: APIKey) throws -> ClientConfiguration {
        var configuration = ClientConfiguration(url: try url(), key: key, clock: settings.clock, seed: settings.seed)
        configuration.pacing = settings.isPaced ? .documented : .unpaced
        configuration.allowsInsecure = settings.isInsecure
        configuration.network = settings.environment.network
        configuration.logger = settings.logger
        configuration.onWait = settings.onWait
        if let patience = settings.patience { configuration.patience = patience }
        configuration.userAgent = "vast-lua/\(Runtime.version)"
        return configuration
    }

    private var pacingPlace: (path: String, problem: String?) {
        get throws(StateError) { ClientConfiguration.pacingDirectory(state: try settings.environment.stateDirectory) }
    }

    /// Why not all processes of the user share the pace of their requests; nil when they do.
    var pacingProblem: String? { simulator == nil && settings.isPaced ? (try? pacingPlace)?.problem : nil }

    /// What keeps the accounts apart in the state: the host, and a hash of host and key; the world's name for simulators.
    ///
    /// - Throws: ``VastError``: no key, or no usable address.
    func accountName() throws -> String {
        if let simulator { return simulator.choice.account }
        let url = try url()
        return try key().accountName(at: url)
    }

    /// The key, as the official client looks for it. Blocks while it asks whether a session still holds.
    func key() throws -> APIKey {
        if let key = state.withLock({ $0.key }) { return key }
        let found: APIKey
        do {
            found = try APIKey.find(environment: settings.environment.values, home: settings.environment.home)
        } catch {
            state.withLock { $0.lacksKey = true }
            throw error
        }
        let chosen = try SessionKeys(settings.environment, logger: settings.logger, user: user).chosen(of: found)
        state.withLock { $0.key = chosen }
        return chosen
    }

    /// How long it is asked whose a key is.
    private static let patienceForUser = Duration.seconds(10)

    private func user(of key: APIKey) throws -> User {
        var configuration = try configuration(with: key)
        configuration.patience = Self.patienceForUser
        let client = try Self.client(configuration)
        defer { try? blocking { await client.shutdown() } }
        return try blocking { try await client.user() }
    }

    /// Closes connections and ends the simulator; for a process that goes on, as tests and commands do.
    func close() {
        guard let client = state.withLock({ $0.client }) else { return }
        try? blocking { await client.shutdown() }
        simulator?.stop()
    }
}
