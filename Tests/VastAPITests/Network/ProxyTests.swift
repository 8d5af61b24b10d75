import FleetClock
import Foundation
import LoopbackServer
import Testing

@testable import VastAPI

/// Requests through a real proxy on loopback to a real server behind it.
@Suite("Through a proxy") struct ProxyTests {
    private struct Behind {
        let server: TLSServer
        let proxy: ConnectProxy
        let scratch = TLSTests.Scratch()

        init(_ certificate: TestCertificate = .good, _ manner: ConnectProxy.Manner = .connects) async throws {
            server = try await TLSServer(certificate, answer: LoopbackServer.response(TLSTests.fleet))
            proxy = try ConnectProxy(to: UInt16(server.port), manner)
        }

        func environment(_ more: [String: String] = [:]) throws -> [String: String] {
            ["SSL_CERT_FILE": try scratch.write(TestCertificate.authority), "https_proxy": "http://127.0.0.1:\(proxy.port)"].merging(more) {
                $1
            }
        }

        func stop() async {
            proxy.stop()
            await server.stop()
        }
    }

    @Test("a request gets there by CONNECT, encrypted from end to end, and the proxy sees no key")
    func connect() async throws {
        let behind = try await Behind()
        let client = try TLSTests.client("https://service.example", try behind.environment())
        #expect(try await client.list().instances.map(\.id) == [1])
        #expect(behind.proxy.asked.first?.hasPrefix("CONNECT service.example:443 HTTP/1.1") == true)
        #expect(behind.proxy.asked.allSatisfy { !$0.contains(markerKey) })
        #expect(behind.server.requests.first?.contains("Bearer \(markerKey)") == true)
        await client.shutdown()
        await behind.stop()
    }

    @Test(
        "one that says that it has connected us, and answers itself, or hangs up, is named, and nothing was sent",
        arguments: ["<html>Log in</html>", "HTTP/1.1 200 OK\r\n\r\n<html>", "", "\u{0}\u{1}"])
    func answersItself(page: String) async throws {
        let portal = try LoopbackServer { _, _ in .sendAndClose("HTTP/1.1 200 Connection established\r\n\r\n" + page) }
        defer { portal.stop() }
        let error = try await TLSTests.message("https://service.example", ["https_proxy": portal.url])
        let port = portal.url.split(separator: ":").last.map(String.init) ?? ""
        #expect(error?.kind == .network && error?.message.contains("the proxy 127.0.0.1:\(port)") == true, "\(String(describing: error))")
        #expect(error?.message.contains("NoResult") == false)
    }

    @Test("a user and a password are sent to the proxy and to nobody else")
    func credentials() async throws {
        let behind = try await Behind(.good, .wantsPassword(Data("us er:p@ss".utf8).base64EncodedString()))
        let variable = "http://us%20er:p%40ss@127.0.0.1:\(behind.proxy.port)"
        let client = try TLSTests.client("https://service.example", try behind.environment(["https_proxy": variable]))
        #expect(try await client.list().instances.count == 1)
        #expect(behind.server.requests.allSatisfy { !$0.lowercased().contains("proxy-authorization") })
        await client.shutdown()
        await behind.stop()
    }

    @Test(
        "a proxy that wants a password, or another one, is an error at once that says so",
        arguments: [("", "USER:PASSWORD"), ("me:wr0ng@", "does not accept")])
    func password(credentials: String, words: String) async throws {
        let behind = try await Behind(.good, .wantsPassword("eA=="))
        let environment = try behind.environment(["https_proxy": "http://\(credentials)127.0.0.1:\(behind.proxy.port)"])
        let error = try await TLSTests.message("https://service.example", environment)
        #expect(error?.kind == .network && error?.attempts == 1 && error?.effect == VastError.Effect.none)
        #expect(error?.message.contains(words) == true && error?.message.contains("127.0.0.1:\(behind.proxy.port)") == true)
        #expect(error?.message.contains("wr0ng") == false)
        await behind.stop()
    }

