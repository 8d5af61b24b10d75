import Foundation
import Testing

/// Standard streams, logs and the line at the end.
@Suite struct OutputTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    @Test("a full disk is told, and makes 0 into 1", arguments: ["print('x')", "io.write('x')", "io.write(('x'):rep(1e6))"])
    func fullDisk(statement: String) async throws {
        let run = try await vast.shell("\"$V\" -e \"\(statement)\" > /dev/full")
        #expect(run.code == 1)
        #expect(run.errors.hasPrefix("vast-lua: standard output: No space left on device"))
    }

    @Test("closed standard streams do not disturb a script that does not use them", arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    func closedStreams(redirection: String) async throws {
        let run = try await vast.shell("\"$V\" --simulator -e 'assert(#vast.instances() > 0)' \(redirection)")
        #expect(run.code == 0)
    }

    @Test("no file takes the place of a closed standard output")
    func reservedDescriptors() async throws {
        let run = try await vast.shell("\"$V\" --log-file log -e 'print(1) vast.log.info(\"line\")' >&-; cat log")
        #expect(run.output.contains(" info "))
        #expect(!run.output.hasPrefix("1\n"))
    }

    @Test(
        "log lines have time, level, run and message; --log-level and --quiet choose",
        arguments: [
            ([], ["info", "warning", "error"]), (["--quiet"], ["error"]), (["--log-level", "debug"], ["debug", "info", "warning", "error"]),
            (["--log-level=warn"], ["warning", "error"])
        ])
    func logLevels(options: [String], levels: [String]) async throws {
        let script = "vast.log.debug('m', {n = 1}) vast.log.info('m') vast.log.warn('m') vast.log.error('m')"
        let run = try await vast.shell("\"$V\" \(options.joined(separator: " ")) -e \"\(script)\"")
        let lines = run.errors.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.map { String($0[1]) } == levels)
        #expect(lines.allSatisfy { $0[0].contains("T") && $0[0].hasSuffix("+00:00") && $0[2].count == 6 })
    }

    @Test("--log-format json writes one object a line")
    func jsonLog() async throws {
        let run = try await vast.run("--log-format", "json", "-e", #"vast.log.info('a "b"\n', {n = 1})"#)
        let object = try JSONSerialization.jsonObject(with: Data(run.errors.utf8)) as? [String: String]
        #expect(object?["message"] == "a \"b\"\n")
        #expect(object?["level"] == "info")
        #expect(object?["n"] == "1")
    }

    @Test("one line at the end says what was changed, unless --quiet")
    func report() async throws {
        try vast.write("a.lua", "vast.stop{40112241, 40112242}")
        let run = try await vast.run("a.lua", "--simulator")
        #expect(run.code == 0)
        #expect(run.errors.hasPrefix("vast-lua a.lua: stopped 2 (confirmed)"))
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(try await vast.run("a.lua", "--simulator", "--quiet").errors == "")
    }

    @Test("a failed change makes 0 into 6 although it was caught, and --quiet still tells", arguments: ["", "--quiet"])
    func failedChange(option: String) async throws {
        let run = try await vast.shell("\"$V\" --simulator \(option) -e 'print(pcall(vast.start, 40112305))'")
        #expect(run.output.hasPrefix("false"))
        #expect(run.code == 6)
        #expect(run.errors.contains("1 start failed"))
        #expect(try await vast.run("--simulator", "-e", "pcall(vast.start, 40112305) os.exit(0)").code == 6)
        #expect(try await vast.run("--simulator", "-e", "pcall(vast.start, 40112305) os.exit(9)").code == 9)
    }

    @Test("colour appears on no pipe")
    func colour() async throws {
        #expect(!(try await vast.run("-e", "error('x')").errors.contains("\u{1B}")))
    }
}
