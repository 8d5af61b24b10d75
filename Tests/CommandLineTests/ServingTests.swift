import Foundation
import Testing

/// Scripts that stay alive for their jobs: signals, reloads, previews.
@Suite struct ServingTests {
    private let vast: VastLua

    init() throws { vast = try VastLua() }

    private static let idle = "vast.every('1h', function() end, {name = 'idle'}) print('on') io.stdout:flush()"

    @Test(
        "a script that leaves a job behind stays alive until a signal, and ends at once then",
        arguments: [
            (SIGINT, 130), (SIGTERM, 143), (SIGQUIT, 131)
        ] as [(Int32, Int32)])
    func ended(signal: Int32, code: Int32) async throws {
        let program = try RunningProgram(vast, ["-e", Self.idle])
        let end = try await program.afterFirstLine { $0.send(signal) }
        #expect(end.line == "on")
        #expect(end.code == code)
        #expect(!end.errors.contains("traceback"))
    }

    @Test("a job that sleeps is ended at a signal, runs its own end, and is told to be unfinished")
    func windDown() async throws {
        let script = """
            vast.every('1h', function()
              print('on') io.stdout:flush()
              local _, e = pcall(vast.sleep, '10h')
              print(e.kind) io.stdout:flush()
              vast.sleep(1)
            end, {name = 'long', now = true})
            """
        let program = try RunningProgram(vast, ["-e", script])
        let (lines, end) = try await program.converse { program -> [String?] in
            let first = program.readLine()
            program.send(SIGTERM)
            return [first, program.readLine(), program.readLine()]
        }
        #expect(lines == ["on", "cancelled", nil])
        #expect(end.code == 143)
        #expect(end.errors.contains("job 'long' was ended before it was done"))
    }

    @Test("a job that does not listen is ended within the grace, a second signal ends it at once", arguments: [false, true])
    func grace(isImpatient: Bool) async throws {
        let script = "vast.every('1h', function() print('on') io.stdout:flush() while true do end end, {now = true})"
        let program = try RunningProgram(vast, ["--grace", isImpatient ? "1000s" : "1s", "-e", script])
        let end = try await program.afterFirstLine { program in
            if isImpatient { program.sendUntilAnswered(SIGTERM) } else { program.send(SIGTERM) }
        }
        #expect(end.code == 143)
        #expect(end.errors.contains("at once") == isImpatient)
    }

    @Test("a change that a job has under way is finished and confirmed")
    func finishesChange() async throws {
        let script = """
            vast.every('1h', function() print('on') io.stdout:flush() vast.stop(40112241) print('done') end, {now = true})
            """
        let program = try RunningProgram(vast, ["--simulator", "--simulator-speed", "20", "-e", script])
        let end = try await program.afterFirstLine { $0.send(SIGTERM) }
        #expect(end.code == 143)
        #expect(end.errors.contains("stopped 1 (confirmed)"))
    }

    // MARK: reload

    private static func ticking(_ word: String) -> String {
        "vast.every(0.02, function() print('\(word)') io.stdout:flush() end, {name = 'tick'})"
    }

    @Test("SIGHUP runs the script again, and its jobs take the place of the old ones")
    func reload() async throws {
        let path = try vast.write("s.lua", Self.ticking("one"))
        let program = try RunningProgram(vast, [path])
        let vast = vast
        let (came, end) = try await program.converse { program -> [Bool] in
            var came = [program.readUntil("one")]
            _ = try? vast.write("s.lua", Self.ticking("two"))
            program.send(SIGHUP)
            came.append(program.readUntil("two"))
            // The old job is gone: from here on nothing else is heard.
            came.append((1...5).allSatisfy { _ in program.readLine() == "two" })
            program.send(SIGTERM)
            return came
        }
        #expect(came == [true, true, true])
        #expect(end.code == 143)
        #expect(end.errors.contains("the script runs anew"))
    }

    @Test("a SIGHUP while another state waits to take over asks for one more, and ends nothing")
    func reloadTwice() async throws {
        let busy = "vast.every(0.02, function() print('one') io.stdout:flush() vast.sleep(1) end, {name = 'tick'})"
        let path = try vast.write("s.lua", busy)
        let program = try RunningProgram(vast, [path])
        let vast = vast
        let (came, end) = try await program.converse { program -> [Bool] in
            var came = [program.readUntil("one")]
            _ = try? vast.write("s.lua", "print('new') io.stdout:flush() " + Self.ticking("two"))
            program.send(SIGHUP)
            // The new state has run its main chunk, and waits for the old one's job.
            came.append(program.readUntil("new"))
            program.send(SIGHUP)
            came += [program.readUntil("new"), program.readUntil("two")]
            program.send(SIGTERM)
            return came
        }
        #expect(came == [true, true, true, true])
        #expect(end.code == 143)
    }

    @Test(
        "a script that fails at SIGHUP leaves the old one running, and the log says why",
        arguments: [
            ("error('broken')", "broken"), ("x = = 1", "unexpected symbol")
        ])
    func failedReload(script: String, reason: String) async throws {
        let path = try vast.write("s.lua", Self.ticking("one"))
        let log = vast.folder.appendingPathComponent("log")
        let program = try RunningProgram(vast, ["--log-file", log.path, path])
        let vast = vast
        let (came, end) = try await program.converse { program -> [Bool] in
            var came = [program.readUntil("one")]
            _ = try? vast.write("s.lua", script)
            program.send(SIGHUP)
            while !((try? String(contentsOf: log, encoding: .utf8))?.contains(reason) ?? false), program.readUntil("one") {}
            came.append(program.readUntil("one"))
            program.send(SIGTERM)
            return came
        }
        #expect(came == [true, true])
        #expect(end.code == 143)
        #expect(try String(contentsOf: log, encoding: .utf8).contains("goes on as it was"))
    }

