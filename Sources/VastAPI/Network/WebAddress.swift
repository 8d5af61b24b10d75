/// Where a URL of the web leads: scheme, host and port, each checked.
struct WebAddress: Sendable, Hashable {
    let scheme: String
    /// An address of IPv6 stands in brackets.
    let host: String
    let port: Int

    /// - Throws: ``NetworkProblem`` that says what is wrong; it holds nothing of the URL but its host.
    init(_ text: String) throws(NetworkProblem) {
        guard let separator = text.firstRange(of: "://"),
            case let scheme = text[..<separator.lowerBound].lowercased(), scheme == "http" || scheme == "https"
        else { throw NetworkProblem("a URL begins with http:// or https:// and a host") }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw NetworkProblem("a URL has no blanks, line breaks or control characters; write a blank as %20")
        }
        let authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw NetworkProblem("a URL has no user and password here; put them into the header Authorization")
        }
        guard !authority.isEmpty else { throw NetworkProblem("a URL begins with http:// or https:// and a host") }
        // An empty port stands for the usual one, as RFC 3986 has it.
        let place = authority.hasSuffix(":") ? authority.dropLast() : authority
        guard let (host, port) = ServiceURL.split(place, defaultPort: scheme == "https" ? 443 : 80) else {
            throw NetworkProblem("the URL has a port that is none; ports are 1 to 65535")
        }
        guard HostName.isValid(host) else {
            throw NetworkProblem("'\(host.prefix(80))' is no host; names outside ASCII are written as xn--…")
        }
        (self.scheme, self.host, self.port) = (scheme, host, port)
    }

    init(_ url: ServiceURL) { (scheme, host, port) = (url.scheme, url.host, url.port) }
}

extension HTTPRequest {
    /// What is wrong with a URL of the web, in words that hold nothing of it but its host; nil when nothing is.
    package static func problem(ofURL text: String) -> String? {
        do {
            _ = try WebAddress(text)
            return nil
        } catch {
            return error.description
        }
    }
}
