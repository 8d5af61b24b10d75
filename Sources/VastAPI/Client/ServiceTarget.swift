/// Where a redirect leads: a server, and a path with its query on it.
struct ServiceTarget {
    let server: ServiceURL
    let target: String

    private init(server: ServiceURL, target: String) {
        self.server = server
        self.target = target
    }

    /// - Returns: nil when `place` is not understood.
    init?(_ place: String, relativeTo base: ServiceURL) {
        guard !place.contains(where: { $0.isWhitespace || $0 == "\\" }) else { return nil }
        let place = place.prefix { $0 != "#" }
        if place.hasPrefix("//") {
            guard let same = ServiceTarget("\(base.scheme):\(place)", relativeTo: base) else { return nil }
            self = same
        } else if place.hasPrefix("/") {
            self.init(server: base, target: String(place))
        } else if let separator = place.firstRange(of: "://") {
            let rest = place[separator.upperBound...]
            let authority = rest.prefix { !"/?".contains($0) }
            guard let server = ServiceURL(parsing: "\(place[..<separator.lowerBound])://\(authority)") else { return nil }
            let tail = rest.dropFirst(authority.count)
            self.init(server: server, target: tail.hasPrefix("/") ? String(tail) : "/\(tail)")
        } else {
            return nil
        }
    }
}