    @Test("SIGHUP ends a script without jobs")
    func hangUp() async throws {
        let program = try RunningProgram(vast, ["-e", "print('on') io.stdout:flush() while true do end"])
        let end = try await program.afterFirstLine { $0.send(SIGHUP) }
        #expect(end.code == 129)
    }

    // MARK: other ways to run

    @Test("--once runs each job once and ends; a job that fails makes the exit code")
    func once() async throws {
        let script = "vast.every('1h', function() print('a') end) vast.cron('0 0 1 1 *', function() print('b') end)"
        let run = try await vast.run("--once", "-e", script)
        #expect(run.code == 0)
        #expect(run.output == "a\nb\n")
        let failing = try await vast.run("--once", "-e", script + " vast.every('2h', function() error('x') end)")
        #expect(failing.code == 1)
        #expect(failing.output == "a\nb\n")
        #expect(failing.errors.contains("stack traceback"))
    }

    @Test("next shows the coming firings in local time and UTC, marks what a clock change moves, and runs no job")
    func next() async throws {
        let path = try vast.write(
            "s.lua",
            """
            print("main chunk")
            vast.cron("30 2 * * *", function() error("ran") end, {name = "night", tz = "Europe/Berlin"})
            vast.at("2099-12-24 18:00", function() error("ran") end, {name = "eve", tz = "UTC"})
            vast.stop(40112241)
            """)
        let run = try await vast.run("next", "--simulator", "-c", "800", path)
        let lines = run.output.split(separator: "\n")
        #expect(run.code == 0)
        #expect(lines.count == 800)
        #expect(lines.allSatisfy { $0.contains("night") && $0.contains(" UTC") })
        #expect(lines.filter { $0.contains("02:30 does not exist on") }.count >= 2)
        #expect(lines.filter { $0.contains("comes twice, first pass") }.count >= 2)
        #expect(run.errors.contains("main chunk"))
        let json = try await vast.run("next", "--simulator", "--json", "-c", "2", path)
        #expect(json.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"at\":") && $0.contains("\"job\":\"night\"") })
    }

    @Test("next shows the switches of hours, and what runs at a fixed rate once, so that nothing is hidden")
    func nextOfPolicies() async throws {
        let path = try vast.write(
            "s.lua",
            """
            vast.on("outbid", function() end)
            vast.every("5m", function() end, {name = "sum"})
            vast.policy {name = "office", match = {label = "dev*"}, up = vast.hours("mon-fri 08:00-19:00", {tz = "Europe/Berlin"})}
            vast.cron("0 8 * * mon-fri", function() end, {name = "morning", tz = "Europe/Berlin"})
            """)
        let run = try await vast.run("next", "--simulator", path)
        let lines = run.output.split(separator: "\n")
        #expect(run.code == 0 && lines.count == 10, "\(run.output)")
        for (name, count) in [("vast.on", 1), ("policies every 5m", 1), ("sum", 1)] {
            #expect(lines.count { $0.contains(name) } == count, "\(run.output)")
        }
        #expect(lines.contains { $0.contains("vast.on  then every 1m") }, "\(run.output)")
        #expect(lines.contains { $0.contains("08:00") && $0.contains("policy 'office': up") }, "\(run.output)")
        #expect(lines.contains { $0.contains("19:00") && $0.contains("policy 'office': down") }, "\(run.output)")
        #expect(lines.contains { $0.contains("08:00") && $0.contains("morning") }, "\(run.output)")
        let rates = try vast.write("r.lua", "vast.every('5m', function() end, {name = 'a'}) vast.every('7m', function() end, {name = 'b'})")
        #expect(try await vast.run("next", "--simulator", "-c", "8", rates).output.split(separator: "\n").count == 8)
    }

    @Test("a service manager hears when the script is ready and when it stops, and its children do not speak for it")
    func notifies() async throws {
        var vast = vast
        vast.environment["NOTIFY_SOCKET"] = vast.folder.path + "/n"
        let receiver = try #require(NotifySocket(path: vast.folder.path + "/n"))
        let run = try await vast.run("-e", "print(os.getenv('NOTIFY_SOCKET'))")
        #expect(run.output == "nil\n")
        #expect(receiver.messages() == ["READY=1", "STOPPING=1"])
    }

    @Test("the watchdog of a service manager is fed as long as the script stays alive")
    func watchdog() async throws {
        var vast = vast
        vast.environment["NOTIFY_SOCKET"] = vast.folder.path + "/n"
        vast.environment["WATCHDOG_USEC"] = "40000"
        let receiver = try #require(NotifySocket(path: vast.folder.path + "/n"))
        let run = try await vast.run("-e", "vast.every(0.3, function() os.exit(3) end)")
        #expect(run.code == 3)
        #expect(receiver.messages().filter { $0 == "WATCHDOG=1" }.count >= 3)
    }
}

/// Where a service manager listens.
private final class NotifySocket {
    private let descriptor: Int32

    init?(path: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// What has arrived until now.
    func messages() -> [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return messages }
            messages.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }
}
