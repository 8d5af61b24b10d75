internal import AsyncHTTPClient
internal import FleetClock
#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization

/// Carries requests over the network with AsyncHTTPClient. A client of it knows one proxy, so there is one for each way that
/// requests take, made (with its threads) for the first of them.
package final class AsyncHTTPTransport: HTTPTransport {
    /// What a client is made for.
    private struct Way: Hashable {
        let proxy: ProxyAddress?
        let isEncrypted: Bool
        /// Whether bodies come packed. An answer to HEAD has none that could be unpacked, whatever its headers say.
        let isUnpacking: Bool
        /// Whether an HTTP proxy is given the requests themselves.
        var isForwarded: Bool { !isEncrypted && proxy?.kind == .http }
    }

    private let clients = Mutex<[Way: HTTPClient]>([:])
    private let network: NetworkSettings
    private let connectTimeout: Duration

    // Unpacked, an answer is bounded by the request. What arrives in one go may become as large as this.
    private static let largestUnpacked = 1 << 30

    /// - Parameters:
    ///   - network: proxies and certificates.
    ///   - connectTimeout: how long making a connection may take, encryption included.
    package init(network: NetworkSettings = .direct, connectTimeout: Duration = .seconds(10)) {
        self.network = network
        self.connectTimeout = connectTimeout
    }

    package func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.runsToItsEnd else { return try await exchangeUnlessCancelled(request) }
        return try await Task { try await exchangeUnlessCancelled(request) }.value
    }

    private func exchangeUnlessCancelled(_ request: HTTPRequest) async throws -> HTTPResponse {
        let address = try Self.checked(request)
        let way = try way(to: address, request.method)
        let client = try client(way)
        let begun = ContinuousClock.now
        do {
            return try await Self.within(request.timeout) { try await self.send(request, address, way, client) }
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw await failure(error, address, way, timeLeft: request.timeout - (ContinuousClock.now - begun))
        }
    }

    package func shutdown() async {
        let clients = clients.withLock { clients in
            defer { clients = [:] }
            return clients
        }
        // Shutting down twice is the only failure, and it has no consequence.
        for client in clients.values { try? await client.shutdown() }
    }

    deinit {
        // No client must outlive its last user with open connections.
        for client in clients.withLock({ $0.values }) { Task { try? await client.shutdown() } }
    }

    // MARK: what a request goes through

    /// - Throws: ``TransportError`` for what NIO would stop the process on, or send as another request than was meant.
    private static func checked(_ request: HTTPRequest) throws -> WebAddress {
        for (name, value) in request.headers where !HeaderField.isName(name) || !HeaderField.isValue(value) {
            throw TransportError(.invalidRequest, wasNotSent: true, detail: "a header has a name or a value that no header may have")
        }
        do {
            return try WebAddress(request.url)
        } catch {
            throw TransportError(.invalidRequest, wasNotSent: true, detail: error.description)
        }
    }

    private func way(to address: WebAddress, _ method: VastModels.HTTPMethod) throws -> Way {
        do {
            let proxy = try network.proxies.proxy(for: address)
            return Way(proxy: proxy, isEncrypted: address.scheme == "https", isUnpacking: method != .head)
        } catch {
            throw TransportError(.misconfigured, wasNotSent: true, detail: "\(error)")
        }
    }

    private func roots() throws -> NIOSSLTrustRoots {
        do {
            return try network.roots.load()
        } catch {
            throw TransportError(.insecure, wasNotSent: true, detail: "no secure connection: \(error)")
        }
    }

    private func client(_ way: Way) throws -> HTTPClient {
        try clients.withLock { clients in
            if let client = clients[way] { return client }
            let made = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration(way))
            clients[way] = made
            return made
        }
    }

    private func configuration(_ way: Way) throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = Self.amount(connectTimeout)
        configuration.httpVersion = .http1Only
        // Whether to try again is decided by RetryPolicy alone.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.proxy = way.isForwarded ? nil : way.proxy.map(Self.proxy)
        if way.isForwarded { configuration.http1_1ConnectionDebugInitializer = ForwardedRequest.install }
        if way.isUnpacking { configuration.decompression = .enabled(limit: .size(Self.largestUnpacked)) }
        if way.isEncrypted {
            var encryption = TLSConfiguration.makeClientConfiguration()
            encryption.trustRoots = try roots()
            // Whom the certificate names is looked at for every request.
            encryption.certificateVerification = .noHostnameVerification
            configuration.http1_1ConnectionDebugInitializer = CertificateCheck.install
            configuration.tlsConfiguration = encryption
        }
        return configuration
    }

    private static func proxy(_ address: ProxyAddress) -> HTTPClient.Configuration.Proxy {
        let host = address.host.hasPrefix("[") ? String(address.host.dropFirst().dropLast()) : address.host
        switch address.kind {
        case .http: return .server(host: host, port: address.port, authorization: authorization(address))
        case .socks: return .socksServer(host: host, port: address.port)
        }
    }

    private static func authorization(_ address: ProxyAddress) -> HTTPClient.Authorization? {
        address.credentials.map { .basic(username: $0.user, password: $0.password) }
    }

    // MARK: the exchange

    /// The request as it goes to an HTTP proxy that carries it on.
    private static func forwarded(_ request: HTTPRequest, _ address: WebAddress, through proxy: ProxyAddress) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: ForwardedRequest.url(request.url, through: proxy))
        let authority = ForwardedRequest.authority(address)
        outgoing.headers.add(name: ForwardedRequest.originHeader, value: "http://\(authority)")
        if !request.headers.contains(where: { $0.name.lowercased() == "host" }) { outgoing.headers.add(name: "Host", value: authority) }
        if let authorization = authorization(proxy) {
            outgoing.headers.add(name: "Proxy-Authorization", value: authorization.headerValue)
        }
        return outgoing
    }

    private func send(_ request: HTTPRequest, _ address: WebAddress, _ way: Way, _ client: HTTPClient) async throws -> HTTPResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        if way.isForwarded, let proxy = way.proxy { outgoing = Self.forwarded(request, address, through: proxy) }
        if way.isEncrypted { outgoing.headers.add(name: CertificateCheck.hostHeader, value: address.host) }
        outgoing.method = NIOHTTP1.HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        // What is called deflate comes in two forms; gzip is one.
        if way.isUnpacking, !outgoing.headers.contains(name: "Accept-Encoding") {
            outgoing.headers.add(name: "Accept-Encoding", value: "gzip")
        }
        if let body = request.body { outgoing.body = .bytes(body, length: .known(Int64(body.count))) }
        let response = try await client.execute(outgoing, timeout: Self.amount(request.timeout))
        if way.isForwarded, response.status == .proxyAuthenticationRequired { throw HTTPClientError.proxyAuthenticationRequired }
        let body = try await response.body.collect(upTo: request.bodyLimit)
        return HTTPResponse(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
            body: Array(body.readableBytesView))
    }

    /// AsyncHTTPClient itself counts until the answer begins. What has come by then is not thrown away because this machine is
    /// too busy to look at it.
    private static let slack = Duration.milliseconds(250)

    /// Does something for as long as it may take, to its end.
    private static func within<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .nanoseconds(Self.nanoseconds(limit)) + slack)
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else { throw TransportError(.timedOut, detail: "no whole answer in time") }
            return value
        }
    }

    /// NIO counts nanoseconds in 64 bits: no time-out is longer than a year.
    private static func nanoseconds(_ length: Duration) -> Int64 { Int64(clampingNumber: min(length.seconds, 86_400 * 365) * 1e9) }

    private static func amount(_ length: Duration) -> TimeAmount { .nanoseconds(nanoseconds(length)) }

    // MARK: failures

    /// A failed handshake is explained also when there is little time left: the reason is worth more than the seconds.
    private static let leastToExplain = Duration.seconds(5)

    /// - Parameter timeLeft: of the time that the exchange may take.
    private func failure(_ error: any Error, _ address: WebAddress, _ way: Way, timeLeft: Duration) async -> TransportError {
        if let error = error as? TransportError { return error }
        guard way.isEncrypted, let rejection = CertificateRejection(error) else { return TransportError(error, proxy: way.proxy) }
        var detail = "the certificate of \(address.host) is not trusted"
        let limit = min(max(timeLeft, Self.leastToExplain), connectTimeout)
        if let configuration = try? configuration(way),
            let facts = await PeerCertificate.read(address, configuration, within: Self.amount(limit))
        {
            detail = CertificateProblem(facts: facts, host: address.host, isOfAnotherHost: rejection == .host, now: Date()).description
        }
        return TransportError(.insecure, wasNotSent: true, detail: "no secure connection: \(detail)")
    }
}
