import FleetClock
import Foundation
import LoopbackServer
import Testing

@testable import VastAPI

/// For whom a certificate stands: random hosts and certificates, against curl's rule as it is read here, in texts alone.
/// `VAST_LUA_SEEDS` says how many servers are asked.
@Suite("The host of a certificate") struct CertificateHostLawTests {
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 60)

    @Test("is the URL's, for 40,000 hosts and certificates") func rule() {
        var dice = CertificateDice(seed: 5)
        for _ in 0..<40_000 {
            let host = dice.host()
            let names = dice.names(host)
            let checked = CertificateHost(host.text)
            let isNamed = names.contains {
                switch $0 {
                case .dns(let pattern): checked.isNamed(byPattern: Array(pattern.utf8))
                case .address(let bytes): checked.isNamed(byAddress: bytes)
                case .mail: false
                }
            }
            #expect(isNamed == host.isNamed(by: names), "\(host.text): \(names)")
        }
    }

    private enum Way: CaseIterable {
        case direct
        case proxyByAddress
        case proxyByName
        case socks
    }

    @Test("is the URL's on every way: only then has anything left, and the key with it", arguments: seeds)
    func servers(seed: UInt64) async throws {
        var dice = CertificateDice(seed: seed)
        let way = Way.allCases[Int(seed) % Way.allCases.count]
        // What is on this machine is never reached through a proxy.
        let host = way == .direct ? dice.hostOfThisMachine() : dice.host(isName: way == .socks)
        let names = dice.names(host)
        let certificate = MadeCertificate(names, commonName: Bool.random(using: &dice.dice) ? String(host.text.prefix(60)) : "whatever")
        let scratch = TLSTests.Scratch()
        let server = try await TLSServer(pem: certificate.pem, answer: LoopbackServer.response("hello"))
        let proxy = try ConnectProxy(to: UInt16(server.port), way == .socks ? .socks : .connects)
        let scheme = way == .socks ? "socks5h" : "http"
        let transport = AsyncHTTPTransport(
            network: NetworkSettings(environment: [
                "SSL_CERT_FILE": try scratch.write(certificate.pem),
                "https_proxy": way == .direct ? "" : "\(scheme)://\(way == .proxyByName ? "localhost" : "127.0.0.1"):\(proxy.port)"
            ]))
        // What a script writes into its headers changes nothing.
        let headers = [("Authorization", "Bearer \(markerKey)"), ("x-certificate-host", "127.0.0.1")]
        let request = HTTPRequest(
            .post, "https://\(host.text):\(server.port)/x", headers: headers, body: Array("body".utf8),
            timeout: .seconds(60), bodyLimit: 1 << 20)
        // A second request finds the connection of the first one, or makes its own.
        for turn in 1...2 {
            do {
                let response = try await transport.exchange(request)
                #expect(host.isNamed(by: names) && response.status == 200, "\(way) \(host.text): \(names)")
                #expect(server.requests.count == turn && server.connections == 1)
            } catch let error as TransportError {
                #expect(!host.isNamed(by: names), "\(way) \(host.text): \(names): \(error)")
                #expect(error.kind == .insecure && error.wasNotSent && server.requests.isEmpty, "\(error)")
                #expect(error.detail.contains("is not for \(host.text.lowercased()) but for"), "\(error.detail)")
            }
        }
        #expect(server.requests.allSatisfy { !$0.lowercased().contains("x-certificate-host") })
        await transport.shutdown()
        proxy.stop()
        await server.stop()
    }

    @Test("of a certificate that names the connection's other end alone is not the URL's", arguments: ["localhost", "service.example"])
    func otherEnd(host: String) async throws {
        let certificate = MadeCertificate([.address([127, 0, 0, 1])], commonName: host)
        let server = try await TLSServer(pem: certificate.pem, answer: LoopbackServer.response(TLSTests.fleet))
        let proxy = try ConnectProxy(to: UInt16(server.port))
        let scratch = TLSTests.Scratch()
        let error = try await TLSTests.message(
            "https://\(host):\(server.port)",
            ["SSL_CERT_FILE": try scratch.write(certificate.pem), "https_proxy": "127.0.0.1:\(proxy.port)"])
        #expect(error?.kind == .network && error?.attempts == 1 && error?.effect == VastError.Effect.none)
        #expect(error?.message.contains("the certificate is not for \(host) but for 127.0.0.1") == true, "\(error?.message ?? "")")
        #expect(server.requests.isEmpty)
        proxy.stop()
        await server.stop()
    }
}
