import FleetClock
import Logging
import VastAPI
import VastSimulator

/// `--simulator`: a simulated service on a loopback port of this process, reached by real HTTP, with a clock that runs
/// fast for it, for the client and for the script alike.
final class EmbeddedSimulator: Sendable {
    private static let key = "simulator"

    /// The clock of everything in the run.
    let clock: ScaledClock
    private let speed: Double
    private let seed: UInt64
    private let server: SimulatorServer

    /// Reads the fleet; the server starts when the client is made.
    ///
    /// - Parameter path: the path of a fleet file; nil for the built-in fleet.
    /// - Throws: ``UsageError`` when the file cannot be read or is no fleet.
    init(fleet path: String?, speed: Double, seed: UInt64) throws(UsageError) {
        clock = ScaledClock(SystemClock(), factor: speed)
        (self.speed, self.seed) = (speed, seed)
        var options = SimulatorOptions()
        options.seed = seed
        options.keys = AccessKey.set(for: Self.key)
        server = SimulatorServer(
            SimulatedService(try Fleet.read(path, at: clock.now, seed: seed), options: options, clock: clock))
    }

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
        try? blocking { [server] in await server.stop() }
    }
}
