#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import FleetClock
internal import Synchronization
internal import VastJSON

/// A client of one account: sends requests, paced, repeated where that is safe, and understood.
///
/// Making one is cheap: no thread, connection or file before the first request. Errors are ``VastError``.
public final class VastClient: Sendable {
    /// How it behaves; a client keeps the configuration that it was made with.
    public let configuration: ClientConfiguration
    let pacer: Pacer
    private let transport: any HTTPTransport
    /// nil: nobody wants to know when requests take long.
    private let teller: WaitTeller?
    let state: Mutex<State>

    struct State {
        var budget = RetryBudget()
        var generator: SeededGenerator
        var intents = 0
        var clockOffset: Duration?
        var capabilities = Capabilities()
    }

    /// The `code` of the error about an address to which the key would go unencrypted, see ``ClientConfiguration/allowsInsecure``.
    public static let unencryptedCode = "unencrypted"

    /// - Throws: ``VastError`` of kind `invalid_argument` when the key would go over plain http to another machine.
    public init(_ configuration: ClientConfiguration) throws {
        let url = configuration.url
        guard url.scheme == "https" || url.isLoopback || configuration.allowsInsecure else {
            throw VastError(
                .invalidArgument, "the key would go to \(url) unencrypted; use https", code: Self.unencryptedCode)
        }
        self.configuration = configuration
        transport =
            configuration.transport
            ?? AsyncHTTPTransport(network: configuration.network, connectTimeout: min(.seconds(10), configuration.timeout))
        teller = configuration.onWait.map { WaitTeller(clock: configuration.clock, tell: $0) }
        let account = configuration.key.accountName(at: url)
        pacer = Pacer(
            clock: configuration.clock, pacing: configuration.pacing,
            file: configuration.pacingDirectory.map { PacingFile(directory: $0, name: account) },
            seed: configuration.seed ^ 0x5061_6365, logger: configuration.logger)
        state = Mutex(State(generator: SeededGenerator(seed: configuration.seed)))
    }

    /// Closes the connections; requests afterwards open new ones.
    public func shutdown() async { await transport.shutdown() }

    /// How far the service's clock is ahead of ours, by its last answer; nil before the first.
    public var clockOffset: Duration? { state.withLock { $0.clockOffset } }

    /// What this client has found out about the service.
    var capabilities: Capabilities {
        get { state.withLock { $0.capabilities } }
        set { state.withLock { $0.capabilities = newValue } }
    }

    /// Sends a request until it succeeds, is refused for good, or the configured patience ends.
    ///
    /// - Parameter note: handed to the observer with every intent.
    /// - Throws: ``VastError``; of kind `cancelled` when the task is cancelled. What the observer throws goes through.
    public func send(_ endpoint: Endpoint, note: (any ChangeNote)? = nil) async throws -> Answer {
        var progress = begin(endpoint)
        defer { progress.watch?.end(isSuccess: progress.hasSucceeded) }
        do {
            while true {
                try await waitForTurn(endpoint, &progress)
                // What was sent once is seen through.
                if progress.attempts == 0, endpoint.change != nil { try ListEnd.current?.check() }
                switch try await attempt(&progress, note) {
                case .success(let answer):
                    progress.hasSucceeded = true
                    return answer
                case .failure(let error): throw error
                case nil: continue
                }
            }
        } catch is CancellationError {
            throw VastError(
                .cancelled, "cancelled", request: endpoint.name, attempts: progress.attempts,
                effect: progress.hasLostAnswer && endpoint.change != nil ? .unknown : .none)
        }
    }

    private func begin(_ endpoint: Endpoint) -> RequestState {
        let (now, scope) = (configuration.clock.uptime, RequestScope.current)
        let patience = min(configuration.patience, scope.map { max(.zero, $0.deadline - now) } ?? configuration.patience)
        var progress = RequestState(endpoint, startedAt: now, patience: patience)
        progress.watch = teller.map { RequestWatch($0, request: endpoint.name, scope: scope) }
        return progress
    }

    /// Tells of something that is tried again, unless that was told already.
    func tell(_ problem: VastError, nextTry: Duration, atMost: Duration, of scope: RequestScope) {
        let notice = WaitNotice(
            purpose: scope.purpose, request: problem.request ?? "the request", problem: RequestWatch.words(problem),
            attempts: problem.attempts, nextTry: nextTry, atMost: atMost)
        if let teller {
            teller.tell(notice, of: scope)
        } else if scope.takeFirstNotice() {
            configuration.logger.warning("\(notice)")
        }
    }

    private func waitForTurn(_ endpoint: Endpoint, _ progress: inout RequestState) async throws {
        let begun = configuration.clock.uptime
        let scope = RequestScope.current
        progress.sentAt = try await pacer.take(endpoint.route) { [progress] wait in
            let now = configuration.clock.uptime
            if let scope, now + wait > scope.deadline { throw Self.lateTurn(endpoint, progress) }
            let atMost = scope.map { $0.deadline - now } ?? wait + progress.patience
            if progress.attempts == 0 { progress.watch?.noteTurn(in: wait, givenUpAfter: atMost) }
        }
        // Standing in line is not being refused: it does not count against patience, unless it is part of something with an end.
        if progress.attempts == 0, scope == nil { progress.startedAt += progress.sentAt - begun }
        progress.watch?.noteSending(givenUpAt: progress.deadline)
    }

