/// The hosts of `no_proxy`, which are reached without a proxy, as curl understands them: `*`, names with what is below
/// them, addresses and networks, each with a port or without.
struct NoProxyList: Sendable, Hashable {
    private enum Host: Hashable {
        case all
        case name(String)
        case network(IPAddress, bits: Int)
    }

    private struct Entry: Hashable {
        let host: Host
        let port: Int?
    }

    private let entries: [Entry]

    /// - Parameter text: entries between commas or blanks. What is no entry stands for no host.
    init(_ text: String) {
        entries = text.split { $0 == "," || $0.isWhitespace }.compactMap(Self.entry)
    }

    /// - Parameter host: a name or an address, one of IPv6 also in brackets.
    func contains(host: String, port: Int) -> Bool {
        let address = IPAddress(host)
        let name = Self.name(host)
        return entries.contains { entry in
            guard entry.port == nil || entry.port == port else { return false }
            switch entry.host {
            case .all: return true
            case .name(let parent): return address == nil && (name == parent || name.hasSuffix(".\(parent)"))
            case .network(let network, let bits): return address?.isIn(network, bits: bits) == true
            }
        }
    }

    private static func entry(_ text: Substring) -> Entry? {
        let (host, port) = parts(text)
        if host == "*" { return Entry(host: .all, port: port) }
        if let slash = host.firstIndex(of: "/") {
            guard let network = IPAddress(host[..<slash]), let bits = Int(host[host.index(after: slash)...]),
                (0...network.bytes.count * 8).contains(bits)
            else { return nil }
            return Entry(host: .network(network, bits: bits), port: port)
        }
        if let address = IPAddress(host) { return Entry(host: .network(address, bits: address.bytes.count * 8), port: port) }
        var name = host.hasPrefix("*.") ? host.dropFirst(2) : host
        if name.hasPrefix(".") { name = name.dropFirst() }
        let whole = Self.name(String(name))
        return whole.isEmpty ? nil : Entry(host: .name(whole), port: port)
    }

    /// The host and the port behind it. Without brackets, a text with several colons is an address of IPv6 alone.
    private static func parts(_ text: Substring) -> (Substring, Int?) {
        guard let colon = text.lastIndex(of: ":"), text[..<colon].hasSuffix("]") || !text[..<colon].contains(":"),
            let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
        else { return (text, nil) }
        return (text[..<colon], port)
    }

    /// A name in small letters and without the dot of the root.
    private static func name(_ host: String) -> String {
        (host.hasSuffix(".") ? String(host.dropLast()) : host).lowercased()
    }
}
