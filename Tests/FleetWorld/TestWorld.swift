#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
package import FleetClock
package import FleetStore
internal import Synchronization
package import VastAPI
package import VastSimulator

/// A whole world from one seed, in one process and on virtual time: a random fleet, the service, the client, the chain of
/// a change, the journal on files that can fail, and Lua.
///
/// Scripts run in it one after the other, each with a client, a chain and a journal of its own, as processes would.
package final class TestWorld: Sendable {
    package struct Options: Sendable {
        /// How many instances; nil: the seed decides.
        package var fleetSize: Int?
        package var pacing = ClientConfiguration.Pacing.documented
        /// How long an exchange takes, in seconds.
        package var latency = 0.02...0.4
        package var timeout = Duration.seconds(60)
        package var patience = Duration.seconds(300)
        /// What the service does; the seed is the world's.
        package var simulator = SimulatorOptions()
        /// Whether the service refuses what comes too fast.
        package var limitsRate = false
        /// Changes the fleet that was drawn, or replaces it.
        package var fleet: (@Sendable (inout Fleet) -> Void)?

        package init() {}
    }

    struct State {
        var runs = 0
        var messages: [String] = []
        var interrupt: (@Sendable () -> Void)?
    }

    package let seed: UInt64
    package let options: Options
    package let clock: VirtualClock
    package let service: SimulatedService
    package let transport: SimulatedTransport
    /// What the database lies on.
    package let files: FaultyFiles
    package let freeze: FreezeFile
    /// The ids of the fleet at the beginning.
    package let ids: [Int64]
    let folder: TemporaryFolder
    let state = Mutex(State())
    let origin: Duration

    static let key = "simulator"
    /// The date at which every world begins.
    package static let start = Date(timeIntervalSince1970: 1_795_000_000)

    /// - Throws: what making a folder throws.
    package init(seed: UInt64, options: Options = Options()) throws {
        (self.seed, self.options) = (seed, options)
        clock = VirtualClock(start: Self.start, mode: .jumping)
        origin = clock.uptime
        var fleet = RandomFleet.fleet(seed: seed, size: options.fleetSize, at: clock.now)
        options.fleet?(&fleet)
        ids = fleet.instances.map(\.id)
        var simulator = options.simulator
        simulator.seed = seed
        if options.limitsRate { simulator.rateLimits.isEnabled = true }
        service = SimulatedService(fleet, options: simulator, clock: clock)
        transport = SimulatedTransport(service, clock: clock, seed: seed ^ 0x6E65_7400, latency: options.latency)
        files = try FaultyFiles()
        folder = try TemporaryFolder()
        freeze = FreezeFile(directory: folder.path)
    }

    /// Where the state lies.
    package var statePath: String { folder.path }

    /// The database as another process opens it, on files that do not fail.
    package func soundDatabase() -> StateDatabase { StateDatabase(directory: folder.path) }

    /// Ends the script that runs now, as a signal does; for an action of an ``ExchangePlan``.
    package func interrupt() { state.withLock { $0.interrupt }?() }

    /// A client of this world.
    package func client(_ observer: (any ExchangeObserver)? = nil) throws -> VastClient {
        var configuration = ClientConfiguration(key: try APIKey(Self.key), clock: clock, seed: seed)
        configuration.transport = transport
        configuration.observer = observer
        configuration.pacing = options.pacing
        configuration.timeout = options.timeout
        configuration.patience = options.patience
        return try VastClient(configuration)
    }

    func tell(_ message: String) {
        let text = "\((clock.uptime - origin).seconds) \(anonymous(message))"
        state.withLock { $0.messages.append(text) }
    }

    /// A text without the path of the folder.
    func anonymous(_ text: String) -> String { text.replacing(folder.path, with: "STATE") }
}
