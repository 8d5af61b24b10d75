import FleetClock
import Testing

@testable import VastAPI

@Suite("The proxy for a URL") struct ProxySettingsTests {
    private func proxy(_ url: String, _ environment: [String: String]) throws -> String? {
        try ProxySettings(environment).proxy(for: try WebAddress(url)).map { "\($0.host):\($0.port)" }
    }

    @Test("comes from the variable of its kind, the small one first, and HTTP_PROXY never counts")
    func order() throws {
        var all = [
            "https_proxy": "a:1", "HTTPS_PROXY": "b:2", "all_proxy": "c:3", "ALL_PROXY": "d:4", "HTTP_PROXY": "e:5", "http_proxy": "f:6"
        ]
        #expect(try proxy("http://x.example/", all) == "f:6")
        for (name, expected) in [("https_proxy", "a:1"), ("HTTPS_PROXY", "b:2"), ("all_proxy", "c:3"), ("ALL_PROXY", "d:4")] {
            #expect(try proxy("https://x.example/", all) == expected)
            all[name] = " "
        }
        #expect(try proxy("https://x.example/", all) == nil)
        all["http_proxy"] = nil
        #expect(try proxy("http://x.example/", all) == nil)
    }

    @Test(
        "is none for this machine and for the exceptions",
        arguments: [
            "https://localhost/", "https://LOCALHOST:8443/", "https://a.localhost", "https://127.0.0.1/", "https://127.9.9.9:1/",
            "https://[::1]/", "https://0.0.0.0/", "https://[::]:9/",
            "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/", "https://localhost./", "https://in.example/", "https://10.1.2.3/"
        ])
    func direct(url: String) throws {
        #expect(try proxy(url, ["https_proxy": "p:1", "no_proxy": "in.example, 10.0.0.0/8", "NO_PROXY": "*"]) == nil)
        #expect(try proxy("https://out.example/", ["https_proxy": "p:1", "no_proxy": "in.example", "NO_PROXY": "*"]) == "p:1")
        #expect(try proxy("https://out.example/", ["https_proxy": "p:1", "no_proxy": "", "NO_PROXY": "*"]) == nil)
    }

    @Test(
        "is understood as curl understands it",
        arguments: [
            ("proxy", "proxy", 1_080), ("proxy:3128", "proxy", 3_128), ("http://proxy:3128/", "proxy", 3_128),
            ("HTTP://Proxy", "proxy", 1_080),
            ("http://[2001:db8::1]:80", "[2001:db8::1]", 80), ("http://u:p%40ss@proxy:1", "proxy", 1), ("u@proxy:1", "proxy", 1),
            ("socks5://proxy", "proxy", 1_080), ("socks5h://proxy:9", "proxy", 9)
        ])
    func understood(text: String, host: String, port: Int) throws {
        let address = try ProxyAddress(text, variable: "https_proxy")
        #expect(address.host == host && address.port == port)
    }

    @Test("has a user and a password, with what URLs write as %40")
    func credentials() throws {
        let address = try ProxyAddress("http://us%20er:p%40:ss@proxy:1", variable: "https_proxy")
        #expect(address.credentials?.user == "us er" && address.credentials?.password == "p@:ss")
    }

    @Test(
        "is refused with what to do, and the password is not in it",
        arguments: [
            ("https://u:s3cret@proxy:1", "http://HOST:PORT"), ("socks5://u:s3cret@proxy:1", "without a password"),
            ("socks4://u:s3cret@proxy", "socks5h://"), ("ftp://u:s3cret@proxy", "http://HOST:PORT"),
            ("http://u:s3cret@proxy:99999", "http://HOST:PORT"),
            ("http://u:s3cret@:1", "http://HOST:PORT"), ("http://u:s3cret@pro xy", "http://HOST:PORT"),
            ("http://u:s3cret@a;b:1", "http://HOST:PORT"),
            ("u:s3cret@proxy:0", "http://HOST:PORT")
        ])
    func refused(text: String, advice: String) throws {
        let problem = #expect(throws: NetworkProblem.self) { try ProxyAddress(text, variable: "ALL_PROXY") }
        #expect(problem?.description.contains("ALL_PROXY") == true && problem?.description.contains(advice) == true)
        #expect(problem?.description.contains("s3cret") == false)
    }

    @Test("never shows its password, however it is printed")
    func hidden() throws {
        let environment = ["https_proxy": "http://us3r:s3cret@proxy:3128"]
        let address = try ProxyAddress(environment["https_proxy"] ?? "", variable: "https_proxy")
        var dumped = ""
        dump(address, to: &dumped)
        let way = try NetworkSettings(environment: environment).way(to: try ServiceURL("http://service.example"))
        let encrypted = try? NetworkSettings(environment: environment).way(to: .vast)
        let texts = dumped + "\(address) \(String(reflecting: address)) \(address.shown) \(way) \(encrypted ?? "")"
        #expect(!texts.contains("s3cret") && !texts.contains("us3r"))
        #expect(encrypted == nil || encrypted?.contains("the proxy proxy:3128 (https_proxy)") == true)
    }

    @Test(
        "and any text in its variable never stops the process, and never shows what stands before the @",
        arguments: 0..<20 as Range<UInt64>)
    func anything(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let pieces = [
            "http", "https", "socks5", "://", ":", "@", "/", "[", "]", "%", "%4", "host", "65536", "99999999999999999999", " ", "\u{0}",
            "é", ".", "-1"
        ]
        for _ in 0..<100 {
            let tail = (0..<Int.random(in: 0...6, using: &dice)).map { _ in pieces.randomElement(using: &dice) ?? "" }.joined()
            let text = (pieces.randomElement(using: &dice) ?? "") + "s3cret@" + tail
            do {
                let address = try ProxyAddress(text, variable: "https_proxy")
                #expect((1...65_535).contains(address.port) && !address.shown.contains("s3cret"))
            } catch {
                #expect(!error.description.contains("s3cret"))
            }
        }
    }
}
