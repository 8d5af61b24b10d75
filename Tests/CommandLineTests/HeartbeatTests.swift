import LoopbackServer
import Testing

/// The config file's `notify` and `heartbeat`, with the real program.
@Suite struct HeartbeatTests {
    private func vast(_ simulator: RunningSimulator, config: String) throws -> VastLua {
        var vast = try VastLua(["VAST_API_KEY": "simulator", "VAST_URL": simulator.url])
        try vast.write(".config/vast-lua/config.json", config)
        vast.environment["XDG_CONFIG_HOME"] = nil
        return vast
    }

    @Test("a heartbeat is fetched after each run, with /fail when it failed, and never by a dry run")
    func beats() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        defer { withExtendedLifetime(simulator) {} }
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("OK")) }
        defer { server.stop() }
        let vast = try vast(simulator, config: #"{"heartbeat": {"url": "\#(server.url)/ping/s3cret?from=cron"}}"#)
        #expect(try await vast.run("-e", "return").code == 0)
        #expect(try await vast.run("-e", "error('no')").code == 1)
        #expect(try await vast.run("-n", "-e", "return").code == 0)
        #expect(
            server.seen.map { $0.prefix { !$0.isNewline } } == [
                "GET /ping/s3cret?from=cron HTTP/1.1", "GET /ping/s3cret/fail?from=cron HTTP/1.1"
            ])
    }

    @Test("a heartbeat that does not arrive is told without its URL, and changes no exit code")
    func lost() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        defer { withExtendedLifetime(simulator) {} }
        let vast = try vast(simulator, config: #"{"heartbeat": {"url": "http://127.0.0.1:1/s3cret"}}"#)
        let run = try await vast.run("-e", "return")
        #expect(run.code == 0 && run.errors.contains("the heartbeat was not sent") && !run.errors.contains("s3cret"))
    }

    @Test("vast.notify goes where the config file says, once for the same text")
    func notices() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        defer { withExtendedLifetime(simulator) {} }
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("OK")) }
        defer { server.stop() }
        let vast = try vast(simulator, config: #"{"notify": {"url": "\#(server.url)/s3cret", "kind": "slack"}}"#)
        let path = try vast.write("n.lua", "print(vast.notify('hello'))")
        for _ in 1...2 { #expect(try await vast.run(path).output == "true\n") }
        #expect(server.seen.count == 1 && server.seen[0].contains("vast-lua: hello"))
    }

    @Test("a script that asks nothing of the service needs no key, and nothing is said on standard error")
    func silent() async throws {
        let vast = try VastLua()
        let run = try await vast.run(try vast.write("s.lua", "print(1)"))
        #expect(run.code == 0 && run.output == "1\n" && run.errors == "")
    }

    @Test(
        "a config file with a misspelt or impossible place is refused",
        arguments: [
            (#"{"notify": {"ulr": "https://a"}}"#, "did you mean 'url'"),
            (#"{"notify": {"url": "ftp://a/s3cret"}}"#, "http:// or https://"),
            (#"{"heartbeat": "https://a"}"#, "heartbeat is an object with url"),
            (#"{"notify": {"url": "https://a", "kind": "fax"}}"#, "kind is one of")
        ])
    func refused(config: String, message: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": "k"])
        try vast.write(".config/vast-lua/config.json", config)
        let run = try await vast.run("-e", "return")
        #expect(run.code == 2 && run.errors.contains(message) && !run.errors.contains("s3cret"), "\(run.errors)")
    }

    @Test("a policy that the guard refuses ends a run with 3, and nothing is changed")
    func guarded() async throws {
        let vast = try VastLua()
        let path = try vast.write(
            "p.lua",
            """
            vast.observe("1m", {every = "10s"})
            vast.policy {name = "p", match = {label = "train*"}, when = function() return true end, action = "stop"}
            """)
        let run = try await vast.run("--once", "--simulator", "--simulator-speed", "150", "--max-changes", "0", path)
        #expect(run.code == 3, "\(run.errors)")
        #expect(run.errors.contains("limit 0 of all changes (command line)") && run.errors.contains("Nothing was sent"))
    }
}
