import FleetClock
import Foundation
import LoopbackServer
import Testing

@testable import VastAPI

/// Certificates, with real servers on loopback.
@Suite("Encryption") struct TLSTests {
    static let fleet = #"{"success":true,"instances":[{"id":1}],"total_instances":1,"next_token":null}"#

    /// A file or folder that goes with it.
    final class Scratch {
        let path = NSTemporaryDirectory() + "vast-tls-\(UUID().uuidString)"
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ text: String, _ name: String? = nil) throws -> String {
            let file = name.map { "\(path)/\($0)" } ?? path
            if name != nil { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            return file
        }
    }

    static func client(_ url: String, _ environment: [String: String]) throws -> VastClient {
        var configuration = ClientConfiguration(
            url: try ServiceURL(url), key: try APIKey(markerKey), clock: VirtualClock(mode: .jumping), seed: 1)
        configuration.timeout = .seconds(60)
        configuration.network = NetworkSettings(environment: environment)
        return try VastClient(configuration)
    }

    static func message(_ url: String, _ environment: [String: String]) async throws -> VastError? {
        let client = try client(url, environment)
        let error = await #expect(throws: VastError.self) { try await client.list() }
        await client.shutdown()
        return error
    }

    @Test("with an authority of SSL_CERT_FILE or SSL_CERT_DIR is believed", arguments: ["SSL_CERT_FILE", "SSL_CERT_DIR"])
    func trusted(variable: String) async throws {
        let server = try await TLSServer(.good, answer: LoopbackServer.response(Self.fleet))
        let scratch = Scratch()
        let text = "a comment\n" + TestCertificate.authority + "\n"
        let place = variable == "SSL_CERT_FILE" ? try scratch.write(text) : ""
        if variable == "SSL_CERT_DIR" {
            _ = try scratch.write(text, "mine.pem")
            _ = try scratch.write("nothing", "readme")
        }
        let client = try Self.client("https://localhost:\(server.port)", [variable: place.isEmpty ? "\(scratch.path):" : place])
        #expect(try await client.list().instances.map(\.id) == [1])
        await client.shutdown()
        await server.stop()
    }

    static let rejections: [(TestCertificate, [String])] = [
        (.expired, ["expired on 2020-03-01"]), (.early, ["not valid before 2110-05-01"]), (.selfSigned, ["self-signed (my server)"]),
        (.foreign, ["issuer that is not known", "Somebody Else's Authority", "SSL_CERT_FILE"]),
        (.elsewhere, ["not for localhost but for www.example.com, *.example.net"])
    ]

    @Test("with a certificate that is not believed ends at once, says why, and neither request nor key has left", arguments: rejections)
    func rejected(certificate: TestCertificate, words: [String]) async throws {
        let server = try await TLSServer(certificate, answer: LoopbackServer.response(Self.fleet))
        let scratch = Scratch()
        let error = try await Self.message(
            "https://localhost:\(server.port)", ["SSL_CERT_FILE": try scratch.write(TestCertificate.authority)])
        #expect(error?.kind == .network && error?.attempts == 1)
        for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
        #expect(error?.message.contains("BoringSSL") == false)
        #expect(server.requests.isEmpty && server.connections == 2)
        await server.stop()
    }

    @Test("with a certificate that is trusted for itself, but not for this host, names the hosts that it has")
    func trustedElsewhere() async throws {
        let server = try await TLSServer(.selfSigned, answer: LoopbackServer.response(Self.fleet))
        let scratch = Scratch()
        let environment = ["SSL_CERT_FILE": try scratch.write(TestCertificate.selfSigned.pem)]
        let client = try Self.client("https://localhost:\(server.port)", environment)
        #expect(try await client.list().instances.count == 1)
        await client.shutdown()
        let error = try await Self.message("https://a.localhost:\(server.port)", environment)
        // Where names below localhost are not known there is nothing to compare.
        if error?.message.contains("is not known") == false {
            #expect(error?.message.contains("not for a.localhost but for localhost, 127.0.0.1, service.example") == true)
        }
        await server.stop()
    }

