/// Where a URL of the web leads: scheme, host and port, each checked.
struct WebAddress: Sendable, Hashable {
    let scheme: String
    /// An address of IPv6 stands in brackets.
    let host: String
    let port: Int

    /// - Throws: ``NetworkProblem`` that says what is wrong; it holds nothing of the URL but its host.
    init(_ text: String) throws(NetworkProblem) {
        guard let url = URLParts(text), url.scheme == "http" || url.scheme == "https" else { throw Self.noURL }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw NetworkProblem("a URL has no blanks, line breaks or control characters; write a blank as %20")
        }
        guard url.userInfo == nil else {
            throw NetworkProblem("a URL has no user and password here; put them into the header Authorization")
        }
        guard !url.hostAndPort.isEmpty else { throw Self.noURL }
        guard let port = url.port(usually: url.scheme == "https" ? 443 : 80) else {
            throw NetworkProblem("the URL has a port that is none; ports are 1 to 65535")
        }
        guard HostName.isValid(url.host) else {
            throw NetworkProblem("'\(url.host.prefix(80))' is no host; names outside ASCII are written as xn--…")
        }
        (self.scheme, self.host, self.port) = (url.scheme, url.host, port)
    }

    private static let noURL = NetworkProblem("a URL begins with http:// or https:// and a host")

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