    private static func lateTurn(_ endpoint: Endpoint, _ progress: RequestState) -> VastError {
        VastError(
            .rateLimited, "too many requests: its turn would come when the time for it is over", status: progress.lastStatus,
            request: endpoint.name, attempts: progress.attempts,
            effect: progress.hasLostAnswer && endpoint.change != nil ? .unknown : .none)
    }

    /// Sends once. Returns nil when it is to be sent again.
    private func attempt(_ progress: inout RequestState, _ note: (any ChangeNote)?) async throws -> Result<Answer, VastError>? {
        progress.attempts += 1
        let intent = try await announceOrRefuse(progress, note)
        let verdict: ResponseClassifier.Verdict
        do {
            let request = try request(progress)
            try Task.checkCancellation()
            if progress.firstSentAt == nil { progress.firstSentAt = configuration.clock.uptime }
            let response = try await transport.exchange(request)
            progress.lastStatus = response.status
            log(progress, "status \(response.status), \(response.body.count) bytes")
            noteDate(response)
            verdict = classify(response, progress)
            if case .tooFrequent = verdict {} else { pacer.accepted(progress.endpoint.route, sentAt: progress.sentAt) }
            if case .success(let json) = verdict {
                state.withLock { $0.budget.succeeded() }
                await report(intent, .accepted)
                return .success(answer(response, json, progress))
            }
        } catch let failure as TransportError {
            log(progress, "\(failure.kind): \(failure.detail)")
            return try await handle(failure, &progress, intent)
        } catch {
            await report(intent, .failed(cancelled(progress)))
            throw error
        }
        return try await handle(verdict, &progress, intent)
    }

    private func handle(
        _ verdict: ResponseClassifier.Verdict, _ progress: inout RequestState, _ intent: ChangeIntent?
    ) async throws -> Result<Answer, VastError>? {
        switch verdict {
        case .success: return nil
        case .redirect(let place, let status):
            guard let failure = follow(place, status, &progress) else {
                await report(intent, .failed(VastError(.server, "redirected", request: progress.endpoint.name)))
                return nil
            }
            return try await handle(.failure(failure, isTransient: true), &progress, intent)
        case .tooFrequent(let notice, let error):
            await report(intent, .failed(error))
            let wait = pacer.refused(progress.endpoint.route, notice)
            let elapsed = configuration.clock.uptime - progress.startedAt
            let decision = RetryPolicy(patience: progress.patience)
                .afterRefusal(wait: wait, isDailyQuota: notice.isDailyQuota, elapsed: elapsed)
            if decision == .giveUp { return .failure(final(error, progress)) }
            progress.watch?.note(error, nextTry: configuration.clock.uptime + wait)
            return nil
        case .failure(let error, let isTransient):
            await report(intent, .failed(error))
            if error.effect == .unknown { progress.hasLostAnswer = true }
            let mayRepeat = isTransient && (progress.endpoint.repetition != .never || error.effect == .none)
            return try await repeatOrFail(error, mayRepeat: mayRepeat, &progress)
        }
    }

    private func handle(
        _ failure: TransportError, _ progress: inout RequestState, _ intent: ChangeIntent?
    ) async throws -> Result<Answer, VastError>? {
        let error = VastError(failure, endpoint: progress.endpoint, url: configuration.url)
        await report(intent, .failed(error))
        if !failure.wasNotSent { progress.hasLostAnswer = true }
        let isHopeless = [.unknownHost, .insecure, .tooLarge, .misconfigured, .invalidRequest].contains(failure.kind)
        let mayRepeat = !isHopeless && (failure.wasNotSent || progress.endpoint.repetition != .never)
        return try await repeatOrFail(error, mayRepeat: mayRepeat, &progress)
    }

    private func repeatOrFail(
        _ error: VastError, mayRepeat: Bool, _ progress: inout RequestState
    ) async throws -> Result<Answer, VastError>? {
        progress.failures += 1
        let elapsed = configuration.clock.uptime - progress.startedAt
        let decision = state.withLock { [progress] state in
            let decision = RetryPolicy(patience: progress.patience).afterFailure(
                failures: progress.failures, mayRepeat: mayRepeat, asked: error.retryAfter, elapsed: elapsed,
                using: &state.generator)
            if decision != .giveUp, !state.budget.spend() { return RetryPolicy.Decision.giveUp }
            return decision
        }
        guard case .retry(let wait) = decision else { return .failure(final(error, progress)) }
        configuration.logger.debug("\(progress.endpoint.name): again in \(wait)")
        progress.watch?.note(error, nextTry: configuration.clock.uptime + wait)
        try await configuration.clock.sleep(for: wait)
        return nil
    }

    private func final(_ error: VastError, _ progress: RequestState) -> VastError {
        var error = error
        error.attempts = progress.attempts
        error.firstSentAt = progress.firstSentAt
        if progress.hasLostAnswer, progress.endpoint.change != nil { error.effect = .unknown }
        return error
    }

    private func cancelled(_ progress: RequestState) -> VastError {
        VastError(
            .cancelled, "cancelled", request: progress.endpoint.name, attempts: progress.attempts,
            effect: progress.hasLostAnswer && progress.endpoint.change != nil ? .unknown : .none)
    }
}
