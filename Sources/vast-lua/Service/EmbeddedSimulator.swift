#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import FleetClock
import FleetStore
import Logging
import VastAPI
import VastSimulator

/// `--simulator`: a simulated service on a loopback port of this process, reached by real HTTP, with a clock that runs
/// fast for it, for the client and for the script alike.
final class EmbeddedSimulator: Sendable {
    private static let key = "simulator"

    /// The clock of everything in the run.
    let clock: ScaledClock
    /// Which fleet and which world it is.
    let choice: SimulatorChoice
    /// Where the world's state lies; nil when it ends with the run.
    let stateDirectory: String?
    private let speed: Double
    private let seed: UInt64
    private let server: SimulatorServer
    private let world: NamedWorld?

    /// Reads the fleet, and what has become of a world that has a name; the server starts when the client is made.
    ///
    /// - Parameter seed: that of the command line; nil: the world's own, or the usual one.
    /// - Throws: ``UsageError`` when the file cannot be read or is no fleet, or the world began otherwise; `WorldFolder.Held` when
    ///   another run is going on in the world; `StateError`.
    init(_ choice: SimulatorChoice, speed: Double, seed: UInt64?, _ environment: ProcessEnvironment) throws {
        let machine = SystemClock()
        stateDirectory = try choice.directory(environment)
        let world = try choice.world.map { name in
            let given = try choice.fleet.map { (path: $0, bytes: try Fleet.fileBytes($0)) }
            return try NamedWorld(name, in: try environment.stateDirectory, fleet: given, seed: seed, clock: machine)
        }
        (self.choice, self.speed, self.world) = (choice, speed, world)
        clock = ScaledClock(machine, factor: speed, start: world?.record.now)
        self.seed = world?.record.seed ?? seed ?? RunOptions.usualSeed
        var options = SimulatorOptions()
        options.seed = self.seed
        options.keys = AccessKey.set(for: Self.key)
        // A script may go on for months of it.
        options.logCapacity = 1000
        // What no record has would be lost.
        options.hasControl = world == nil
        let start = world?.record.start ?? clock.now
        let fleet = try Self.fleet(choice, of: world, at: start, seed: self.seed)
        let recorder = world.map { world in { @Sendable (request: RecordedRequest) in world.keep(request) } }
        server = SimulatorServer(
            SimulatedService(fleet, options: options, clock: clock, past: world?.record, recorder: recorder))
    }

    private static func fleet(_ choice: SimulatorChoice, of world: NamedWorld?, at start: Date, seed: UInt64) throws -> Fleet {
        guard let world else { return try Fleet.read(choice.fleet, at: start, seed: seed) }
        guard let bytes = world.fleet else { return .standard(at: start, seed: seed) }
        return try Fleet.read(bytes, from: choice.fleet ?? "the world's fleet", at: start, seed: seed)
    }

    /// A world that was begun before, for a command that goes on in it.
    ///
    /// - Throws: as the other one; ``UsageError`` also when nobody has begun it.
    convenience init(begun choice: SimulatorChoice, _ environment: ProcessEnvironment) throws {
        _ = try choice.begun(environment)
        try self.init(choice, speed: RunOptions().simulatorSpeed, seed: nil, environment)
    }

    /// Lets a later run in the same world begin where this one is now.
    func keepTime() { world?.keepTime(server.service.elapsed) }

    /// Starts the server and describes the client that reaches it.
    ///
    /// - Throws: ``VastError`` of kind `network` when no port could be had.
    func configuration(logger: Logger, isPaced: Bool) throws -> ClientConfiguration {
        let port: Int
        do {
            port = try blocking { [server] in try await server.start(port: 0) }
        } catch {
            throw VastError(.network, "the simulator cannot start: \(error)", cause: error)
        }
        var configuration = ClientConfiguration(
            url: try ServiceURL("http://127.0.0.1:\(port)"), key: try APIKey(Self.key), clock: clock, seed: seed)
        configuration.pacing = isPaced ? .documented : .unpaced
        // Work takes real time, which the fast clock counts many times over.
        configuration.patience = .seconds(max(300, 10 * speed))
        configuration.logger = logger
        return configuration
    }

    func stop() {
        keepTime()
        try? blocking { [server] in await server.stop() }
    }
}
