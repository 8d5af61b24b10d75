public import FleetClock
public import Logging

/// How a ``VastClient`` behaves.
public struct ClientConfiguration: Sendable {
    /// How requests are spaced before the service has refused any.
    public enum Pacing: Sendable {
        /// By the documented thresholds of each route.
        case documented
        /// Not at all; a refusal is learned from all the same.
        case unpaced
        /// By these intervals; routes that are not named as documented.
        case custom([Route: Duration])
    }

    /// Where the service is.
    public var url: ServiceURL
    /// The key of the account.
    public var key: APIKey
    /// The header `User-Agent` of every request.
    public var userAgent: String
    /// How long one exchange may take.
    public var timeout: Duration
    /// How long one request is repeated, waits included, before it fails.
    public var patience: Duration
    /// How many bytes an answer may have.
    public var bodyLimit: Int
    /// How requests are spaced.
    public var pacing: Pacing
    /// The directory of the file by which processes share their pace; nil: this process alone.
    public var pacingDirectory: String?
    /// Send the key over plain http to other machines too.
    public var allowsInsecure: Bool
    /// Proxies and certificates, for requests over the network.
    public var network: NetworkSettings
    /// Whose time is waited by, and stands in what is read.
    public var clock: any FleetClock
    /// For jitter.
    public var seed: UInt64
    /// Is told of repetitions and waits, and when the pace is not shared; by default nothing is logged.
    public var logger: Logger
    /// Is told of every change.
    public var observer: (any ExchangeObserver)?
    /// Is told once when requests take longer than a few seconds; nil: nobody is.
    public var onWait: (@Sendable (WaitNotice) -> Void)?
    /// Carries the requests; nil: HTTP over the network.
    public var transport: (any HTTPTransport)?

    /// What is not said here has its built-in value: 60 s for an exchange, 300 s for a request, 64 MB for an answer, and
    /// the pace that the service documents.
    ///
    /// - Parameter seed: for jitter.
    public init(url: ServiceURL = .vast, key: APIKey, clock: any FleetClock, seed: UInt64) {
        self.url = url
        self.key = key
        self.clock = clock
        self.seed = seed
        userAgent = "vast-lua/0.1"
        timeout = .seconds(60)
        patience = .seconds(300)
        bodyLimit = 64 << 20
        pacing = .documented
        allowsInsecure = false
        network = .direct
        logger = Logger(label: "vast.api", factory: { _ in SwiftLogNoOpLogHandler() })
    }

    /// Where all processes of one user share their pace, whatever has started them: a directory in memory that depends on
    /// nothing but the user, else `state`.
    ///
    /// - Returns: the directory, and why it is not the one that all share, if it is not.
    public static func pacingDirectory(state: String) -> (path: String, problem: String?) {
        let place = PacingPlace.choose(fallback: state)
        return (place.directory, place.problem)
    }
}
