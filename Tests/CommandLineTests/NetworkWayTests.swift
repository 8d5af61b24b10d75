import Foundation
import LoopbackServer
import Testing

@testable import VastAPI

/// The way to the service, and to everything else that a script reaches.
@Suite struct NetworkWayTests {
    private static let answer = LoopbackServer.response(
        #"{"success":true,"id":7,"email":"a@example.com","instances":[],"total_instances":0,"next_token":null}"#)

    private struct Setting {
        var vast: VastLua
        let server: TLSServer
        let proxy: ConnectProxy

        /// - Parameter credentials: what stands before the proxy's host.
        init(_ certificate: TestCertificate = .good, credentials: String = "", _ manner: ConnectProxy.Manner = .connects) async throws {
            try await self.init(pem: certificate.pem, authority: TestCertificate.authority, credentials: credentials, manner)
        }

        /// - Parameter authority: whose word is taken.
        init(pem: String, authority: String, credentials: String = "", _ manner: ConnectProxy.Manner = .connects) async throws {
            server = try await TLSServer(pem: pem, answer: NetworkWayTests.answer)
            proxy = try ConnectProxy(to: UInt16(server.port), manner)
            vast = try VastLua([
                "VAST_API_KEY": "sekret-key", "VAST_URL": "https://service.example",
                "HTTPS_PROXY": "http://\(credentials)127.0.0.1:\(proxy.port)"
            ])
            vast.environment["SSL_CERT_FILE"] = try vast.write("ca.pem", authority)
        }

        func stop() async {
            proxy.stop()
            await server.stop()
        }
    }

    @Test("the service, vast.http, notices and the heartbeat are reached through the proxy, whose password nobody sees")
    func proxied() async throws {
        let names = ["service", "other", "note", "beat"].map { MadeCertificate.Name.dns("\($0).example") }
        let pem = MadeCertificate(names, commonName: "four").pem
        let setting = try await Setting(
            pem: pem, authority: pem, credentials: "us3r:s3cret@", .wantsPassword(Data("us3r:s3cret".utf8).base64EncodedString()))
        let vast = setting.vast
        try vast.write(
            ".config/vast-lua/config.json",
            #"{"heartbeat": {"url": "https://beat.example/b"}, "notify": {"url": "https://note.example/n", "kind": "json"}}"#)
        let script = try vast.write(
            "a.lua", "print(#vast.instances(), vast.http.get('https://other.example/').status, vast.notify('x'))")
        let run = try await vast.run("--log-level", "trace", script)
        #expect(run.code == 0 && run.output == "0\t200\ttrue\n", "\(run)")
        let asked = Set(setting.proxy.asked.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) })
        #expect(asked == ["service.example:443", "other.example:443", "note.example:443", "beat.example:443"])
        let doctor = try await vast.run("doctor")
        #expect(doctor.code == 0 && doctor.output.contains("through the proxy 127.0.0.1:\(setting.proxy.port) (HTTPS_PROXY)"), "\(doctor)")
        #expect(doctor.output.contains("certificates: SSL_CERT_FILE="))
        let everything = run.output + run.errors + doctor.output + doctor.errors
        #expect(!everything.contains("s3cret") && !everything.contains("us3r") && !everything.contains("sekret"))
        let kept = try FileManager.default.subpathsOfDirectory(atPath: vast.folder.path)
            .compactMap { FileManager.default.contents(atPath: vast.folder.appendingPathComponent($0).path) }
        #expect(kept.allSatisfy { $0.range(of: Data("s3cret".utf8)) == nil })
        await setting.stop()
    }

    @Test("a host that is not known has to do with a proxy only where one is set", arguments: [[:], ["NO_PROXY": "*"]])
    func unknownHost(environment: [String: String]) async throws {
        let vast = try VastLua(["VAST_API_KEY": "k", "VAST_URL": "https://nowhere.invalid"].merging(environment) { $1 })
        let run = try await vast.run("ls")
        #expect(run.code == 5 && !run.errors.contains("proxy") && run.errors.contains("check the address and the network"), "\(run.errors)")
    }

