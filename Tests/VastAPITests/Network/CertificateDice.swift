import FleetClock
import LoopbackServer

/// Makes up hosts of URLs, and certificates that are nearly or really for them.
struct CertificateDice {
    var dice: SeededGenerator

    init(seed: UInt64) { dice = SeededGenerator(seed: seed) }

    struct Host {
        enum Kind {
            /// In small letters, without a dot at its end.
            case name(String)
            case address([UInt8])
        }

        /// As it stands in the URL.
        let text: String
        let kind: Kind

        /// What curl says (`Curl_cert_hostcheck`), but that the subject never counts.
        func isNamed(by names: [MadeCertificate.Name]) -> Bool {
            names.contains { name in
                switch (kind, name) {
                case (.address(let bytes), .address(let other)): bytes == other
                case (.name(let host), .dns(let pattern)): Self.matches(host, pattern.lowercased())
                default: false
                }
            }
        }

        private static func matches(_ host: String, _ pattern: String) -> Bool {
            let pattern = (pattern.hasSuffix(".") ? pattern.dropLast() : pattern[...]).split(
                separator: ".", omittingEmptySubsequences: false)
            let labels = host.split(separator: ".", omittingEmptySubsequences: false)
            if pattern == labels { return true }
            return pattern.first == "*" && pattern.count > 2 && pattern.dropFirst() == labels.dropFirst()
        }
    }

    private static let labels = ["a", "b", "vast", "example", "xn--bcher-kva", "x_1", "console", "4"]

    private mutating func name() -> String {
        // A name that ends with a number would be an address to some.
        (0..<Int.random(in: 0...3, using: &dice)).map { _ in (Self.labels.randomElement(using: &dice) ?? "a") + "." }.joined()
            + (["ai", "com", "example"].randomElement(using: &dice) ?? "ai")
    }

    private mutating func cased(_ text: String) -> String { Int.random(in: 0..<4, using: &dice) > 0 ? text : text.uppercased() }

    private mutating func named(_ name: String) -> Host {
        Host(text: cased(name) + (Int.random(in: 0..<8, using: &dice) == 0 ? "." : ""), kind: .name(name))
    }

    private mutating func address() -> Host {
        let last = UInt8.random(in: 1...9, using: &dice)
        if Bool.random(using: &dice) { return Host(text: "192.0.2.\(last)", kind: .address([192, 0, 2, last])) }
        let text = ["[2001:db8::\(last)]", "[2001:DB8:0:0::\(last)]", "[2001:0db8::000\(last)]"].randomElement(using: &dice) ?? ""
        return Host(text: text, kind: .address([0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [last]))
    }

    mutating func host(isName: Bool = false) -> Host {
        isName || Int.random(in: 0..<3, using: &dice) > 0 ? named(name()) : address()
    }

    mutating func hostOfThisMachine() -> Host {
        Bool.random(using: &dice)
            ? Host(text: cased("localhost"), kind: .name("localhost")) : Host(text: "127.0.0.1", kind: .address([127, 0, 0, 1]))
    }

    /// None to four, each a right one now and then.
    mutating func names(_ host: Host) -> [MadeCertificate.Name] {
        (0..<Int.random(in: 0...4, using: &dice)).map { _ in
            switch host.kind {
            case .name(let name): Bool.random(using: &dice) ? .dns(cased(pattern(near: name))) : other(host)
            case .address(let bytes): Int.random(in: 0..<5, using: &dice) == 0 ? .address(bytes) : other(host)
            }
        }
    }

    private mutating func pattern(near name: String) -> String {
        let labels = name.split(separator: ".")
        let parent = labels.dropFirst().joined(separator: ".")
        let first = labels.first ?? ""
        let near = [
            name, name + ".", "*.\(parent)", "*.\(parent).", "*.\(name)", "\(first.prefix(1))*.\(parent)", "*\(first).\(parent)", "*",
            "*.\(labels.last ?? "")", parent, "*.*.\(labels.dropFirst(2).joined(separator: "."))", "\(name)\u{0}",
            "\(name)\u{0}.evil.example",
            "evil\(name)", "\(first).*", "www.\(name)", ".\(name)", "*.", " \(name)", ".\(parent)", "*..\(parent)", "\(name).."
        ]
        return near.randomElement(using: &dice) ?? name
    }

    /// One that is most likely of another, or names the host in a way that counts for nothing.
    private mutating func other(_ host: Host) -> MadeCertificate.Name {
        switch Int.random(in: 0..<8, using: &dice) {
        case 0, 1: .address([127, 0, 0, 1])
        case 2: .address([UInt8](repeating: 0, count: 15) + [1])
        case 3: .dns(host.text.lowercased().filter { !"[]".contains($0) })
        case 4: .mail("me@\(host.text.lowercased())")
        case 5: .dns(name())
        case 6: .address([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 127, 0, 0, 1])
        default: .address(Array([192, 0, 2, 1, 192, 0, 2, 1].prefix([3, 4, 8].randomElement(using: &dice) ?? 4)))
        }
    }
}
