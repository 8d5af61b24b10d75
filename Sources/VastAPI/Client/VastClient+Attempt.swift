#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import FleetClock
internal import Synchronization
internal import VastJSON

/// The parts of an attempt to send a request.
extension VastClient {
    func request(_ progress: RequestState) throws -> HTTPRequest {
        let endpoint = progress.endpoint
        var headers = [
            (name: "Authorization", value: "Bearer \(configuration.key.secret)"),
            (name: "User-Agent", value: configuration.userAgent), (name: "Accept", value: "application/json")
        ]
        // The official client sends `{}` even when there is nothing to say.
        let body = endpoint.method == .get ? endpoint.body : endpoint.body ?? [:]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        let bytes: [UInt8]?
        do {
            bytes = try body?.serialized()
        } catch {
            throw VastError(.invalidArgument, "the body cannot be written as JSON: \(error)", request: endpoint.name)
        }
        let base = configuration.url
        let url = progress.location.map { base.origin + $0.target } ?? base.description + endpoint.target
        var request = HTTPRequest(
            endpoint.method, url, headers: headers, body: bytes, timeout: timeout(progress),
            bodyLimit: configuration.bodyLimit)
        request.runsToItsEnd = endpoint.change != nil
        return request
    }

    /// How long the answer may take. What only reads is not waited for longer than the request is repeated.
    private func timeout(_ progress: RequestState) -> Duration {
        guard progress.endpoint.repetition == .read || RequestScope.current != nil else { return configuration.timeout }
        return min(configuration.timeout, max(.seconds(1), progress.deadline - configuration.clock.uptime))
    }

    func classify(_ response: HTTPResponse, _ progress: RequestState) -> ResponseClassifier.Verdict {
        ResponseClassifier(endpoint: progress.endpoint, key: configuration.key, now: configuration.clock.now)
            .classify(response)
    }

    func answer(_ response: HTTPResponse, _ json: JSON?, _ progress: RequestState) -> Answer {
        Answer(
            status: response.status, json: json, body: response.body,
            attempts: progress.attempts, followsLostAnswer: progress.hasLostAnswer)
    }

    func noteDate(_ response: HTTPResponse) {
        guard let date = response.header("Date").flatMap(HTTPDate.parse) else { return }
        let offset = Duration.seconds(date.timeIntervalSince(configuration.clock.now))
        state.withLock { $0.clockOffset = offset }
    }

    /// What keeps a repetition from leaving does not undo that the service has answered before: it has refused the change.
    func announceOrRefuse(_ progress: RequestState, _ note: (any ChangeNote)?) async throws -> ChangeIntent? {
        do {
            return try await announce(progress, note)
        } catch var error as VastError {
            if error.status == nil { error.status = progress.lastStatus }
            if progress.hasLostAnswer { error.effect = .unknown }
            throw error
        }
    }

    private func announce(_ progress: RequestState, _ note: (any ChangeNote)?) async throws -> ChangeIntent? {
        guard let change = progress.endpoint.change, let observer = configuration.observer else { return nil }
        let number = state.withLock { state in
            state.intents += 1
            return state.intents
        }
        let intent = ChangeIntent(
            number: number, change: change, request: progress.endpoint.name, attempt: progress.attempts, note: note)
        try await observer.willSend(intent)
        return intent
    }

    func report(_ intent: ChangeIntent?, _ outcome: ChangeOutcome) async {
        guard let intent else { return }
        await configuration.observer?.didFinish(intent, outcome)
    }

    func log(_ progress: RequestState, _ what: String) {
        let length = configuration.clock.uptime - progress.sentAt
        configuration.logger.debug("\(progress.endpoint.name) #\(progress.attempts): \(what), \(length)")
    }

    /// Prepares to follow a redirect; returns the error when that is not allowed. Whoever redirects a change may have passed it
    /// on before.
    func follow(_ place: String, _ status: Int, _ progress: inout RequestState) -> VastError? {
        progress.redirects += 1
        let endpoint = progress.endpoint
        guard let target = ServiceTarget(place, relativeTo: configuration.url),
            target.server.isSameServer(as: configuration.url), progress.redirects <= 3,
            endpoint.method == .get || status == 307 || status == 308
        else {
            // A login page sends everything to itself until somebody has logged in: the next try begins anew.
            (progress.location, progress.redirects) = (nil, 0)
            let shown = configuration.key.redacting(String(place.prefix(200)))
            return VastError(
                .server,
                "the service at \(configuration.url) redirects to \(shown); not followed with a key. Check the address",
                status: status, instance: endpoint.change?.onlyInstance, request: endpoint.name, attempts: progress.attempts,
                effect: endpoint.change == nil ? .none : .unknown)
        }
        progress.location = target
        return nil
    }
}
