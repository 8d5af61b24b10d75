import FleetClock
import Foundation
import LoopbackServer
import Testing

@testable import VastAPI

@Suite("An exchange over the network") struct TransportTests {
    private func answer(
        _ action: LoopbackServer.Action, _ method: HTTPMethod = .get, timeout: Duration = .seconds(5), limit: Int = 100_000
    ) async throws -> HTTPResponse {
        let server = try LoopbackServer { _, _ in action }
        defer { server.stop() }
        let transport = AsyncHTTPTransport()
        let result: Result<HTTPResponse, any Error>
        do {
            result = .success(try await transport.exchange(HTTPRequest(method, server.url + "/", timeout: timeout, bodyLimit: limit)))
        } catch { result = .failure(error) }
        await transport.shutdown()
        return try result.get()
    }

    private static func packed(_ body: [UInt8], _ encoding: String) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
    }

    @Test("has its time-out for the whole of it, the body included")
    func drip() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        let error = await #expect(throws: TransportError.self) {
            try await answer(.drip(head, every: 10), timeout: .milliseconds(300))
        }
        #expect(error?.kind == .timedOut && error?.wasNotSent == false)
    }

    private static let gzip =
        "H4sIAAAAAAACA6tWKi5NTk4tLlayKikqTdVRyswrLknMA4ooWUVXK2WmKFkZ1sbqKJXklyTmxCNJGuoo5aVWlMSX5Gen5ilZ5ZXm5NQCACuCtFtNAAAA"
    private static let deflate = "eJyrViouTU5OLS5WsiopKk3VUcrMKy5JzAOKKFlFVytlpihZGdbG6iiV5Jck5sQjSRrqKOWlVpTEl+Rnp+YpWeWV5uTUAgAs9RuY"

    @Test("unpacks what is packed", arguments: [("gzip", gzip), ("deflate", deflate), ("GZIP", gzip)])
    func unpacked(encoding: String, base64: String) async throws {
        let body = Array(try #require(Data(base64Encoded: base64)))
        let response = try await answer(.sendBytes(Self.packed(body, encoding)))
        #expect(String(decoding: response.body, as: UTF8.self) == TLSTests.fleet)
    }

    @Test("does not wait for a body to unpack when none was asked for")
    func head() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n"
        #expect(try await answer(.send(head), .head).status == 200)
    }

    @Test("does not unpack more than is allowed")
    func bomb() async throws {
        let hex = "ecc101010000008090feafee080a00000000000000000000000000000000000000000000000000000000000000180000ffff"
        let block = stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
        // 32 KiB of zeros a block: 640 MB.
        let bomb = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [[UInt8]](repeating: block, count: 20_000).joined()
        let error = await #expect(throws: TransportError.self) { try await answer(.sendBytes(Self.packed(Array(bomb), "gzip"))) }
        #expect(error?.kind == .tooLarge)
    }

    @Test("of which the body is no gzip at all is garbled, and may have been carried out")
    func damaged() async throws {
        let error = await #expect(throws: TransportError.self) { try await answer(.sendBytes(Self.packed(Array("plain".utf8), "gzip"))) }
        #expect(error?.kind == .garbled && error?.wasNotSent == false)
    }

    @Test(
        "is refused for a URL that leads nowhere",
        arguments: [
            "http://127.0.0.1:65536/", "http://127.0.0.1:70000", "http://127.0.0.1:99999999999999999999/", "http://127.0.0.1:-1/",
            "http://127.0.0.1:0/",
            "http://:80/", "http:///x", "http://a b/", "http://a\u{0}b/", "http://[::1/", "http://[zz]/", "http://::1/", "ftp://a/", "",
            "http://u:p@a/",
            "http://a;b/", "http://\(String(repeating: "a", count: 64)).example/", "http://\(String(repeating: "a.", count: 200))b/",
            "http://a..b/",
            "http://é.example/", "http://127.0.0.1:+80/", "http://a%20b/"
        ])
    func urls(url: String) async throws {
        let error = await #expect(throws: TransportError.self) {
            try await AsyncHTTPTransport().exchange(HTTPRequest(.get, url, timeout: .seconds(1), bodyLimit: 1))
        }
        #expect(error?.kind == .invalidRequest && error?.wasNotSent == true)
    }

    @Test(
        "is refused for a header that could be more than one",
        arguments: [("a b", "x"), ("", "x"), ("a", "x\r\nb: y"), ("a", "x\u{0}"), ("a:", "x"), ("é", "x")])
    func headers(name: String, value: String) async throws {
        var request = HTTPRequest(.get, "http://127.0.0.1:1/", timeout: .seconds(1), bodyLimit: 1)
        request.headers = [(name, value)]
        let error = await #expect(throws: TransportError.self) { try await AsyncHTTPTransport().exchange(request) }
        #expect(error?.kind == .invalidRequest)
    }

    @Test("never stops the process, whatever the URL is made of", arguments: 0..<300 as Range<UInt64>)
    func anything(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let pieces = [
            "127.0.0.1", "localhost", ":", ":1", ":0", "65536", "[", "]", "::1", "/", "?", "#", "%00", "%", "..", "é", "\u{FEFF}", "-", "@",
            "\\"
        ]
        let rest = (0..<Int.random(in: 0...5, using: &dice)).map { _ in pieces.randomElement(using: &dice) ?? "" }.joined()
        // Nothing of this ends at a server: port 1 of this machine refuses at once.
        let url = "http://127.0.0.1:1\(rest)"
        await #expect(throws: TransportError.self) {
            try await AsyncHTTPTransport(connectTimeout: .milliseconds(500)).exchange(
                HTTPRequest(.get, url, timeout: .seconds(1), bodyLimit: 1))
        }
    }
}
