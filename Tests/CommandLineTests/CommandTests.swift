import Foundation
import Testing

/// `simulator`, `doctor`, `check`, `--help`, `--version`.
@Suite struct CommandTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    // MARK: check

    @Test("check says nothing about good scripts, those of the package included")
    func goodScripts() async throws {
        try vast.write("own.lua", "local vast = {foo = 1} print(vast.foo)")
        let scripts = VastLua.root.appendingPathComponent("scripts")
        let run = try await vast.run("check", "own.lua", "\(scripts.path)/nightly.lua", "\(scripts.path)/label-by-schedule.lua")
        #expect(run.output == "")
        #expect(run.errors == "")
        #expect(run.code == 0)
    }

    @Test(
        "check names file, line and the right name",
        arguments: [
            ("x = 1\nvast.stpo(1)", "a.lua:2: unknown function 'vast.stpo', did you mean 'vast.stop'?\n"),
            ("vast.log.inof('x')", "a.lua:1: unknown function 'vast.log.inof', did you mean 'vast.log.info'?\n"),
            ("vast:stop(1)", "a.lua:1: 'vast.stop' is a function, not a method: write 'vast.stop(...)'\n"),
            ("#!/bin/x\n\nx = = 1", "a.lua:3: unexpected symbol near '='\n"),
            ("print('a'\n", "a.lua:2: ')' expected (to close '(' at line 1) near <eof>\n")
        ])
    func mistakes(source: String, message: String) async throws {
        try vast.write("a.lua", source)
        let run = try await vast.run("check", "a.lua")
        #expect(run.output == message)
        #expect(run.code == 1)
    }

    @Test("check runs nothing, and a file that cannot be read is a problem")
    func unreadable() async throws {
        try vast.write("a.lua", "print('ran')")
        let run = try await vast.run("check", "a.lua", "nosuch.lua")
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("vast-lua: the script nosuch.lua cannot be read: No such file"))
        #expect(run.code == 1)
    }

    // MARK: doctor

    @Test("doctor is content with the simulator, also as JSON")
    func healthy() async throws {
        let run = try await vast.run("doctor", "--simulator")
        #expect(run.code == 0)
        #expect(!run.output.contains("failed"))
        let json = try await vast.run("doctor", "--simulator", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(object?["ok"] as? Bool == true)
        #expect((object?["checks"] as? [[String: String]])?.map { $0["name"] }.contains("account") == true)
    }

    @Test("doctor ends with 4 without a key, and says where it looked")
    func noKey() async throws {
        let run = try await vast.run("doctor")
        #expect(run.code == 4)
        #expect(run.output.contains("Looked at: VAST_API_KEY"))
    }

    @Test("doctor ends with 4 for a wrong key, 5 when nobody answers, and never shows the key")
    func sick() async throws {
        let vast = try VastLua(["VAST_API_KEY": "sekret"])
        let simulator = try await RunningSimulator(vast)
        let wrong = try await vast.run("doctor", "--url", simulator.url)
        #expect(wrong.code == 4)
        #expect(wrong.output.contains("found: VAST_API_KEY"))
        #expect(!wrong.output.contains("sekret"))
        #expect(try await vast.run("doctor", "--url", "http://127.0.0.1:1").code == 5)
    }

    @Test("doctor ends with 1 when the state directory cannot be written")
    func noState() async throws {
        try vast.write("file", "")
        var vast = vast
        vast.environment["VAST_LUA_STATE"] = vast.folder.path + "/file/state"
        let run = try await vast.run("doctor", "--simulator")
        #expect(run.code == 1)
        #expect(run.output.contains("set VAST_LUA_STATE"))
    }

    // MARK: simulator

    @Test("the simulator says where it listens and its key, and ends with 0 when asked to")
    func simulator() async throws {
        let program = try RunningProgram(vast, ["simulator", "--port", "0", "--key", "k"])
        let first = try #require(try await program.line())
        #expect(first.hasPrefix("listening on http://127.0.0.1:"))
        #expect(try await program.line() == "key k")
        program.send(SIGINT)
        let end = try await program.end()
        #expect(end.code == 0)
        #expect(end.errors == "")
    }

    @Test("the simulator's log has one JSON line for each request")
    func simulatorLog() async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast, options: ["--log", vast.folder.path + "/log"])
        #expect(try await vast.run("--url", simulator.url, "-e", "vast.user() vast.user()").code == 0)
        #expect(try await simulator.stop() == 0)
        let lines = try String(contentsOfFile: vast.folder.path + "/log", encoding: .utf8).split(separator: "\n")
        let routes = try lines.map { try (JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["route"] as? String }
        #expect(routes == ["user", "user"])
    }

    @Test(
        "wrong options of a command end with 2",
        arguments: [
            ["simulator", "--nope"], ["simulator", "--port", "70000"], ["simulator", "--speed", "0"], ["simulator", "--behaviour", "x=1"],
            ["simulator", "--rate-limit", "maybe"], ["simulator", "--rate-limit-body", "x"], ["simulator", "--faults", "/nonexistent"],
            ["simulator", "--fleet", "/nonexistent"], ["simulator", "extra"], ["doctor", "--nope"], ["check"], ["check", "--nope"]
        ])
    func wrongOptions(words: [String]) async throws {
        let run = try await vast.shell("\"$V\" " + words.joined(separator: " "))
        #expect(run.code == 2)
        #expect(run.output == "")
        #expect(run.errors != "")
    }

    @Test(
        "a broken fleet or fault file is named with what is wrong in it",
        arguments: [
            ("--fleet", "{"), ("--fleet", "[{\"label\": \"no id\"}]"), ("--fleet", "[{\"id\": 1}, {\"id\": 1}]"), ("--faults", "[{}]")
        ])
    func brokenFiles(option: String, text: String) async throws {
        try vast.write("file.json", text)
        let run = try await vast.run("simulator", "--port", "0", option, "file.json")
        #expect(run.code == 2)
        #expect(run.errors.contains("file.json"))
        guard option == "--fleet" else { return }
        let embedded = try await vast.run("--simulator=file.json", "-e", "print('ran')")
        #expect(embedded.code == 2)
        #expect(embedded.output == "")
    }

    @Test("a port that is taken is an error, not a hang")
    func portTaken() async throws {
        let simulator = try await RunningSimulator(vast)
        let port = try #require(simulator.url.split(separator: ":").last.map(String.init))
        let run = try await vast.run("simulator", "--port", port)
        #expect(run.code == 1)
        #expect(run.errors.contains(port))
    }

    // MARK: help

    @Test(
        "help and version go to standard output",
        arguments: [
            ["--help"], ["-h"], ["--version"], ["simulator", "--help"], ["doctor", "--help"], ["check", "--help"]
        ])
    func help(words: [String]) async throws {
        let run = try await vast.shell("\"$V\" " + words.joined(separator: " "))
        #expect(run.code == 0)
        #expect(run.output.contains("vast-lua"))
        #expect(run.errors == "")
    }
}
