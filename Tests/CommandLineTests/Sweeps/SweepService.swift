import FleetClock
import Foundation
import Synchronization
import VastAPI
import VastSimulator

/// A simulated service of this process that tells what has reached it, and lets a test act at a request that is counted.
///
/// Its world moves at once: a stop that is accepted is over at the next request.
final class SweepService: Sendable {
    /// What a test does at a request: it has been carried out and counted, and its answer has not left yet.
    typealias Hook = @Sendable (_ number: Int, _ service: SweepService) -> Void

    private struct Seen {
        var count = 0
        var changes: [LoggedRequest] = []
        /// The instances that were wanted on after some request.
        var wantedOn: Set<InstanceID> = []
        var service: SweepService?
    }

    private let server: SimulatorServer
    private let seen: Box

    /// What the service's own hook writes into, which is there before the service.
    private final class Box: Sendable { let state = Mutex(Seen()) }

    private init(_ fleet: Fleet, faults: FaultPlan, hook: @escaping Hook) {
        var options = SimulatorOptions()
        options.timing = .immediate
        options.behaviour.queuedStart = .waits
        options.faults = faults
        let (clock, box) = (SystemClock(), Box())
        seen = box
        let service = SimulatedService(fleet, options: options, clock: clock) { entry in
            let (number, service) = box.state.withLock { state in
                state.count += 1
                if entry.method == "PUT" || entry.method == "DELETE" { state.changes.append(entry) }
                return (state.count, state.service)
            }
            guard let service else { return }
            let wanted = service.wantedOnNow
            box.state.withLock { $0.wantedOn.formUnion(wanted) }
            hook(number, service)
        }
        server = SimulatorServer(service)
    }

    /// Runs `body` with a service on a loopback port.
    static func serving<Result>(
        _ fleet: Fleet, faults: FaultPlan = FaultPlan(), hook: @escaping Hook = { _, _ in },
        _ body: (_ service: SweepService, _ url: String) async throws -> Result
    ) async throws -> Result {
        let service = SweepService(fleet, faults: faults, hook: hook)
        service.seen.state.withLock { $0.service = service }
        let port = try await service.server.start(port: 0)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(service, "http://127.0.0.1:\(port)")) } catch { result = .failure(error) }
        service.seen.state.withLock { $0.service = nil }
        await service.server.stop()
        return try result.get()
    }

    // MARK: what it has seen

    /// How many requests it has answered, reads included.
    var count: Int { seen.state.withLock { $0.count } }

    /// The changing requests that have reached it, carried out or not.
    var changes: [LoggedRequest] { seen.state.withLock { $0.changes } }

    /// The instances that were wanted on at some moment.
    var everWantedOn: Set<InstanceID> { seen.state.withLock { $0.wantedOn } }

    /// The instances that a request of a route has been carried out for, as its path names them.
    func carriedOut(_ route: String) -> [InstanceID] {
        changes.filter { $0.route == route && $0.status == 200 }
            .compactMap { $0.target.split(separator: "/").last.flatMap { Int64($0) }.map { InstanceID($0) } }
    }

    // MARK: the world

    private func ids(_ isIncluded: (SimulatedInstance) -> Bool) -> Set<InstanceID> {
        Set(server.service.world.instances.values.filter(isIncluded).map { InstanceID($0.id) })
    }

    private var wantedOnNow: Set<InstanceID> { ids { $0.status.intended == "running" } }

    /// The instances that are wanted off now.
    var stopped: Set<InstanceID> { ids { $0.status.intended == "stopped" } }
    /// The instances that are on now.
    var running: Set<InstanceID> { ids { $0.status.intended == "running" && $0.status.current == "running" } }
    /// The instances that start, and bill, as soon as somebody else gives their GPUs back.
    var queued: Set<InstanceID> { ids { $0.status.intended == "running" && $0.status.current == "stopped" } }

    func labelled(_ label: String) -> Set<InstanceID> { ids { $0.label == label } }

    /// Lets somebody else ask for an instance to be started.
    func start(_ id: InstanceID) { server.service.changeWorld { _ = $0.start(id.rawValue) } }

    /// Lets the other renter of an instance's machine give its GPUs back, so that a queued start of it comes about.
    func free(_ id: InstanceID) {
        server.service.changeWorld {
            $0.changeMachine(id.rawValue) { $0.takenByOthers = 0 }
            _ = $0.start(id.rawValue)
        }
    }

    /// Lets somebody else ask for an instance to be stopped.
    func stop(_ id: InstanceID) { server.service.changeWorld { _ = $0.stop(id.rawValue) } }
}
