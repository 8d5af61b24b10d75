import Foundation
import Testing

/// What becomes of a run when the service, or the way to it, fails.
@Suite struct ServiceFailureTests {
    private static let badKeys: [(String, String)] = [
        ("wrong", "vast.user()"), ("simulator-deleted", "vast.instances()"), ("simulator-expired", "vast.instances()"),
        ("simulator-readonly", "vast.stop(40112241)")
    ]

    @Test("a key that is wrong, deleted, expired or may only read ends with 4", arguments: badKeys)
    func keys(key: String, statement: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": key])
        let simulator = try await RunningSimulator(vast)
        let run = try await vast.run("--url", simulator.url, "-e", statement)
        #expect(run.code == 4)
        #expect(run.errors.hasPrefix("vast-lua: (command line):1: "))
    }

    @Test(
        "a service that keeps failing ends with 5",
        arguments: [
            #"{"status": 500, "kind": "status"}"#, #"{"kind": "garbage"}"#
        ])
    func failing(fault: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast, faults: #"[{"route": "user", "fault": \#(fault)}]"#)
        let run = try await vast.run("--url", simulator.url, "-e", "vast.user()")
        #expect(run.code == 5)
        #expect(run.errors.contains("GET /api/v0/users/current/"))
    }

    @Test("what cannot be reached ends with 5", arguments: ["http://127.0.0.1:1", "https://no-such-host.invalid"])
    func unreachable(url: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let run = try await vast.run("--url", url, "-e", "vast.user()")
        #expect(run.code == 5)
        #expect(run.errors.contains(url.split(separator: "/").last ?? ""))
    }

    @Test("TLS against a server that has none ends with 5")
    func noTLS() async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        let url = simulator.url.replacingOccurrences(of: "http:", with: "https:")
        #expect(try await vast.run("--url", url, "-e", "vast.user()").code == 5)
    }

    @Test("an address that is none ends with 1 and names it")
    func badURL() async throws {
        let run = try await VastLua(["VAST_API_KEY": "x"]).run("--url", "not a url", "-e", "vast.user()")
        #expect(run.code == 1)
        #expect(run.errors.contains("not a url"))
    }

    @Test("VAST_URL is used when --url is not given")
    func environmentURL() async throws {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        vast.environment["VAST_URL"] = simulator.url
        #expect(try await vast.run("-e", "print(vast.user().id ~= nil)").output == "true\n")
    }

    @Test("a guard that refuses ends with 3")
    func guarded() async throws {
        let run = try await VastLua().run("--simulator", "-e", "vast.request('POST', '/api/v0/unknown/', {body = {}})")
        #expect(run.code == 3)
        #expect(run.errors.contains("(guard)"))
    }
}
