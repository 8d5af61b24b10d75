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
        let isOnServer = place.hasPrefix("/") && !place.hasPrefix("//")
        guard !isOnServer else {
            self.init(server: base, target: String(place.prefix { $0 != "#" }))
            return
        }
        guard let url = URLParts(place.hasPrefix("//") ? "\(base.scheme):\(place)" : place), let server = ServiceURL(url.server) else {
            return nil
        }
        self.init(server: server, target: url.target)
    }
}
