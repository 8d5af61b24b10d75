/// Where a proxy listens, and who we are to it. It never shows the password.
struct ProxyAddress: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Asked by `CONNECT`.
        case http
        /// SOCKS 5; the proxy looks the host's name up.
        case socks
    }

    /// What is sent as `Proxy-Authorization`.
    struct Credentials: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        let user: String
        let password: String
        var description: String { "[user and password]" }
        var customMirror: Mirror { Mirror(self, children: [:]) }
    }

    let kind: Kind
    let host: String
    let port: Int
    let credentials: Credentials?

    /// Without a port, curl takes this one, whatever the scheme.
    private static let usualPort = 1_080

    /// - Parameter variable: where the text stands, for the message.
    /// - Throws: ``NetworkProblem``, whose text never holds what may be a password.
    init(_ text: String, variable: String) throws(NetworkProblem) {
        let text = text.singleLine
        guard let url = URLParts(text.contains("://") ? text : "http://\(text)") else { throw Self.unknownKind(variable) }
        kind = try Self.kind(url.scheme, variable)
        guard let port = url.port(usually: Self.usualPort), !url.hasEmptyPort, HostName.isValid(url.host) else {
            throw NetworkProblem("\(variable) is not understood; write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT")
        }
        (host, self.port) = (url.host, port)
        credentials = url.userInfo.map { Self.credentials($0[...]) }
        if kind == .socks, credentials != nil {
            throw NetworkProblem(
                "\(variable) has a password for the SOCKS proxy \(host):\(port), which is not supported; use one without a password, or an "
                    + "HTTP proxy")
        }
    }

    private static func kind(_ scheme: String, _ variable: String) throws(NetworkProblem) -> Kind {
        switch scheme {
        case "http": return .http
        case "socks5", "socks5h": return .socks
        case "https":
            throw NetworkProblem(
                "\(variable) names a proxy that is itself reached by https, which is not supported; write http://HOST:PORT, which most "
                    + "proxies take: what goes through it stays encrypted")
        case "socks", "socks4", "socks4a":
            throw NetworkProblem(
                "\(variable) names a proxy of SOCKS 4, which is not supported; write socks5h://HOST:PORT or http://HOST:PORT")
        default: throw unknownKind(variable)
        }
    }

    private static func unknownKind(_ variable: String) -> NetworkProblem {
        NetworkProblem("\(variable) names a kind of proxy that is not known; write http://HOST:PORT or socks5h://HOST:PORT")
    }

    private static func credentials(_ text: Substring) -> Credentials {
        let colon = text.firstIndex(of: ":")
        let user = colon.map { text[..<$0] } ?? text
        let password = colon.map { text[text.index(after: $0)...] } ?? ""
        return Credentials(user: PercentCoding.decoded(user), password: PercentCoding.decoded(password))
    }

    /// For a person: kind, host and port.
    var shown: String { "\(kind == .socks ? "the SOCKS proxy" : "the proxy") \(host):\(port)" }
}

/// Bytes written as `%41` in URLs.
enum PercentCoding {
    static func decoded(_ text: some StringProtocol) -> String {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                rest.prefix(2).allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
