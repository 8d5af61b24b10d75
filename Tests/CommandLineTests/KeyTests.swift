import Foundation
import Testing

/// Where the key comes from, and who never sees it.
@Suite struct KeyTests {
    private static let secret = "sekret-0123456789"

    @Test(
        "no script, child or /proc entry sees the key",
        arguments: [
            "print(os.getenv('VAST_API_KEY'))", "print(io.open('/proc/self/environ', 'rb'):read('a'):find('sekret', 1, true))",
            "print(io.popen('env'):read('a'):find('sekret', 1, true))", "print(vast.env('VAST_API_KEY', nil))",
            "print(io.open('/proc/self/cmdline', 'rb'):read('a'):find('sekret-', 1, true))"
        ])
    func invisible(statement: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": Self.secret])
        let script = try vast.write("a.lua", statement)
        #expect(try await vast.run(script).output == "nil\n")
    }

    @Test("without a key the first call that needs one fails with 4, and tells where was looked")
    func missing() async throws {
        let vast = try VastLua()
        let script = try vast.write("a.lua", "print('before') vast.instances()")
        let run = try await vast.run(script)
        #expect(run.code == 4)
        #expect(run.output == "before\n")
        #expect(run.errors.contains("no API key. Looked at: VAST_API_KEY"))
        #expect(run.errors.contains("vast-lua --simulator \(script)"))
    }

    @Test("the key of the official client's file is used, and VAST_API_KEY goes before it")
    func file() async throws {
        var vast = try VastLua()
        let simulator = try await RunningSimulator(vast)
        try vast.write(".config/vastai/vast_api_key", "simulator\n")
        #expect(try await vast.run("--url", simulator.url, "-e", "print(vast.user().id)").code == 0)
        vast.environment["VAST_API_KEY"] = "wrong"
        #expect(try await vast.run("--url", simulator.url, "-e", "vast.user()").code == 4)
    }

    @Test("a key never goes over plain http to another machine")
    func insecure() async throws {
        let vast = try VastLua(["VAST_API_KEY": Self.secret])
        let run = try await vast.run("--url", "http://192.0.2.1", "-e", "vast.user()")
        #expect(run.code == 1)
        #expect(run.errors.contains("--insecure"))
    }

    @Test("no log line shows the key", arguments: ["text", "json"])
    func logs(format: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": Self.secret])
        let simulator = try await RunningSimulator(vast, options: ["--key", Self.secret])
        let run = try await vast.run(
            "--url", simulator.url, "--log-level", "trace", "--log-format", format, "-e", "vast.instances() vast.stop(40112241)")
        #expect(run.code == 0)
        #expect(run.errors.contains("GET /api/v1/instances/"))
        #expect(!run.errors.contains(Self.secret))
    }
}