    @Test(
        "without usable certificates says which file, and sends nothing",
        arguments: [
            ("SSL_CERT_FILE", nil, "No such file"), ("SSL_CERT_FILE", "no certificate", "no certificate in it"),
            ("SSL_CERT_FILE", "", "no certificate in it"),
            ("SSL_CERT_DIR", nil, "No such file")
        ] as [(String, String?, String)])
    func unusable(variable: String, content: String?, words: String) async throws {
        let server = try await TLSServer(.good, answer: LoopbackServer.response(Self.fleet))
        let scratch = Scratch()
        if let content { _ = try scratch.write(content) }
        let error = try await Self.message("https://localhost:\(server.port)", [variable: scratch.path])
        #expect(error?.kind == .network && error?.attempts == 1 && server.connections == 0)
        #expect(
            error?.message.contains(words) == true && error?.message.contains(variable) == true
                && error?.message.contains(scratch.path) == true)
        await server.stop()
    }

    @Test("that ends without a word after a change has left leaves the change in doubt, and it is not sent again")
    func dropped() async throws {
        let server = try await TLSServer(.good, answer: "", ending: .drop)
        let scratch = Scratch()
        let client = try Self.client(
            "https://localhost:\(server.port)", ["SSL_CERT_FILE": try scratch.write(TestCertificate.authority)])
        let error = await #expect(throws: VastError.self) { try await client.send(.setState(.running, of: 1)) }
        #expect(error?.effect == .unknown && error?.kind == .network && error?.attempts == 1)
        #expect(server.requests.filter { $0.hasPrefix("PUT") }.count == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test(
        "with a server that wants a certificate of its clients ends at once with a sentence, and nothing has been done",
        arguments: [TLSServer.Clients.certified, .certifiedOfOld])
    func clientCertificate(clients: TLSServer.Clients) async throws {
        let server = try await TLSServer(.good, answer: LoopbackServer.response(Self.fleet), for: clients)
        let scratch = Scratch()
        let environment = ["SSL_CERT_FILE": try scratch.write(TestCertificate.authority)]
        let error = try await Self.message("https://localhost:\(server.port)", environment)
        #expect(error?.kind == .network && error?.attempts == 1, "\(String(describing: error))")
        #expect(error?.message.contains("wants a certificate from its clients") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("SSL") == false && error?.message.contains("/") == false, "\(error?.message ?? "")")
        let client = try Self.client("https://localhost:\(server.port)", environment)
        let change = await #expect(throws: VastError.self) { try await client.send(.setState(.running, of: 1)) }
        #expect(change?.effect == VastError.Effect.none && change?.attempts == 1 && server.requests.isEmpty)
        await client.shutdown()
        await server.stop()
    }

    @Test("is not looked for where a host answers without it")
    func plain() async throws {
        let server = try LoopbackServer { _, _ in .sendAndClose("HTTP/1.1 400 Bad Request\r\n\r\n") }
        defer { server.stop() }
        let error = try await Self.message("https://127.0.0.1:\(server.port)", [:])
        // Without certificates on the machine nothing is tried at all.
        #expect(error?.kind == .network && error?.attempts == 1)
        #expect(error?.message.contains("does not speak TLS") == true || error?.message.contains("no CA certificates") == true)
    }

    @Test("shows certificates that may be anything: damaged ones are read as far as they go", arguments: TestCertificate.allCases)
    func damaged(certificate: TestCertificate) throws {
        let base64 = certificate.pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        let whole = Array(try #require(Data(base64Encoded: base64)))
        let names = try #require(CertificateNames(der: whole))
        #expect(names.isSelfIssued == [.selfSigned, .addressed].contains(certificate) && names.validFrom < names.validUntil)
        var dice = SeededGenerator(seed: UInt64(whole.count))
        for length in whole.indices { _ = CertificateNames(der: Array(whole[..<length])) }
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                bytes[Int.random(in: bytes.indices, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            guard let names = CertificateNames(der: bytes) else { continue }
            let scalars = (names.issuer + names.subject).unicodeScalars
            #expect(scalars.allSatisfy { $0.value >= 0x20 && $0.properties.generalCategory != .control })
            let facts = CertificateFacts(
                issuer: names.issuer, subject: names.subject, isSelfIssued: names.isSelfIssued, validFrom: names.validFrom,
                validUntil: names.validUntil, hosts: [])
            #expect(!CertificateProblem(facts: facts, host: "a", isOfAnotherHost: false, now: Date()).description.isEmpty)
        }
    }

    @Test("SSL_CERT_DIR may have parts that are empty, or not there, but for one", arguments: 0..<20 as Range<UInt64>)
    func parts(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let scratch = Scratch()
        let path = scratch.path
        let nothing = path + "/empty"
        try FileManager.default.createDirectory(atPath: nothing, withIntermediateDirectories: true)
        var parts = (0..<Int.random(in: 0...4, using: &dice)).map { _ in
            ["", "/nonexistent/certs", nothing].randomElement(using: &dice) ?? ""
        }
        let isThere = Bool.random(using: &dice)
        if isThere {
            _ = try scratch.write(TestCertificate.authority, "mine.pem")
            parts.insert(path, at: Int.random(in: 0...parts.count, using: &dice))
        }
        let roots = TrustRoots(["SSL_CERT_DIR": parts.joined(separator: ":")])
        let isSystem = parts.allSatisfy(\.isEmpty)
        if isThere {
            let place = try roots.place()
            var count = 0
            if case .certificates(let found) = try roots.load() { count = found.count }
            #expect(count == 1 && place.contains(path), "\(parts)")
        } else if !isSystem {
            let problem = #expect(throws: NetworkProblem.self) { try roots.load() }
            #expect(problem?.description.contains("SSL_CERT_DIR") == true, "\(parts)")
        }
    }

    @Test("a certificate for other addresses is said to be for them", arguments: ["10.1.2.4", "::2", "[::2]"])
    func address(host: String) {
        let facts = CertificateFacts(
            issuer: "i", subject: "s", isSelfIssued: false, validFrom: .distantPast, validUntil: .distantFuture,
            hosts: ["api.example", "10.1.2.3", "0:0:0:0:0:0:0:1"])
        let problem = CertificateProblem(facts: facts, host: host, isOfAnotherHost: true, now: Date()).description
        #expect(problem.contains("is not for \(host) but for api.example, 10.1.2.3"))
    }
}