    @Test("the simulator and no_proxy are reached without it, and HTTP_PROXY counts for nothing")
    func direct() async throws {
        var vast = try VastLua(["VAST_API_KEY": "k", "https_proxy": "127.0.0.1:1", "http_proxy": "127.0.0.1:1", "all_proxy": "127.0.0.1:1"])
        #expect(try await vast.run("--simulator", "-e", "print(#vast.instances() > 0)").output == "true\n")
        vast.environment["no_proxy"] = ".example"
        #expect(try await vast.run("doctor", "--url", "http://service.example", "--insecure").output.contains("direct, by no_proxy"))
        vast.environment = vast.environment.filter { !$0.key.hasSuffix("_proxy") }
        vast.environment["HTTP_PROXY"] = "127.0.0.1:1"
        #expect(try await vast.run("doctor", "--url", "http://service.example", "--insecure").output.contains("network     direct"))
    }

    @Test(
        "a proxy that cannot be used ends with 5 and says what to write, also to the doctor",
        arguments: [
            ("https://u:s3cret@p:1", "http://HOST:PORT"), ("socks5://u:s3cret@p:1", "without a password"),
            ("http://u:s3cret@p:99999", "http://HOST:PORT")
        ])
    func unusable(variable: String, advice: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": "k", "VAST_URL": "https://service.example", "https_proxy": variable])
        for run in [try await vast.run("ls"), try await vast.run("doctor")] {
            let said = run.output + run.errors
            #expect(run.code == 5 && said.contains(advice) && said.contains("https_proxy") && !said.contains("s3cret"), "\(run)")
        }
    }

