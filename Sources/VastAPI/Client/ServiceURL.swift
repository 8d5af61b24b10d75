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
        guard let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        var path = String(rest.dropFirst(authority.count))
        guard !path.contains(where: { "?# \\".contains($0) }), !authority.contains(where: { "@ \\".contains($0) })
        else { return nil }
        while path.hasSuffix("/") { path.removeLast() }
        guard let (host, port) = Self.split(authority, defaultPort: scheme == "https" ? 443 : 80), HostName.isValid(host),
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.init(scheme: scheme, host: host, port: port, path: path)
    }

    /// The host in small letters and the port of `host:port`; nil when there is no host, or the port is none.
    static func split(_ authority: Substring, defaultPort: Int) -> (host: String, port: Int)? {
        var host = authority
        var port = defaultPort
        let closing = authority.lastIndex(of: "]")
        if let colon = authority.lastIndex(of: ":"), closing.map({ $0 < colon }) ?? true {
            host = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits), (1...65_535).contains(number) else {
                return nil
            }
            port = number
        }
        guard !host.isEmpty, closing != nil || !host.contains(":") else { return nil }
        return (host.lowercased(), port)
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
