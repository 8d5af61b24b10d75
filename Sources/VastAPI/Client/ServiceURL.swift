/// Where the service is: scheme, host and port, with a path in front of the API's own if a proxy needs one.
public struct ServiceURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    public let scheme: String
    /// In small letters.
    public let host: String
    /// Where the URL names none, 443 for https and 80 for http.
    public let port: Int
    /// What stands before the API's own `/api/`, without a slash at its end; empty for the service itself.
    public let path: String

    /// The real service.
    public static let vast = ServiceURL(scheme: "https", host: "console.vast.ai", port: 443, path: "")

    /// - Throws: ``VastError`` of kind `invalid_argument` unless `text` is an absolute http or https URL without user,
    ///   query or fragment.
    public init(_ text: String) throws {
        guard let url = ServiceURL(parsing: text) else {
            throw VastError(.invalidArgument, "not a service URL: \(Self.shown(text)); write it as https://console.vast.ai")
        }
        self = url
    }

    /// A text that is no URL, without what may be a password.
    private static func shown(_ text: String) -> String {
        guard !text.contains("@") else { return "it has a user or password" }
        return "'\(text.singleLine.prefix { $0 != "?" }.prefix(200))'"
    }

    private init(scheme: String, host: String, port: Int, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    init?(parsing text: String) {
        guard let url = URLParts(text), !text.contains("#") else { return nil }
        self.init(url)
    }

    /// - Returns: nil unless it is an http or https URL without user, query and empty port.
    init?(_ url: URLParts) {
        guard url.scheme == "http" || url.scheme == "https", url.userInfo == nil, url.query == nil, !url.hasEmptyPort,
            HostName.isValid(url.host),
            let port = url.port(usually: url.scheme == "https" ? 443 : 80),
            url.path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        var path = url.path
        while path.hasSuffix("/") { path.removeLast() }
        self.init(scheme: url.scheme, host: url.host, port: port, path: path)
    }

    /// Whether the host is this machine, so that nothing leaves it.
    public var isLoopback: Bool { HostName.isLoopback(host) }

    /// Whether both lead to the same server by the same protocol.
    func isSameServer(as other: ServiceURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Scheme, host and, unless it is the usual one, port.
    public var origin: String {
        let usual = scheme == "https" ? 443 : 80
        return port == usual ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }

    public var description: String { origin + path }
}
