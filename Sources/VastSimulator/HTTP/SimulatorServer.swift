package import FleetClock
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A ``SimulatedService`` on a loopback port, over HTTP.
///
/// Making one costs nothing: threads and sockets come with ``start(port:)``.
package final class SimulatorServer: Sendable {
    private enum State: Sendable {
        case idle
        case running(Task<Void, any Error>)
    }

    /// The server is running already, or its port could not be had.
    package enum Failure: Error, CustomStringConvertible {
        case alreadyRunning
        case cannotListen(port: Int, reason: String)

        package var description: String {
            switch self {
            case .alreadyRunning: "the simulator is running already"
            case .cannotListen(let port, let reason): "the simulator cannot listen on 127.0.0.1:\(port): \(reason)"
            }
        }
    }

    /// What answers.
    package let service: SimulatedService
    private let clock: any FleetClock
    private let state = Mutex(State.idle)

    /// - Parameters:
    ///   - service: what answers.
    ///   - clock: the clock by which answers are held back; the machine's own by default.
    package init(_ service: SimulatedService, clock: any FleetClock = SystemClock()) {
        self.service = service
        self.clock = clock
    }

    deinit {
        if case .running(let task) = state.withLock({ $0 }) { task.cancel() }
    }

    /// Listens on 127.0.0.1 and answers until ``stop()``.
    ///
    /// - Parameter port: 0 for any free one.
    /// - Returns: the port.
    /// - Throws: ``Failure``.
    package func start(port: Int = 0) async throws -> Int {
        let (ports, found) = AsyncThrowingStream.makeStream(of: Int.self)
        let server = makeServer(port: port) { found.yield($0) }
        let task = Task {
            do {
                try await server.run()
                found.finish()
            } catch {
                found.finish(throwing: error)
                throw error
            }
        }
        let isFirst = state.withLock { state -> Bool in
            guard case .idle = state else { return false }
            state = .running(task)
            return true
        }
        guard isFirst else {
            task.cancel()
            throw Failure.alreadyRunning
        }
        do {
            for try await bound in ports {
                service.setBaseURL("http://127.0.0.1:\(bound)")
                return bound
            }
        } catch {
            state.withLock { $0 = .idle }
            throw Failure.cannotListen(port: port, reason: "\(error)")
        }
        throw Failure.cannotListen(port: port, reason: "it was stopped")
    }

    /// Closes all connections and returns when nothing of the server is left; may be called again.
    package func stop() async {
        let running = state.withLock { state -> Task<Void, any Error>? in
            guard case .running(let task) = state else { return nil }
            state = .idle
            return task
        }
        running?.cancel()
        _ = await running?.result
    }

    /// Returns when the server has ended: by ``stop()``, or because the current task was cancelled.
    package func wait() async {
        guard case .running(let task) = state.withLock({ $0 }) else { return }
        await withTaskCancellationHandler {
            _ = await task.result
        } onCancel: {
            task.cancel()
        }
    }

    private func makeServer(
        port: Int, onBound: @escaping @Sendable (Int) -> Void
    ) -> Server<HTTP1Channel> {
        var logger = Logger(label: "simulator")
        logger.logLevel = .critical
        let (service, clock) = (service, clock)
        return Server(
            childChannelSetup: HTTP1Channel { request, writer, channel in
                try await Exchange(request, channel: channel, clock: clock).answer(with: service, writer)
            },
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in onBound(channel.localAddress?.port ?? port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    }
}