    @Test(
        "a certificate that is not believed ends with 5 at once and says why",
        arguments: [
            (TestCertificate.expired, "expired on 2020-03-01"), (.foreign, "Somebody Else's Authority"), (.selfSigned, "self-signed"),
            (.elsewhere, "www.example.com")
        ])
    func certificates(certificate: TestCertificate, words: String) async throws {
        let setting = try await Setting(certificate)
        let run = try await setting.vast.run("ls")
        #expect(run.code == 5 && run.errors.contains(words), "\(run)")
        let web = try await setting.vast.run("-e", "print(pcall(vast.http.get, 'https://other.example/s3cret'))")
        #expect(
            web.output.hasPrefix("false") && web.output.contains(words.replacing("service.", with: "other."))
                && !web.output.contains("s3cret"), "\(web)")
        // A try and a look at the certificate for each, and no repetition.
        #expect(setting.server.requests.isEmpty && setting.server.connections == 4)
        await setting.stop()
    }

    @Test("a certificate for the proxy's address is none for the service, vast.http, notices and the heartbeat: nothing is sent")
    func certificateOfProxy() async throws {
        let pem = MadeCertificate([.address([127, 0, 0, 1])], commonName: "service.example").pem
        let setting = try await Setting(pem: pem, authority: pem)
        try setting.vast.write(
            ".config/vast-lua/config.json",
            #"{"heartbeat": {"url": "https://beat.example/b"}, "notify": {"url": "https://note.example/n", "kind": "json"}}"#)
        let script = try setting.vast.write(
            "a.lua",
            "print(pcall(vast.http.get, 'https://other.example/')) print(vast.notify('x')) print(pcall(vast.instances))")
        let run = try await setting.vast.run(script)
        for host in ["other.example", "note.example", "service.example"] {
            #expect((run.output + run.errors).contains("the certificate is not for \(host) but for 127.0.0.1"), "\(run)")
        }
        let asked = Set(setting.proxy.asked.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) })
        #expect(asked == ["service.example:443", "other.example:443", "note.example:443", "beat.example:443"])
        #expect(setting.server.requests.isEmpty)
        await setting.stop()
    }

    @Test("SSL_CERT_FILE that is not there is said", arguments: ["ls", "doctor"])
    func missingFile(command: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": "k", "VAST_URL": "https://127.0.0.1:1", "SSL_CERT_FILE": "/nonexistent/ca.pem"])
        let run = try await vast.run(command)
        #expect(run.code == 5 && (run.output + run.errors).contains("SSL_CERT_FILE=/nonexistent/ca.pem: No such file"), "\(run)")
    }

    @Test("what a middlebox answers is tried again, ends with 5, and is told in a few words")
    func middlebox() async throws {
        let page =
            "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>\(String(repeating: "<p>x</p>", count: 500))</body></html>"
        let server = try LoopbackServer { _, _ in
            .send(LoopbackServer.response(page, status: "403 Forbidden", headers: "Content-Type: text/html\r\n"))
        }
        defer { server.stop() }
        let run = try await VastLua(["VAST_API_KEY": "k", "VAST_URL": server.url]).run("ls")
        #expect(run.code == 5 && server.seen.count == 6)
        #expect(run.errors.contains("status 403") && run.errors.contains("Just a moment...") && !run.errors.contains("<p>"), "\(run)")
        #expect(run.errors.utf8.count < 600)
    }

    @Test(
        "a service that keeps a reading waiting is told of once on standard error, of a command as of a script",
        arguments: [["ls"], ["-e", "vast.instances()"]])
    func waiting(arguments: [String]) async throws {
        let server = try LoopbackServer { _, number in
            let wait = LoopbackServer.response("", status: "429 Too Many Requests", headers: "Retry-After: 3\r\n")
            return .send(number <= 2 ? wait : Self.answer)
        }
        defer { server.stop() }
        let run = try await VastLua(["VAST_API_KEY": "k", "VAST_URL": server.url]).run(arguments)
        #expect(run.code == 0 && run.errors.split(separator: "\n").count == 1, "\(run)")
        #expect(run.errors.hasPrefix("vast-lua: waiting for the service: GET /api/v1/instances/: status 429, "), "\(run)")
        #expect(run.errors.contains("; next try in ") && run.errors.contains("; for 5 min more at most"), "\(run)")
    }

    @Test("a time-out of vast.http holds for the whole answer")
    func drip() async throws {
        let server = try LoopbackServer { _, _ in .drip("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", every: 20) }
        defer { server.stop() }
        let run = try await VastLua().run(
            "-e", "local ok, err = pcall(vast.http.get, '\(server.url)/', {timeout = '1s'}) print(ok, err.kind)")
        #expect(run.output == "false\ttimeout\n" && run.duration < .seconds(60))
    }

    @Test(
        "a port that is none is an error and no crash",
        arguments: [
            ["-e", "print(pcall(vast.http.get, 'http://127.0.0.1:65536/'))"],
            ["-e", "print(vast.notify('x', {url = 'http://127.0.0.1:99999/'}))"],
            ["-e", "print(pcall(vast.http.get, 'http://127.0.0.1:99999999999999999999/'))"]
        ])
    func ports(arguments: [String]) async throws {
        let run = try await VastLua().run(arguments)
        #expect(run.code == 0 && run.output.contains("port"), "\(run)")
    }

    @Test("an impossible port in the config file or in VAST_URL is refused, and a password in VAST_URL is not shown")
    func refusedPorts() async throws {
        let vast = try VastLua(["VAST_API_KEY": "k"])
        for url in ["http://127.0.0.1:70000", "http://u:s3cret@127.0.0.1/", "http://127.0.0.1/?k=s3cret"] {
            let run = try await vast.run("--url", url, "ls")
            #expect((run.code == 1 || run.code == 2) && !run.errors.contains("s3cret"), "\(run)")
        }
        try vast.write(".config/vast-lua/config.json", #"{"heartbeat": {"url": "http://127.0.0.1:70000/"}}"#)
        let run = try await vast.run("-e", "return")
        #expect(run.code == 2 && run.errors.contains("port"), "\(run)")
    }
}
