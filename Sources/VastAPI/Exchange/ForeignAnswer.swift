/// An answer that the service cannot have given: of a proxy, a firewall, a login page or a guard against robots between here and
/// it. Says in a few words what came, whatever its length.
struct ForeignAnswer: Error, Sendable, CustomStringConvertible {
    let status: Int
    /// What came, such as `an HTML page, "Log in"`.
    let description: String
    /// Whether it is a page for a browser, which the service never sends.
    let isPage: Bool

    private static let longestQuote = 80
    /// How much of a page is looked at.
    private static let looked = 4_096

    init(_ response: HTTPResponse, key: APIKey) {
        status = response.status
        let text = key.redacting(String(decoding: response.body.prefix(Self.looked), as: UTF8.self)).singleLine
        isPage = Self.isPage(response, text)
        if Self.isChallenge(response, text) {
            description = "a challenge of Cloudflare, which wants to see a browser"
        } else if isPage {
            description = "an HTML page" + (Self.title(text).map { ", \(Self.quoted($0))" } ?? "")
        } else if text.isEmpty {
            description = "nothing"
        } else {
            description = Self.quoted(text)
        }
    }

    private static func isPage(_ response: HTTPResponse, _ text: String) -> Bool {
        response.header("Content-Type")?.lowercased().contains("html") == true || text.hasPrefix("<")
    }

    private static func isChallenge(_ response: HTTPResponse, _ text: String) -> Bool {
        if response.header("cf-mitigated") != nil { return true }
        let isCloudflare = response.header("Server")?.lowercased() == "cloudflare" || response.header("CF-RAY") != nil
        return (isCloudflare || text.contains("challenges.cloudflare.com")) && text.lowercased().contains("just a moment")
    }

    /// What stands between `<title>` and its end, or in the first heading.
    private static func title(_ page: String) -> String? {
        let bytes = Array(page.utf8)
        let small = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        for name in ["<title", "<h1"] {
            guard let start = small.firstRange(of: Array(name.utf8))?.upperBound else { continue }
            let rest = bytes[start...].drop { $0 != UInt8(ascii: ">") }.dropFirst().prefix { $0 != UInt8(ascii: "<") }
            let text = String(decoding: rest, as: UTF8.self).singleLine
            if !text.isEmpty { return text }
        }
        return nil
    }

    private static func quoted(_ text: String) -> String {
        let printable = text.printableLine
        return "\"\(printable.prefix(longestQuote))\(printable.count > longestQuote ? "…" : "")\""
    }
}
