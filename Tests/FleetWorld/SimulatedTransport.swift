package import FleetClock
internal import Synchronization
package import VastAPI
package import VastSimulator

/// Carries the requests of a client to a simulated service in the same process, in virtual time.
///
/// An exchange takes as long as the seed says, a part of it on the way there. It ends with `CancellationError` as soon as
/// its task is cancelled, as over the network, whether the service has acted or not. Everything is written down.
package final class SimulatedTransport: HTTPTransport {
    struct State {
        var plan = ExchangePlan()
        var exchanges = 0
        var isUnauthorized = false
        var lines: [String] = []
        var changes: [WorldChange] = []
        var records: [ExchangeRecord] = []
        var rewrite: Rewriting?
    }

    /// Makes another answer of what the service says.
    package typealias Rewriting = @Sendable (HTTPRequest, HTTPResponse) -> HTTPResponse

    let service: SimulatedService
    let clock: any FleetClock
    let state = Mutex(State())
    /// Held while the service acts on a request that changes something.
    let acting = Mutex(())
    /// What everything asynchronous of the world runs on.
    let executor: OrderedExecutor
    private let seed: UInt64
    private let latency: ClosedRange<Double>
    private let origin: Duration

    /// - Parameters:
    ///   - seed: for the latencies.
    ///   - latency: how long an exchange takes, in seconds.
    package init(
        _ service: SimulatedService, clock: any FleetClock, seed: UInt64, latency: ClosedRange<Double> = 0.02...0.4
    ) {
        (self.service, self.clock, self.seed, self.latency) = (service, clock, seed, latency)
        origin = clock.uptime
        executor = OrderedExecutor(clock)
    }

    /// What happens to which exchange.
    package var plan: ExchangePlan {
        get { state.withLock { $0.plan } }
        set { state.withLock { $0.plan = newValue } }
    }

    /// Changes every answer of the service on its way; nil: none.
    package var rewrite: Rewriting? {
        get { state.withLock { $0.rewrite } }
        set { state.withLock { $0.rewrite = newValue } }
    }

    /// Nothing goes wrong any more, and a key that was lost is known again.
    package func heal() { state.withLock { ($0.plan, $0.isUnauthorized) = (ExchangePlan(), false) } }

    /// What each exchange asked, in the order of their numbers from 1.
    package var records: [ExchangeRecord] { state.withLock { $0.records } }

    /// How many exchanges were begun.
    package var count: Int { state.withLock { $0.exchanges } }

    /// One line for each exchange that has ended: when it began, its number, method, path, body and fault, how it ended,
    /// and when.
    package var trace: [String] { state.withLock { $0.lines } }

    /// What the requests have really changed, in its order.
    package var changes: [WorldChange] { state.withLock { $0.changes } }

    /// Virtual time since the transport was made.
    var elapsed: Duration { clock.uptime - origin }

    package func shutdown() async {}

    package func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.runsToItsEnd else { return try await begin(request) }
        return try await Task(executorPreference: executor) { [self] in try await begin(request) }.value
    }

    private func begin(_ request: HTTPRequest) async throws -> HTTPResponse {
        let (number, fault) = state.withLock { state in
            state.exchanges += 1
            let fault = state.isUnauthorized ? .unauthorizedFromHere : state.plan.faults[state.exchanges]
            if fault == .unauthorizedFromHere { state.isUnauthorized = true }
            state.records.append(ExchangeRecord(state.exchanges, request, fault))
            return (state.exchanges, fault)
        }
        let line = ExchangeLine(number: number, began: elapsed, request: request)
        let outcome: Result<HTTPResponse, TransportError>
        do {
            let response = try await carry(request, number, fault)
            note(line, "\(response.status), \(response.body.count) bytes, \(TraceHash.of(response.body))", fault)
            outcome = .success(response)
        } catch let error as TransportError where !Task.isCancelled {
            note(line, error.detail, fault)
            outcome = .failure(error)
        } catch {
            note(line, Task.isCancelled ? "cancelled" : "\(error)", fault)
            throw Task.isCancelled ? CancellationError() : error
        }
        try await act(.after, number)
        return try outcome.get()
    }

    /// How long an exchange takes, and how much of that its way there.
    func latency(of number: Int) -> (whole: Duration, there: Duration) {
        var dice = SeededGenerator(seed: seed ^ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        let whole = Double.random(in: latency, using: &dice)
        return (.seconds(whole), .seconds(whole * Double.random(in: 0.2...0.8, using: &dice)))
    }

    /// Does what is planned for a moment. What that has set in motion, such as the cancellation of this exchange, is
    /// through when it returns.
    func act(_ moment: ExchangeMoment, _ number: Int) async throws {
        let actions = state.withLock { $0.plan.actions(moment, number) }
        guard !actions.isEmpty else { return }
        for action in actions { action() }
        try await clock.sleep(for: .microseconds(1))
    }

    private func note(_ line: ExchangeLine, _ outcome: String, _ fault: ExchangeFault?) {
        let text = line.text(outcome, ended: elapsed, fault: fault)
        state.withLock { $0.lines.append(text) }
    }
}
