internal import FleetClock
internal import Synchronization
internal import VastAPI
internal import VastJSON
internal import VastSimulator

extension SimulatedTransport {
    /// Carries a request there and an answer back, as far as the fault lets it.
    ///
    /// - Throws: ``TransportError``; `CancellationError`.
    func carry(_ request: HTTPRequest, _ number: Int, _ fault: ExchangeFault?) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let time = ExchangeTime(clock, timeout: request.timeout)
        let latency = latency(of: number)
        try await act(.before, number)
        try await time.pass(latency.there)
        if fault == .refused {
            throw TransportError(.notConnected, wasNotSent: true, detail: "connection refused")
        }
        let answer = fault?.isApplied ?? true ? respond(to: request, number) : nil
        try await act(.answering, number)
        if case .slow(let more)? = fault { try await time.pass(more) }
        try await time.pass(latency.whole - latency.there)
        var response = try await spoil(answer, fault, time)
        if let rewrite { response = rewrite(request, response) }
        guard response.body.count <= request.bodyLimit else {
            throw TransportError(.tooLarge, detail: "the answer is larger than allowed")
        }
        return response
    }

    private func respond(to request: HTTPRequest, _ number: Int) -> SimulatedResponse {
        state.withLock { $0.records[number - 1].isReached = true }
        guard request.method != .get else { return service.respond(to: simulated(request)) }
        // What another process does at the same moment is not taken for this one's.
        return acting.withLock { _ in
            let before = service.world
            let response = service.respond(to: simulated(request))
            let changes = WorldChange.between(before, service.world, time: elapsed, exchange: number)
            state.withLock { $0.changes += changes }
            return response
        }
    }

    private func simulated(_ request: HTTPRequest) -> SimulatedRequest {
        SimulatedRequest(
            request.method.rawValue, request.target,
            authorization: request.headers.first { $0.name == "Authorization" }?.value, body: request.body ?? [])
    }

    /// What the client gets to see; `answer` is nil when the service did not act.
    private func spoil(
        _ answer: SimulatedResponse?, _ fault: ExchangeFault?, _ time: ExchangeTime
    ) async throws -> HTTPResponse {
        switch fault {
        case nil, .slow, .refused: break
        case .lostRequest, .lostAnswer: throw Self.closed
        case .reset: throw Self.reset
        case .timeOut: try await time.passForEver()
        case .status(let status, let body, let headers, _): return Self.planned(status, body, headers)
        case .tooMany(let seconds):
            let headers = seconds.map { ["Retry-After": "\($0)"] } ?? [:]
            return Self.planned(429, ["detail": "API requests too frequent"], headers)
        case .unauthorizedFromHere:
            return Self.planned(401, ["success": false, "error": "auth_error", "msg": "Invalid user key"], [:])
        case .truncated(let part):
            guard let answer else { break }
            let whole = Self.whole(answer)
            return HTTPResponse(
                status: whole.status, headers: whole.headers, body: Array(whole.body.prefix(Int(Double(whole.body.count) * part))))
        }
        guard let answer else { throw Self.closed }
        return try await deliver(answer, time)
    }

    /// The service's own faults.
    private func deliver(_ answer: SimulatedResponse, _ time: ExchangeTime) async throws -> HTTPResponse {
        switch answer.delivery {
        case .whole: break
        case .delayed(let seconds): try await time.pass(.seconds(seconds))
        case .stall(let seconds):
            guard let seconds else { try await time.passForEver() }
            try await time.pass(.seconds(seconds))
            throw Self.closed
        case .reset: throw Self.reset
        case .truncated: throw Self.closed
        case .garbage: throw TransportError(.garbled, detail: "the answer is not HTTP")
        }
        return Self.whole(answer)
    }

    private static func whole(_ answer: SimulatedResponse) -> HTTPResponse {
        HTTPResponse(status: answer.status, headers: answer.headers.map { (name: $0.0, value: $0.1) }, body: answer.body)
    }

    private static func planned(_ status: Int, _ body: JSONValue, _ headers: [String: String]) -> HTTPResponse {
        // The plans' bodies have no number that is not finite.
        HTTPResponse(
            status: status, headers: headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
            body: (try? body.serialized()) ?? [])
    }

    private static let closed = TransportError(.broken, detail: "the connection was closed before the answer was complete")
    private static let reset = TransportError(.broken, detail: "connection reset by peer")
}
