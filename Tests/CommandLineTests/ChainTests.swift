import Foundation
import Testing

/// The chain of a change with the real program: what once went wrong, each as one of its kind.
@Suite struct ChainTests {
    private func prepared(_ options: String...) async throws -> (VastLua, RunningSimulator) {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast, options: options)
        vast.environment["VAST_URL"] = simulator.url
        return (vast, simulator)
    }

    private func intended(_ simulator: RunningSimulator, _ id: Int) async throws -> String? {
        let rows = try await simulator.control("GET", "rows") as? [[String: Any]] ?? []
        return rows.first { $0["id"] as? Int == id }?["intended_status"] as? String
    }

    // MARK: raw requests

    @Test(
        "a raw request that is not exactly a verb needs allow_raw, and sends nothing",
        arguments: [
            "'DELETE', '/api/v0/instances/', {body = {instance_ids = {40112300.0}}, confirm = 40112300}",
            "'PUT', '/api/v0/instances/', {body = {ids = {40112233 / 1}, state = 'stopped'}}",
            "'PUT', '/api/v0/instances/', {body = {ids = {'40112233'}, state = 'stopped'}}",
            "'PUT', '/api/v0/instances/', {body = {state = 'stopped'}}",
            "'PUT', '/api/v0/instances/', {body = {ids = {}, state = 'stopped'}}",
            "'PUT', '/api/v0/instances/40112233/', {body = {ids = {40112234}, state = 'stopped'}}",
            "'PUT', '/api/v0/instances/40112233/', {body = {state = 'stopped', label = 'x'}}",
            "'PUT', '/api/v0/instances/040112233/', {body = {state = 'stopped'}}",
            "'POST', '/api/v0/instances/start', {body = {IDs = {40112300.0}}}",
            "'PUT', '/api/v0/instances/40112233/', {query = {a = 1}, body = {state = 'stopped'}}"
        ])
    func raw(words: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.run("--pacing", "none", "-e", "vast.request(\(words))")
        #expect(run.code == 3, "\(run.errors)")
        #expect(run.errors.contains("Nothing was sent") && run.errors.contains("allow_raw=true"), "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test(
        "what is protected stays so under allow_raw, however it is named",
        arguments: ["{40112233.0}", "{'40112233'}", "{40112300, 40112233}"])
    func protected(ids: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.run(
            "--pacing", "none", "--allow-raw", "--protect", "train-a", "-e",
            "vast.request('PUT', '/api/v0/instances/', {body = {ids = \(ids), state = 'stopped', why = 'x'}})")
        #expect(run.code == 3 && run.errors.contains("protected (label train-a)"), "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("a raw request that is a verb is confirmed, journaled, counted and reported like it; an id that stands twice counts once")
    func rawVerb() async throws {
        let (vast, simulator) = try await prepared()
        let script = """
            vast.guard{max_stops = 2}
            local answer = vast.request('PUT', '/api/v0/instances/', {body = {ids = {40112233, 40112233, 40112234}, state = 'stopped'}})
            local ok, e = pcall(vast.stop, 40112235)
            print(answer.success, ok, e.code)
            """
        let run = try await vast.run("--pacing", "none", "-e", script)
        #expect(run.output == "true\tfalse\tmax_stops\n", "\(run.errors)")
        #expect(run.errors.contains("stopped 2 (confirmed)"), "\(run.errors)")
        #expect(try await vast.run("history").output.contains("stop 2 confirmed"))
        #expect(try await simulator.changes().count == 1)
        let dry = try await vast.run(
            "-n", "-e", "vast.request('PUT', '/api/v0/instances/', {body = {ids = {40112235, 40112235}, state = 'stopped'}})")
        #expect(dry.code == 0 && dry.errors.contains("1 stop"), "\(dry.errors)")
    }

    @Test(
        "a raw request that is refused is reported and ends with 6 when the script goes on, with 3 when it does not",
        arguments: [
            "'PUT', '/api/v0/instances/40112233/', {body = {state = 'stopped', why = 1}}", "'POST', '/api/v0/anything/', {body = {x = 1}}",
            "'DELETE', '/api/v0/instances/40112300/', {}", "'PUT', '/api/v0/instances/40112233.0/', {body = {state = 'stopped'}}"
        ])
    func refusedRaw(words: String) async throws {
        let (vast, simulator) = try await prepared()
        let goesOn = try await vast.run("--pacing", "none", "-e", "print(pcall(vast.request, \(words)))")
        #expect(goesOn.code == 6 && goesOn.output.hasPrefix("false"), "\(goesOn)")
        #expect(goesOn.errors.contains("failed"), "\(goesOn.errors)")
        let ends = try await vast.run("--pacing", "none", "-e", "vast.request(\(words))")
        #expect(ends.code == 3 && ends.errors.contains("Nothing was sent"), "\(ends)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test(
        "a raw request that the service refuses has failed in report and journal alike, for each instance that it names",
        arguments: [
            "ids = '40112233,40112234'", "ids = '40112233', more = {40112234, 40112235, 7}", "x = 40112233", "x = 7"
        ])
    func refusedByService(body: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.run(
            "--pacing", "none", "--allow-raw", "-e", "vast.request('PUT', '/api/v0/instances/', {body = {\(body), state = 'stopped'}})")
        #expect(run.code != 0 && run.errors.contains("failed"), "\(run)")
        let history = try await vast.run("history").output
        #expect(history.contains("failed") && !history.contains("unknown"), "\(history)")
        // It was sent, and refused there.
        #expect(try await simulator.changes().count == 1)
    }

    // MARK: plans

    @Test(
        "apply does what the live run would have done, whatever order the actions of one instance have",
        arguments: [
            ("vast.stop(40112233) vast.start(40112233)", "running"), ("vast.start(40112300) vast.stop(40112300)", "stopped"),
            ("vast.stop(40112233) vast.start(40112233) vast.stop(40112233)", "stopped")
        ])
    func folded(script: String, wanted: String) async throws {
        let (vast, simulator) = try await prepared()
        #expect(try await vast.run("plan", "-o", "p.json", "--pacing", "none", "-e", script).code == 0)
        let apply = try await vast.run("apply", "p.json", "--unpaced", "--confirm", "0s")
        #expect(apply.code == 6 || apply.code == 0, "\(apply.output)\(apply.errors)")
        #expect(!apply.output.contains("refused"), "\(apply.output)")
        let id = script.contains("40112233") ? 40_112_233 : 40_112_300
        #expect(try await intended(simulator, id) == wanted)
        #expect(try await simulator.changes().count == script.split(separator: " ").count)
    }

    @Test("a plan that stops and then labels is applied whole")
    func stopThenLabel() async throws {
        let (vast, simulator) = try await prepared()
        try vast.write(
            "a.lua", "for _, i in ipairs(vast.instances{label = 'train-?'}) do i:stop() vast.label(i, 'stopped ' .. i.label) end")
        #expect(try await vast.run("plan", "-o", "p.json", "--pacing", "none", "a.lua").code == 0)
        let apply = try await vast.run("apply", "p.json", "--unpaced")
        #expect(apply.code == 0 && !apply.output.contains("refused"), "\(apply.output)\(apply.errors)")
        #expect(apply.output.contains("stopped 3 (confirmed), labelled 5 (confirmed)"), "\(apply.output)")
        #expect(try await simulator.changes().count >= 4)
    }

    @Test("a plan is judged as a whole before the first action is sent, by apply -n and by apply alike")
    func cumulative() async throws {
        let (vast, simulator) = try await prepared()
        let script = "vast.stop(40112233) vast.label(40112233, 'a') vast.stop(40112234) vast.label(40112234, 'b') vast.stop(40112235)"
        #expect(try await vast.run("plan", "-o", "p.json", "--pacing", "none", "-e", script).code == 0)
        for words in [["-n"], []] {
            let run = try await vast.shell("\"$V\" apply p.json --unpaced --limit max_stops=2 \(words.joined())")
            #expect(run.code == 3 && run.errors.contains("limit 2"), "\(run.output)\(run.errors)")
            #expect(run.errors.contains("Nothing was sent"))
        }
        #expect(try await simulator.changes().isEmpty)
        #expect(try await vast.run("apply", "p.json", "--unpaced", "--limit", "max_stops=3").code == 0)
    }

    @Test("the limits of a reviewed plan go with it; what may be destroyed does not, and what is protected stays so")
    func limits() async throws {
        let (vast, simulator) = try await prepared()
        // Without the one that is starting, and may run by the time of the second reading.
        let ids = (40_112_233...40_112_244).filter { $0 != 40_112_235 }.map(String.init).joined(separator: ", ")
        try vast.write(
            "a.lua",
            "vast.guard{max_stops = 20, allow_destroy = true, max_destroys = 99} vast.stop{\(ids)} vast.destroy(40112300, {confirm = 40112300})"
        )
        #expect(try await vast.run("plan", "-o", "p.json", "--pacing", "none", "a.lua").code == 0)
        let plan = try String(contentsOf: vast.folder.appendingPathComponent("p.json"), encoding: .utf8)
        #expect(plan.contains("\"max_stops\"") && !plan.contains("allow_destroy") && !plan.contains("max_destroys"))
        let refused = try await vast.run("apply", "p.json", "--unpaced")
        #expect(refused.code == 3 && refused.errors.contains("--allow-destroy"), "\(refused.errors)")
        #expect(refused.output.contains("limit max_stops=20, built in 10"), "\(refused.output)")
        #expect(try await simulator.changes().isEmpty)
        let apply = try await vast.run("apply", "p.json", "--unpaced", "--allow-destroy")
        #expect(apply.code == 0 && apply.output.contains("stopped 11 (confirmed)"), "\(apply.output)\(apply.errors)")
        let guarded = try await vast.run("apply", "p.json", "--unpaced", "--allow-destroy", "--protect", "*")
        #expect(guarded.output.contains("nothing to change") || guarded.code != 0)
    }

    // MARK: caps over processes

    @Test("programs at once never exceed the account's hour", arguments: 0..<3)
    func hour(round: Int) async throws {
        let (vast, simulator) = try await prepared()
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for n in 1...3 {
                let script = "vast.guard{max_stops = 5} vast.stop{4011223\(n + 2), 4011223\(n + 5), 4011224\(n)}"
                group.addTask { try await vast.run("--pacing", "none", "--confirm", "0s", "-e", script).code }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
        // One call of three fits into five, a second one does not.
        #expect(codes == [3, 3, 6])
        #expect(try await simulator.changes().count == 1)
    }

    // MARK: what is so already

    @Test("an equal label and a stop of what is stopped send nothing, by id too, and are planned by nobody")
    func satisfied() async throws {
        let (vast, simulator) = try await prepared()
        let script = "vast.label(40112233, 'train-a') vast.stop(40112300) print('done')"
        let run = try await vast.run("--pacing", "none", "-e", script)
        #expect(run.code == 0 && run.output == "done\n" && run.errors.isEmpty, "\(run.errors)")
        let plan = try await vast.run("plan", "--exit-code", "--pacing", "none", "-e", script)
        #expect(plan.code == 0, "\(plan.output)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("an id that the whole fleet lacks is not sent")
    func unknownID() async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.run(
            "--pacing", "none", "-e", "for id = 1, 40 do local ok, e = pcall(vast.stop, id) if e.kind ~= 'not_found' then print(e) end end")
        #expect(run.output.isEmpty, "\(run.output)")
        #expect(try await simulator.changes().isEmpty)
    }

    // MARK: reasons

    @Test("what `when` says second is the reason in the journal and in the plan")
    func reason() async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        try vast.write(
            "p.lua",
            """
            vast.policy{name = "dev", match = {label = "dev-anna"}, when = function() return true, "the lease is over" end,
              notify = function(i, why) print(i.id, why) end, action = "stop", every = "1m"}
            """)
        _ = try await vast.run("sample", "--unpaced")
        // In the second after its first sight an instance is left alone.
        var plan = try await vast.run("plan", "--json", "--pacing", "none", "p.lua")
        for _ in 0..<20 where !plan.output.contains("\"verb\"") { plan = try await vast.run("plan", "--json", "--pacing", "none", "p.lua") }
        #expect(plan.output.contains("policy dev: the lease is over"), "\(plan.output)\(plan.errors)")
        let run = try await vast.run("--once", "--pacing", "none", "p.lua")
        #expect(run.output.contains("the lease is over"), "\(run.output)\(run.errors)")
        let id = try #require(run.errors.split(separator: " ").last.map { String($0.prefix(6)) })
        #expect(try await vast.run("history", id).output.contains("policy dev: the lease is over"))
    }

    // MARK: the end

    @Test("one report in a pipe; on a terminal one when the script ends, and one line of what confirming has changed")
    func report() async throws {
        let (vast, simulator) = try await prepared()
        let pipe = try await vast.run("--pacing", "none", "-e", "vast.stop(40112233)")
        #expect(pipe.errors.split(separator: "\n").count == 1 && pipe.errors.contains("stopped 1 (confirmed)"), "\(pipe.errors)")
        try await atTerminal(vast, ["--pacing", "none", "--url", simulator.url, "-e", "vast.stop(40112234)"]) { terminal in
            let end = terminal.end()
            #expect(end.code == 0)
            #expect(end.text.contains("stop of 40112234 train-b accepted, not seen yet"), "\(end.text)")
            #expect(end.text.components(separatedBy: "stopped 1 (confirmed)").count == 2, "\(end.text)")
        }
    }

    @Test(
        "a raw request that is no verb is never called confirmed, whatever the fleet shows afterwards",
        arguments: [
            "'PUT', '/api/v0/instances/40112241/', {body = {state = 'stopped', label = 'x'}}", "'DELETE', '/api/v0/instances/040112241/'"
        ])
    func rawUnseen(request: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.run(
            "--pacing", "none", "--allow-raw", "-e", "vast.instances() pcall(vast.request, \(request)) vast.instances()")
        #expect(run.errors.contains("changed 1 (accepted; what it did cannot be seen)") && run.code == 0, "\(run.errors)")
        let history = try await vast.run("history")
        #expect(history.output.contains("other 1 accepted"), "\(history.output)")
        #expect(try await simulator.changes().count == 1)
    }

    @Test("a killed run that has changed an instance twice is undone as if it had ended well")
    func killedTwice() async throws {
        let (vast, simulator) = try await prepared()
        let script = "local a = vast.instance(40112241).label vast.label(40112241, 'x') vast.label(40112241, 'y') print(a) vast.sleep('1h')"
        let run = try RunningProgram(vast, ["--pacing", "none", "-e", script])
        let (label, _) = try await run.converse { program in
            let line = program.readLine()
            program.send(SIGKILL)
            return line
        }
        _ = try await vast.run("--pacing", "none", "-e", "vast.instances()")
        #expect(try await simulator.changes().count == 2)
        let undo = try await vast.run("undo", "--last", "--unpaced")
        #expect(undo.code == 0, "\(undo.output) \(undo.errors)")
        let after = try await vast.run("--pacing", "none", "-e", "print(vast.instance(40112241).label)")
        #expect(after.output.split(separator: "\n").map(String.init) == [label ?? "none"])
    }
}
