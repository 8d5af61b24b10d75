/// The proxies that a process is to use, by the variables that curl reads.
///
/// `https_proxy` and `http_proxy` are for one kind of URL each, `all_proxy` for both, and `no_proxy` lists the exceptions. In
/// capitals each is read when the small one is not set, except `HTTP_PROXY`, which a web server sets from the header `Proxy`.
struct ProxySettings: Sendable, Hashable {
    private let variables: [String: String]
    private let exceptions: NoProxyList

    static let none = ProxySettings([:])

    /// - Parameter environment: the process's environment.
    init(_ environment: [String: String]) {
        variables = environment.filter { Self.names.contains($0.key) && $0.value.contains { !$0.isWhitespace } }
        exceptions = NoProxyList(variables["no_proxy"] ?? variables["NO_PROXY"] ?? "")
    }

    /// The variables, the exceptions included.
    static let names = [
        "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"
    ]

    private static func names(for scheme: String) -> [String] {
        (scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]) + ["all_proxy", "ALL_PROXY"]
    }

    /// The proxy for a URL; nil: straight there. This machine is always reached straight.
    ///
    /// - Throws: ``NetworkProblem`` when the variable for it names no usable proxy.
    func proxy(for url: WebAddress) throws(NetworkProblem) -> ProxyAddress? {
        guard !HostName.isLoopback(url.host), !exceptions.contains(host: url.host, port: url.port),
            let name = Self.names(for: url.scheme).first(where: { variables[$0] != nil }), let text = variables[name]
        else { return nil }
        return try ProxyAddress(text, variable: name)
    }

    /// Whether there is a proxy, and it is not for this URL.
    func excepts(_ url: WebAddress) -> Bool {
        variable(for: url) != nil && !HostName.isLoopback(url.host) && exceptions.contains(host: url.host, port: url.port)
    }

    /// The variable that the proxy for a URL comes from.
    func variable(for url: WebAddress) -> String? { Self.names(for: url.scheme).first { variables[$0] != nil } }
}
