/// Names and addresses of machines.
package enum HostName {
    /// Whether it can be looked up and written into a request: a name of letters, digits, `-`, `_` and dots, an address, or an
    /// address of IPv6 in brackets.
    package static func isValid(_ host: String) -> Bool {
        if host.hasPrefix("[") || host.contains(":") { return IPAddress(host) != nil }
        let labels = (host.hasSuffix(".") ? host.dropLast() : host[...]).split(separator: ".", omittingEmptySubsequences: false)
        return host.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy {
                        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
                    }
            }
    }

    /// Whether it is this machine, so that nothing leaves it.
    package static func isLoopback(_ host: String) -> Bool {
        if let address = IPAddress(host) { return address.isLoopback }
        let name = (host.hasSuffix(".") ? String(host.dropLast()) : host).lowercased()
        return name == "localhost" || name.hasSuffix(".localhost")
    }
}