    @Test("a proxy that refuses, or is not there, has sent nothing on, and is named", arguments: [true, false])
    func refused(isThere: Bool) async throws {
        let behind = try await Behind(.good, .refuses("403 Forbidden"))
        let port = isThere ? "\(behind.proxy.port)" : "1"
        let client = try TLSTests.client("https://service.example", try behind.environment(["https_proxy": "127.0.0.1:\(port)"]))
        let error = try #require(await Operations(client).start([1]).results[1]?.error)
        #expect(error.kind == .network && error.effect == .none && error.attempts > 1)
        #expect(error.message.contains("the proxy 127.0.0.1:\(port)"))
        #expect(behind.server.connections == 0)
        await client.shutdown()
        await behind.stop()
    }

    @Test("a certificate that is not believed is explained as without one")
    func rejected() async throws {
        let behind = try await Behind(.foreign)
        let error = try await TLSTests.message("https://service.example", try behind.environment())
        #expect(error?.message.contains("Somebody Else's Authority") == true && error?.attempts == 1)
        #expect(behind.server.requests.isEmpty)
        await behind.stop()
    }

    @Test("this machine and the exceptions are reached without it", arguments: ["localhost", "127.0.0.1"])
    func direct(host: String) async throws {
        let behind = try await Behind()
        let client = try TLSTests.client("https://\(host):\(behind.server.port)", try behind.environment(["all_proxy": "127.0.0.1:1"]))
        #expect(try await client.list().instances.count == 1)
        #expect(behind.proxy.asked.isEmpty)
        await client.shutdown()
        await behind.stop()
    }

    @Test(
        "one that cannot be used is an error of the request that needs it",
        arguments: ["https://u:s3cret@p:1", "socks5://u:s3cret@p:1", "http://p:0"])
    func unusable(variable: String) async throws {
        let error = try await TLSTests.message("https://service.example", ["https_proxy": variable])
        #expect(error?.kind == .network && error?.attempts == 1 && error?.message.contains("https_proxy") == true)
        #expect(error?.message.contains("s3cret") == false)
    }

    @Test("SOCKS 5 without a password is spoken, and the proxy looks the name up", arguments: ["socks5", "socks5h"])
    func socks(scheme: String) async throws {
        let behind = try await Behind(.good, .socks)
        let environment = try behind.environment(["https_proxy": "\(scheme)://127.0.0.1:\(behind.proxy.port)"])
        let client = try TLSTests.client("https://service.example", environment)
        #expect(try await client.list().instances.count == 1)
        #expect(behind.proxy.asked == ["service.example:443"])
        await client.shutdown()
        await behind.stop()
    }

    @Test("a proxy that answers anything else is an error, and nothing gets past it", arguments: 0..<60 as Range<UInt64>)
    func odd(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let pieces = [
            "200 OK", "403 No", "407 No", "100 Continue", "101 Switching Protocols", "\r\n", "\r\n\r\n", "HTTP/1.1 ",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "\u{0}",
            "\u{16}\u{3}\u{1}"
        ]
        let words = (0..<Int.random(in: 1...6, using: &dice)).map { _ in pieces.randomElement(using: &dice) ?? "" }.joined()
        let behind = try await Behind(.good, .refuses(words))
        let error = try await TLSTests.message("https://service.example", try behind.environment())
        #expect(error.map { [.network, .timeout].contains($0.kind) } == true, "\(words): \(String(describing: error))")
        #expect(behind.server.connections == 0)
        await behind.stop()
    }

    @Test(
        "a certificate that names the address is believed, and one that does not is not, though it names the proxy's",
        arguments: [("192.0.2.7", true), ("[2001:db8::7]", true), ("192.0.2.8", false), ("[2001:db8::8]", false)])
    func addresses(host: String, isListed: Bool) async throws {
        for certificate in [TestCertificate.addressed, .selfSigned] {
            let behind = try await Behind(certificate)
            let environment = [
                "SSL_CERT_FILE": try behind.scratch.write(certificate.pem), "https_proxy": "http://127.0.0.1:\(behind.proxy.port)"
            ]
            let client = try TLSTests.client("https://\(host)", environment)
            if isListed, certificate == .addressed {
                #expect(try await client.list().instances.count == 1)
            } else {
                let error = await #expect(throws: VastError.self) { try await client.list() }
                #expect(error?.kind == .network && error?.attempts == 1 && behind.server.requests.isEmpty)
                #expect(error?.message.contains("is not for \(host) but for") == true, "\(error?.message ?? "")")
            }
            await client.shutdown()
            await behind.stop()
        }
    }
}

