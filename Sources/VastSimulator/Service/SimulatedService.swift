#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
package import FleetClock
import Synchronization

/// The simulated service without HTTP: a request goes in, the answer comes out, at the virtual time of its clock.
///
/// A backtest uses it directly; ``SimulatorServer`` puts it on a loopback port.
package final class SimulatedService: Sendable {
    private let backend: Mutex<Backend>
    private let clock: any FleetClock
    private let requestClock: any FleetClock
    private let origin: Duration
    private let start: Date
    private let onRequest: (@Sendable (LoggedRequest) -> Void)?
    /// How many seconds of the world were over when this object was made.
    private let elapsedBefore: Double
    private let recorder: (@Sendable (RecordedRequest) -> Bool)?

    /// - Parameters:
    ///   - fleet: what there is at the beginning.
    ///   - clock: virtual time; a fast one lets the world run fast. With a past it shows the past's end when this is called.
    ///   - requestClock: the clock by which requests are limited and logged; the same one by default.
    ///   - onRequest: told of each request after it was answered, in their order only as far as they do not overlap; for a
    ///     log file, see ``LoggedRequest/line``.
    ///   - past: what became of the world before; it goes on from there.
    ///   - recorder: keeps each request before it is answered, for the past of a later service; where it says that it could not,
    ///     the request is refused.
    package init(
        _ fleet: Fleet, options: SimulatorOptions = SimulatorOptions(), clock: any FleetClock,
        requestClock: (any FleetClock)? = nil, onRequest: (@Sendable (LoggedRequest) -> Void)? = nil,
        past: WorldRecord? = nil, recorder: (@Sendable (RecordedRequest) -> Bool)? = nil
    ) {
        self.clock = clock
        self.onRequest = onRequest
        self.recorder = recorder
        self.requestClock = requestClock ?? clock
        start = past?.start ?? clock.now
        elapsedBefore = past?.end ?? 0
        origin = clock.uptime
        var backend = Backend(World(fleet, now: start, options: options), options)
        if let past { backend.replay(past.requests, since: start) }
        self.backend = Mutex(backend)
    }

    /// Answers one request; ``SimulatedResponse/delivery`` says how the answer shall travel.
    package func respond(to request: SimulatedRequest) -> SimulatedResponse {
        let (world, now) = (elapsed, requestClock.uptime)
        let time = requestClock.unixTime
        var (response, entry) = backend.withLock { backend -> (SimulatedResponse, LoggedRequest?) in
            guard recorder?(RecordedRequest(request, at: world)) ?? true else { return (SimulatedResponse.notRecorded, nil) }
            backend.world.advance(to: start.addingTimeInterval(world + backend.skipped))
            let response = backend.respond(to: request, now: now, at: time)
            return (response, backend.newest)
        }
        response.headers.append(("Date", requestClock.now.httpDateText))
        if let onRequest, let entry { onRequest(entry) }
        return response
    }

    /// The world as it is now.
    package var world: World {
        let elapsed = elapsed
        return backend.withLock { backend in
            backend.world.advance(to: start.addingTimeInterval(elapsed + backend.skipped))
            return backend.world
        }
    }

    /// Changes the world directly, as other renters, hosts and fate do.
    package func changeWorld<Result: Sendable>(_ body: @Sendable (inout World) -> Result) -> Result {
        let elapsed = elapsed
        return backend.withLock { backend in
            backend.world.advance(to: start.addingTimeInterval(elapsed + backend.skipped))
            return body(&backend.world)
        }
    }

    /// Lets so much virtual time pass at once.
    package func skip(_ length: Duration) {
        backend.withLock { $0.skipped += max(0, length.seconds) }
        _ = world
    }

    /// All requests that the log still holds, the oldest first; those to `/simulator/…` are not in it.
    package var log: [LoggedRequest] { backend.withLock { $0.log } }

    /// Forgets the log.
    package func clearLog() { backend.withLock { $0.log = [] } }

    /// How often each fault rule has struck, by its name.
    package var faultCounts: [String: Int] { backend.withLock { $0.faults.counts } }

    /// Replaces the plan of faults; counting begins anew.
    package func setFaults(_ plan: FaultPlan) { backend.withLock { $0.setFaults(plan) } }

    /// The address at which result files are found, once it is known.
    package func setBaseURL(_ url: String) { backend.withLock { $0.baseURL = url } }

    /// How many seconds of the world are over, without what was skipped.
    package var elapsed: Double { elapsedBefore + (clock.uptime - origin).seconds }
}

extension Backend {
    /// Lets requests of the past come again, each at its time.
    fileprivate mutating func replay(_ past: [RecordedRequest], since start: Date) {
        guard let key = options.keys.first(where: { $0.kind == .full })?.text else { return }
        for recorded in past {
            world.advance(to: start.addingTimeInterval(recorded.at + skipped))
            _ = respond(
                to: recorded.request(key: key), now: .seconds(recorded.at), at: start.timeIntervalSince1970 + recorded.at)
        }
        log = []
    }
}

extension SimulatedResponse {
    fileprivate static let notRecorded = failure(503, "not_recorded", "The simulated world cannot be written to its folder.")
}

/// One line of the request log.
package struct LoggedRequest: Sendable, Equatable {
    /// Unix seconds by the request clock.
    package let time: Double
    /// Seconds since an arbitrary origin, by the request clock; never jumps.
    package let uptime: Double
    /// In capitals.
    package let method: String
    /// Path and query.
    package let target: String
    /// The short name of the route.
    package let route: String
    /// The status that was meant to be sent.
    package let status: Int
    /// Length of the answer's body.
    package let bytes: Int
    /// The name of the fault rule that struck, if any.
    package let fault: String?
}
