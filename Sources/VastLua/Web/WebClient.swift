package import FleetClock
package import VastAPI

/// Requests to services other than Vast's: paced by host, bounded in time and size, and without any key of ours.
package actor WebClient {
    /// How many requests a host gets at once, and how long it has to itself for each of the next.
    private static let burst = 5
    private static let interval = Duration.milliseconds(200)
    /// How long a host may make a script wait, whatever it asks for.
    private static let longestWait = Duration.seconds(60)
    /// How many redirections are followed.
    private static let redirections = 5

    private let transport: any HTTPTransport
    private let clock: any FleetClock
    /// When each host would have had time for all that was sent to it.
    private var paidUntil: [String: Duration] = [:]

    /// - Parameter clock: what the pacing goes by.
    package init(transport: any HTTPTransport = AsyncHTTPTransport(), clock: any FleetClock = SystemClock()) {
        self.transport = transport
        self.clock = clock
    }

    /// Sends a request, and follows where a GET or HEAD is sent on to. A status of 400 and more is an answer like any.
    ///
    /// - Throws: `VastError` of kind `invalid_argument`, `network`, `timeout` or `cancelled`, whose text names the host and
    ///   nothing else of the URL, since webhooks keep their secret there.
    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var request = request
        request.headers.append(("User-Agent", "vast-lua/\(Runtime.version)"))
        for _ in 0..<Self.redirections {
            let url = try Self.url(request.url)
            let response = try await exchange(request, host: url.hostAndPort)
            guard let next = Self.redirection(of: response, from: url, request.method) else { return response }
            if next.hostAndPort != url.hostAndPort {
                request.headers.removeAll { ["authorization", "cookie"].contains($0.name.lowercased()) }
            }
            request.url = next.text
        }
        throw VastError(.network, "\(try Self.name(request)): it sends on more than \(Self.redirections) times")
    }

    private func exchange(_ request: HTTPRequest, host: String) async throws -> HTTPResponse {
        do {
            try await pace(host)
            let response = try await transport.exchange(request)
            if response.status == 429 { slowDown(host, response) }
            return response
        } catch let error as TransportError {
            throw Self.failure(error, try Self.name(request))
        } catch is CancellationError {
            throw VastError(.cancelled, "\(try Self.name(request)): cancelled")
        }
    }

    // MARK: pacing

    private func pace(_ host: String) async throws {
        let now = clock.uptime
        let paid = max(paidUntil[host] ?? now, now)
        paidUntil[host] = paid + Self.interval
        let wait = paid - Self.interval * (Self.burst - 1) - now
        if wait > .zero { try await clock.sleep(for: wait) }
    }

    private func slowDown(_ host: String, _ response: HTTPResponse) {
        let asked = response.header("Retry-After").flatMap(Int.init).map { Duration.seconds(min(max(0, $0), 3_600)) } ?? .seconds(1)
        paidUntil[host] = clock.uptime + min(asked, Self.longestWait) + Self.interval * (Self.burst - 1)
    }

    // MARK: URLs

    /// - Throws: `VastError` of kind `invalid_argument` for what is no URL of the web.
    package static func check(_ text: String) throws { _ = try url(text) }

    /// The same, taken apart.
    static func url(_ text: String) throws -> URLParts {
        if let problem = HTTPRequest.problem(ofURL: text) { throw VastError.invalidArgument(problem) }
        guard let url = URLParts(text) else { throw VastError.invalidArgument("a URL begins with http:// or https:// and a host") }
        return url
    }

    /// What may be told of a request.
    private static func name(_ request: HTTPRequest) throws -> String { "\(request.method.rawValue) \(try url(request.url).hostAndPort)" }

    private static func redirection(of response: HTTPResponse, from url: URLParts, _ method: HTTPMethod) -> URLParts? {
        guard [301, 302, 303, 307, 308].contains(response.status), method == .get || method == .head,
            // A blank has no place in it, and stands there now and then.
            let location = response.header("Location"), let next = url.resolving(location.replacing(" ", with: "%20")),
            let checked = try? self.url(next.text), checked.scheme == "https" || url.scheme != "https"
        else { return nil }
        return checked
    }

    private static func failure(_ error: TransportError, _ name: String) -> VastError {
        switch error.kind {
        case .timedOut: VastError(.timeout, "\(name): no answer in time")
        case .tooLarge: VastError(.network, "\(name): the answer is larger than allowed; see the option limit")
        case .unknownHost where error.concernsProxy: VastError(.network, "\(name): \(error.detail)")
        case .unknownHost: VastError(.network, "\(name): there is no such host")
        case .notConnected:
            VastError(.network, "\(name): \(error.detail.hasPrefix("no connection") ? "" : "no connection: ")\(error.detail)")
        case .insecure, .misconfigured: VastError(.network, "\(name): \(error.detail)")
        case .invalidRequest: VastError(.invalidArgument, "\(name): \(error.detail)")
        case .broken: VastError(.network, "\(name): the connection broke, or what came was not HTTP")
        case .garbled: VastError(.network, "\(name): \(error.detail)")
        }
    }
}
