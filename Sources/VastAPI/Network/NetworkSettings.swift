internal import NIOSSL

/// How servers are reached: through which proxies, and whose word for their identity is taken.
public struct NetworkSettings: Sendable, Hashable {
    let proxies: ProxySettings
    let roots: TrustRoots

    /// Straight, with the system's certificates.
    public static let direct = NetworkSettings(environment: [:])

    /// The variables that ``init(environment:)`` reads.
    public static let names = ProxySettings.names + TrustRoots.names

    /// What the environment says, as curl reads it: `https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`, `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR`. What cannot be used is an error of the first request that would need it.
    public init(environment: [String: String]) {
        proxies = ProxySettings(environment)
        roots = TrustRoots(environment)
    }

    /// The way that requests to a service take, in words: straight or through which proxy, and with which certificates. No
    /// password is in it.
    ///
    /// - Throws: ``VastError`` of kind `network` when that way is closed.
    public func way(to url: ServiceURL) throws -> String {
        do {
            let address = WebAddress(url)
            var parts = [proxies.excepts(address) ? "direct, by no_proxy" : "direct"]
            if let proxy = try proxies.proxy(for: address) {
                parts = ["through \(proxy.shown) (\(proxies.variable(for: address) ?? "proxy"))"]
            }
            if url.scheme == "https" { parts.append("certificates: \(try roots.place())") }
            return parts.joined(separator: "; ")
        } catch {
            throw VastError(.network, "\(error)")
        }
    }
}
