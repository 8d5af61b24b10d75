internal import AsyncHTTPClient
internal import FleetClock
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Carries requests over the network with AsyncHTTPClient, which is made (with its threads) for the first request.
package final class AsyncHTTPTransport: HTTPTransport {
    private let client = Mutex<HTTPClient?>(nil)
    private let connectTimeout: Duration

    /// - Parameter connectTimeout: how long making a connection may take, encryption included.
    package init(connectTimeout: Duration = .seconds(10)) { self.connectTimeout = connectTimeout }

    package func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.runsToItsEnd else { return try await exchangeUnlessCancelled(request) }
        return try await Task { try await exchangeUnlessCancelled(request) }.value
    }

    private func exchangeUnlessCancelled(_ request: HTTPRequest) async throws -> HTTPResponse {
        let client = client.withLock { client in
            if let client { return client }
            let made = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            client = made
            return made
        }
        do {
            return try await send(request, client)
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw TransportError(error)
        }
    }

    package func shutdown() async {
        let client = client.withLock { client in
            defer { client = nil }
            return client
        }
        // Shutting down twice is the only failure, and it has no consequence.
        try? await client?.shutdown()
    }

    deinit {
        // The client must not outlive its last user with open connections.
        if let client = client.withLock({ $0 }) { Task { try? await client.shutdown() } }
    }

    private var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = Self.amount(connectTimeout)
        configuration.httpVersion = .http1Only
        // Whether to try again is decided by RetryPolicy alone.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// NIO counts nanoseconds in 64 bits: no time-out is longer than a year.
    private static func amount(_ length: Duration) -> TimeAmount {
        .nanoseconds(Int64(clampingNumber: min(length.seconds, 86_400 * 365) * 1e9))
    }

    /// The body, which has to be there by the deadline: an answer that trickles in must not take for ever.
    private static func collect(_ body: HTTPClientResponse.Body, upTo limit: Int, until deadline: Duration) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { try await body.collect(upTo: limit) }
            group.addTask {
                try await SystemClock().sleep(untilUptime: deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let collected = try await group.next() ?? nil else { throw HTTPClientError.deadlineExceeded }
            return collected
        }
    }

    private func send(_ request: HTTPRequest, _ client: HTTPClient) async throws -> HTTPResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = NIOHTTP1.HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if let body = request.body { outgoing.body = .bytes(body, length: .known(Int64(body.count))) }
        let deadline = SystemClock().uptime + min(request.timeout, .seconds(86_400 * 365))
        let response = try await client.execute(outgoing, timeout: Self.amount(request.timeout))
        let body = try await Self.collect(response.body, upTo: request.bodyLimit, until: deadline)
        return HTTPResponse(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
            body: Array(body.readableBytesView))
    }
}
