/// A URL with an authority, split into its parts (RFC 3986, section 3) and not yet believed. Whatever requests go to is read here:
/// two readers of one text could lead to two places.
package struct URLParts: Sendable, Hashable {
    /// In small letters.
    package let scheme: String
    /// What stands before the last `@` of the authority, as it was written; nil when there is none.
    let userInfo: String?
    /// In small letters, an address of IPv6 in brackets; it may be empty, or no host at all (``HostName/isValid(_:)``).
    package let host: String
    /// What stands behind the colon; nil when there is none.
    private let portText: String?
    /// Empty, or from the first `/` on.
    package private(set) var path: String
    /// What stands behind the `?`; nil when there is none.
    package private(set) var query: String?

    /// - Parameter text: what stands behind a `#` is left out: it is sent to nobody.
    /// - Returns: nil for a text that does not begin with a scheme and `://`.
    package init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"), Self.isScheme(text[..<separator.lowerBound]) else { return nil }
        scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { !"/?".contains($0) }
        let at = authority.lastIndex(of: "@")
        userInfo = at.map { String(authority[..<$0]) }
        (host, portText) = Self.place(at.map { authority[authority.index(after: $0)...] } ?? authority)
        (path, query) = Self.split(rest[authority.endIndex...])
    }

    /// The port; of a URL that names none, or an empty one, the usual one (RFC 3986, section 3.2.3).
    ///
    /// - Returns: nil for what is no number from 1 to 65535.
    func port(usually usual: Int) -> Int? {
        guard let portText, !portText.isEmpty else { return usual }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(portText) else { return nil }
        return (1...65_535).contains(number) ? number : nil
    }

    /// Whether there is a colon with nothing behind it, which in what a person has typed is more likely a slip.
    var hasEmptyPort: Bool { portText?.isEmpty == true }

    /// Host and, if the URL names one, port: who is spoken to.
    package var hostAndPort: String { portText.map { $0.isEmpty ? host : "\(host):\($0)" } ?? host }

    /// The path and its query, as a request line has them.
    var target: String { (path.isEmpty ? "/" : path) + (query.map { "?\($0)" } ?? "") }

    /// The same server, without path and query.
    var server: URLParts {
        var url = self
        (url.path, url.query) = ("", nil)
        return url
    }

    /// The URL as one text, without what stood behind a `#`.
    package var text: String {
        "\(scheme)://\(userInfo.map { "\($0)@" } ?? "")\(hostAndPort)\(path)\(query.map { "?\($0)" } ?? "")"
    }

    private static func isScheme(_ text: Substring) -> Bool {
        text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }

    private static func place(_ text: Substring) -> (host: String, port: String?) {
        // The colons of an address in brackets are no port's.
        let start = text.lastIndex(of: "]") ?? text.startIndex
        guard let colon = text[start...].firstIndex(of: ":") else { return (text.lowercased(), nil) }
        return (text[..<colon].lowercased(), String(text[text.index(after: colon)...]))
    }

    private static func split(_ text: Substring) -> (path: String, query: String?) {
        guard let mark = text.firstIndex(of: "?") else { return (String(text), nil) }
        return (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }
}

extension URLParts {
    /// What a reference means that stands in the answer to a request for this URL (RFC 3986, section 5.2).
    ///
    /// - Returns: nil for a URL of another kind, such as `mailto:`.
    package func resolving(_ reference: String) -> URLParts? {
        let reference = reference.prefix { $0 != "#" }
        let head = reference.prefix { !"/?".contains($0) }
        if let colon = head.firstIndex(of: ":"), Self.isScheme(head[..<colon]) { return URLParts(String(reference))?.withoutDots }
        if reference.hasPrefix("//") { return URLParts("\(scheme):\(reference)")?.withoutDots }
        let (path, query) = Self.split(reference)
        var url = self
        if !path.isEmpty {
            url.path = path.hasPrefix("/") ? path : "\(self.path[..<(self.path.lastIndex(of: "/") ?? self.path.startIndex)])/\(path)"
            url = url.withoutDots
        }
        if query != nil || !path.isEmpty { url.query = query }
        return url
    }

    /// Without the segments `.` and `..` (RFC 3986, section 5.2.4).
    private var withoutDots: URLParts {
        guard path.hasPrefix("/") else { return self }
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (place, segment) in segments.enumerated() {
            if segment == ".." { _ = kept.popLast() }
            if segment != ".", segment != ".." { kept.append(segment) } else if place == segments.count - 1 { kept.append("") }
        }
        var url = self
        url.path = "/" + kept.joined(separator: "/")
        return url
    }
}