/// Requests that are not encrypted, through a real proxy on loopback.
@Suite("Forwarded by a proxy") struct ForwardedRequestTests {
    private static func get(_ url: String, _ environment: [String: String], headers: [(name: String, value: String)] = []) async throws
        -> HTTPResponse
    {
        let transport = AsyncHTTPTransport(network: NetworkSettings(environment: environment))
        let request = HTTPRequest(.get, url, headers: headers, timeout: .seconds(30), bodyLimit: 1 << 20)
        do {
            let response = try await transport.exchange(request)
            await transport.shutdown()
            return response
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    @Test(
        "they go with the whole URL in their first line, as curl sends them, and not by CONNECT",
        arguments: [
            ("http://api.example/a/b?c=%20d&e=//f#g", "http://api.example/a/b?c=%20d&e=//f", "api.example"),
            ("http://api.example:8080", "http://api.example:8080/", "api.example:8080"),
            ("http://192.0.2.7/?q", "http://192.0.2.7/?q", "192.0.2.7"),
            ("http://[2001:db8::7]:81/x", "http://[2001:db8::7]:81/x", "[2001:db8::7]:81"),
            ("http://api.example?q=1", "http://api.example/?q=1", "api.example")
        ])
    func forwarded(url: String, line: String, host: String) async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("hello")) }
        let proxy = try ConnectProxy(to: server.port, .wantsPassword(Data("us er:p@ss".utf8).base64EncodedString()))
        let response = try await Self.get(
            url, ["http_proxy": "http://us%20er:p%40ss@127.0.0.1:\(proxy.port)"], headers: [("Authorization", "Bearer x")])
        #expect(response.status == 200 && String(decoding: response.body, as: UTF8.self) == "hello")
        let asked = try #require(server.seen.first)
        #expect(asked.hasPrefix("GET \(line) HTTP/1.1\r\n"), "\(asked)")
        let lines = asked.lowercased()
        #expect(lines.contains("\r\nhost: \(host)\r\n") && lines.contains("\r\nauthorization: bearer x\r\n"), "\(asked)")
        #expect(!lines.contains("x-forwarded-origin") && proxy.asked.count == 1, "\(asked)")
        proxy.stop()
        server.stop()
    }

    @Test("several of them, to different hosts, share a connection and keep their own lines")
    func many() async throws {
        let server = try LoopbackServer { request, _ in .send(LoopbackServer.response(String(request.split(separator: "\r\n")[0]))) }
        let proxy = try ConnectProxy(to: server.port)
        let transport = AsyncHTTPTransport(network: NetworkSettings(environment: ["http_proxy": "127.0.0.1:\(proxy.port)"]))
        for number in 0..<6 {
            let url = "http://host\(number % 3).example/\(number)"
            let response = try await transport.exchange(HTTPRequest(.get, url, timeout: .seconds(30), bodyLimit: 1 << 20))
            #expect(String(decoding: response.body, as: UTF8.self) == "GET \(url) HTTP/1.1")
        }
        await transport.shutdown()
        proxy.stop()
        server.stop()
    }

    @Test(
        "a proxy that wants a password, or is not there, is named, and nothing was sent",
        arguments: [("", "USER:PASSWORD"), ("me:wr0ng@", "does not accept")])
    func password(credentials: String, words: String) async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("hello")) }
        let proxy = try ConnectProxy(to: server.port, .wantsPassword("eA=="))
        let error = await #expect(throws: TransportError.self) {
            try await Self.get("http://api.example/", ["http_proxy": "http://\(credentials)127.0.0.1:\(proxy.port)"])
        }
        #expect(error?.kind == .misconfigured && error?.wasNotSent == true && error?.detail.contains(words) == true)
        #expect(
            error?.detail.contains("127.0.0.1:\(proxy.port)") == true && error?.detail.contains("wr0ng") == false && server.seen.isEmpty)
        let gone = await #expect(throws: TransportError.self) { try await Self.get("http://api.example/", ["http_proxy": "127.0.0.1:1"]) }
        #expect(gone?.wasNotSent == true && gone?.concernsProxy == true && gone?.detail.contains("the proxy 127.0.0.1:1") == true)
        proxy.stop()
        server.stop()
    }
}
