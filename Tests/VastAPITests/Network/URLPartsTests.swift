import FleetClock
import Foundation
import Testing

@testable import VastAPI

@Suite("A URL, taken apart")
struct URLPartsTests {
    /// The examples of RFC 3986, section 5.4, as far as they have an authority.
    private static let examples = [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"), ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"),
        ("g?y#s", "http://a/b/c/g?y"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"), ("g?y/./x", "http://a/b/c/g?y/./x"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("https://b:1/../x?y", "https://b:1/x?y")
    ]

    @Test("a reference means what RFC 3986 says", arguments: examples)
    func meaning(reference: String, meaning: String) throws {
        #expect(try #require(URLParts("http://a/b/c/d;p?q")).resolving(reference)?.text == meaning)
    }

    @Test("a reference of another kind means nothing here", arguments: ["g:h", "mailto:a@b", "http:g", "javascript:1//"])
    func others(reference: String) throws {
        #expect(try #require(URLParts("http://a/b/c/d;p?q")).resolving(reference) == nil)
    }

    @Test("what has no scheme and authority is none", arguments: ["", "a", "a/b", "//a", "://a", "1a://b", "a b://c", "é://a"])
    func none(text: String) {
        #expect(URLParts(text) == nil)
    }

    @Test(
        "user, host, port, path and query are told apart",
        arguments: [
            ("HTTP://U:p@Example.ORG:8080/A?b#c", "U:p", "example.org", 8080, "/A", "b"), ("http://a@b@c", "a@b", "c", 80, "", nil),
            ("http://[2001:DB8::1]:9/x", nil, "[2001:db8::1]", 9, "/x", nil), ("http://[::1]", nil, "[::1]", 80, "", nil),
            ("http://a:?q", nil, "a", 80, "", "q"), ("http://a/b@c:9?d/e", nil, "a", 80, "/b@c:9", "d/e"),
            ("http://a#b/c", nil, "a", 80, "", nil)
        ] as [(String, String?, String, Int, String, String?)])
    func parts(text: String, user: String?, host: String, port: Int, path: String, query: String?) throws {
        let url = try #require(URLParts(text))
        #expect(url.userInfo == user && url.host == host && url.port(usually: 80) == port && url.path == path && url.query == query)
    }

    @Test("an empty port is not named to anybody")
    func emptyPort() throws {
        let url = try #require(URLParts("http://a:/b"))
        #expect(url.hasEmptyPort && url.hostAndPort == "a" && url.text == "http://a/b")
    }

    @Test(
        "a port is a number from 1 to 65535",
        arguments: ["http://a:0", "http://a:65536", "http://a:+80", "http://a:8 0", "http://::1", "http://a:٣"])
    func ports(text: String) {
        #expect(URLParts(text)?.port(usually: 80) == nil)
    }

    /// A text that is a URL, or nearly one.
    private static func text(_ dice: inout SeededGenerator) -> String {
        let pieces = [
            "http://", "https://", "HTTP://", "://", "a", "b.example", "A.B", "127.0.0.1", "[::1]", "[::ffff:1.2.3.4]", ":80", ":443", ":",
            ":0", ":65536",
            "@", "user:pw@", "/", "//", "?", "#", "\\", "%2f", "%40", "..", ".", " ", "\t", "é", "xn--e1a", "0x7f.1", "1", ";", "[", "]",
            "&", "\u{0}"
        ]
        return (["http://", "https://", ""].randomElement(using: &dice) ?? "")
            + (0..<Int.random(in: 1...7, using: &dice)).compactMap { _ in pieces.randomElement(using: &dice) }.joined()
    }

    @Test("whatever is taken for a URL leads to one place, whoever reads it: we, and what carries the request")
    func agreement() throws {
        var dice = SeededGenerator(seed: 20_261_127)
        var accepted = 0
        for _ in 0..<20_000 {
            let text = Self.text(&dice)
            guard let address = try? WebAddress(text) else { continue }
            accepted += 1
            let foundation = try #require(URL(string: text), "\(text.debugDescription) is no URL to Foundation")
            let host = foundation.host(percentEncoded: true).map { $0.contains(":") ? "[\($0)]" : $0 }
            #expect(host?.lowercased() == address.host, "\(text.debugDescription)")
            #expect((foundation.port ?? (address.scheme == "https" ? 443 : 80)) == address.port, "\(text.debugDescription)")
            #expect(foundation.scheme?.lowercased() == address.scheme && foundation.user() == nil, "\(text.debugDescription)")
            if let service = try? ServiceURL(text) { #expect(WebAddress(service) == address, "\(text.debugDescription)") }
            if address.scheme == "http", let proxy = try? ProxyAddress(text, variable: "http_proxy") {
                #expect(proxy.host == address.host, "\(text.debugDescription)")
            }
        }
        #expect(accepted > 1_000, "of so many texts only \(accepted) are URLs")
    }

    @Test("a redirect leads where Foundation sees it lead")
    func redirects() throws {
        var dice = SeededGenerator(seed: 7)
        var compared = 0
        for _ in 0..<5_000 {
            let pieces = ["a", "b", "/", "//c.example", "..", ".", "?x=1", "#f", "/../", "./", "https://d.example:8", ";"]
            let reference = (0..<Int.random(in: 1...4, using: &dice)).compactMap { _ in pieces.randomElement(using: &dice) }.joined()
            let base = "http://a.example:81/b/c?d"
            guard let ours = URLParts(base)?.resolving(reference), (try? WebAddress(ours.text)) != nil,
                let theirs = URL(string: reference, relativeTo: URL(string: base))?.absoluteURL
            else { continue }
            compared += 1
            #expect(ours.host == theirs.host() && ours.port(usually: 80) == theirs.port ?? 80, "\(reference): \(ours.text), \(theirs)")
        }
        #expect(compared > 1_000)
    }
}
