import FleetClock
import Testing

@testable import VastAPI

/// `no_proxy`, against a reading of the rules that shares nothing with the program: texts and bits written out as digits.
@Suite("The exceptions from a proxy") struct NoProxyLawTests {
    /// What an entry says, as it was made up.
    private enum Entry {
        case everything
        case name(String)
        case network(String, bits: Int)

        func covers(_ host: Host) -> Bool {
            switch (self, host) {
            case (.everything, _): true
            case (.name(let name), .name(let host)): host == name || ("." + host).hasSuffix("." + name)
            case (.network(let digits, let bits), .address(let host)):
                digits.count == host.count && digits.prefix(bits) == host.prefix(bits)
            default: false
            }
        }
    }

    private enum Host {
        case name(String)
        /// All bits of an address, as the digits 0 and 1.
        case address(String)
    }

    private struct Made {
        var text: String
        var host: Host
    }

    private var dice = SeededGenerator(seed: 1)

    private static let labels = ["a", "b", "example", "vast", "ai", "com", "x-1"]

    private mutating func name(_ count: ClosedRange<Int>) -> String {
        (0..<Int.random(in: count, using: &dice)).map { _ in Self.labels.randomElement(using: &dice) ?? "a" }.joined(separator: ".")
    }

    private static func digits(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 2)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private mutating func address() -> (text: String, digits: String) {
        // Few different ones, so that networks cover some of them.
        if Bool.random(using: &dice) {
            let bytes: [UInt8] = [10, UInt8.random(in: 0...3, using: &dice), UInt8.random(in: 0...255, using: &dice), 7]
            return (bytes.map(String.init).joined(separator: "."), Self.digits(bytes))
        }
        let groups = [0x2001, 0xDB8, Int.random(in: 0...3, using: &dice), 0, 0, 0, 0, Int.random(in: 0...0xFFFF, using: &dice)]
        let bytes = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        return (groups.map { String($0, radix: 16) }.joined(separator: ":"), Self.digits(bytes))
    }

    private mutating func cased(_ text: String) -> String {
        Bool.random(using: &dice) ? text : text.uppercased()
    }

    private mutating func host() -> Made {
        if Int.random(in: 0..<3, using: &dice) > 0 {
            let name = name(1...4)
            return Made(text: cased(name) + (Int.random(in: 0..<6, using: &dice) == 0 ? "." : ""), host: .name(name))
        }
        let (text, digits) = address()
        return Made(text: text.contains(":") ? "[\(text)]" : text, host: .address(digits))
    }

    private mutating func entry() -> (text: String, entry: Entry?, port: Int?) {
        let port = Int.random(in: 0..<4, using: &dice) == 0 ? [80, 443, 8_080].randomElement(using: &dice) : nil
        let suffix = port.map { ":\($0)" } ?? ""
        switch Int.random(in: 0..<12, using: &dice) {
        case 0: return ("*" + suffix, .everything, port)
        case 1:
            let nonsense = ["10.0.0.0/33", "10.0/8", "2001:db8::/129", "/8", "10.0.0.0/x", ".", "10.0.0.0/-1"]
            return (nonsense.randomElement(using: &dice) ?? ".", nil, nil)
        case 2...4:
            let (text, digits) = address()
            let isSix = text.contains(":")
            let bits = Bool.random(using: &dice) ? digits.count : Int.random(in: 0...digits.count, using: &dice)
            let prefix = bits == digits.count && Bool.random(using: &dice) ? "" : "/\(bits)"
            if isSix, port != nil { return ("[\(text)]" + suffix, .network(digits, bits: digits.count), port) }
            return (text + prefix + suffix, .network(digits, bits: prefix.isEmpty ? digits.count : bits), port)
        default:
            let name = name(1...3)
            let dots = ["", ".", "*."].randomElement(using: &dice) ?? ""
            return (dots + cased(name) + (Int.random(in: 0..<6, using: &dice) == 0 ? "." : "") + suffix, .name(name), port)
        }
    }

    @Test("cover the hosts that the rules say, for any list and host", arguments: 0..<40 as Range<UInt64>)
    func law(seed: UInt64) {
        var made = self
        made.dice = SeededGenerator(seed: seed)
        for _ in 0..<100 { made.checkOne() }
    }

    private mutating func checkOne() {
        let entries = (0..<Int.random(in: 0...4, using: &dice)).map { _ in entry() }
        let separators = [",", " ", ", ", ",,", "\t"]
        let list = entries.map { $0.text + (separators.randomElement(using: &dice) ?? ",") }.joined()
        let host = self.host()
        let port = [80, 443, 8_080].randomElement(using: &dice) ?? 443
        let expected = entries.contains { ($0.port == nil || $0.port == port) && $0.entry?.covers(host.host) == true }
        #expect(NoProxyList(list).contains(host: host.text, port: port) == expected, "\(list) and \(host.text):\(port)")
    }

    @Test(
        "are read as curl reads them",
        arguments: [
            ("vast.ai", "console.vast.ai", true), (".vast.ai", "vast.ai", true), (".vast.ai", "console.vast.ai", true),
            ("vast.ai", "notvast.ai", false), ("*", "anything", true), ("VAST.AI.", "console.vast.ai", true),
            ("192.0.2.0/24", "192.0.2.77", true), ("192.0.2.0/24", "192.0.3.77", false), ("192.0.2.1", "192.0.2.1", true),
            ("2001:db8::/32", "[2001:db8::1]", true), ("[2001:db8::1]", "[2001:db8:0::1]", true), ("0.2.1", "192.0.2.1", false),
            ("vast.ai:8443", "console.vast.ai", false), ("vast.ai:443", "console.vast.ai", true), ("", "vast.ai", false)
        ])
    func examples(list: String, host: String, isCovered: Bool) {
        #expect(NoProxyList(list).contains(host: host, port: 443) == isCovered)
    }
}
