import Foundation
import LoopbackServer
import Testing

/// The real program on fleets that are odd in the ways that people report.
@Suite struct FleetsAsTheyAreTests {
    private func server(_ rows: [String]) throws -> LoopbackServer {
        try LoopbackServer { request, _ in
            let body =
                if request.contains("/users/current/") {
                    #"{"id":7,"email":"a@b.example","credit":100}"#
                } else if request.hasPrefix("GET /api/v1/instances/") {
                    #"{"success":true,"instances":[\#(rows.joined(separator: ","))],"total_instances":\#(rows.count),"next_token":null}"#
                } else {
                    #"{"success":true}"#
                }
            return .send(LoopbackServer.response(body, headers: "Content-Type: application/json\r\n"))
        }
    }

    private static func row(_ id: String, _ words: (String, String, String) = ("running", "running", "running"), _ more: String = "")
        -> String
    {
        #"{"id":\#(id),"is_bid":false,"actual_status":"\#(words.0)","intended_status":"\#(words.1)","cur_state":"\#(words.2)"\#(more)}"#
    }

    @Test("rows without a usable id are named, the others are shown and changed, and what counts is refused until that is accepted")
    func unreadable() async throws {
        let server = try server([
            Self.row("1"), Self.row("123456789012345678901234567890", ("running", "running", "running"), ",\"label\":\"big\""),
            Self.row("0"), Self.row("2")
        ])
        defer { server.stop() }
        let vast = try VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url])
        let shown = try await vast.run("ls", "--unpaced")
        #expect(shown.code == 0 && shown.output.contains("2 instances"), "\(shown.output) \(shown.errors)")
        #expect(shown.errors.contains("2 rows without a usable id") && shown.errors.contains("big"), "\(shown.errors)")
        let labelled = try await vast.run(
            "--pacing", "none", "--confirm", "0", "-e", "local f = vast.instances() vast.label(f[1], 'x') vast.stop(2)")
        #expect(labelled.errors.contains("id 0") && !labelled.errors.contains("--accept"), "\(labelled.code) \(labelled.errors)")
        #expect(server.seen.count { $0.hasPrefix("PUT") } > 1)
        let changes = server.seen.count { $0.hasPrefix("PUT") }
        let script = "vast.guard {keep_at_least = 1} local f = vast.instances() vast.stop(f[1])"
        let refused = try await vast.run("--pacing", "none", "--confirm", "0", "-e", script)
        #expect(refused.code == 3 && refused.errors.contains("--accept incomplete"), "\(refused.code) \(refused.errors)")
        #expect(server.seen.count { $0.hasPrefix("PUT") } == changes)
        _ = try await vast.run("--pacing", "none", "--confirm", "0", "--accept", "incomplete", "-e", script)
        #expect(server.seen.count { $0.hasPrefix("PUT") } > changes)
    }

    @Test("an instance that is listed twice is named, and the others are read and changed")
    func twins() async throws {
        let server = try server([Self.row("1"), Self.row("2"), Self.row("2"), Self.row("3")])
        defer { server.stop() }
        let vast = try VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url])
        let run = try await vast.run("--pacing", "none", "--confirm", "0", "-e", "print(#vast.instances()) vast.stop(1)")
        #expect(run.output.contains("3") && run.errors.contains("id 2 once more"), "\(run.output) \(run.errors)")
        #expect(server.seen.count { $0.hasPrefix("PUT") } > 0, "\(run.errors)")
        let refused = try await vast.run(
            "--pacing", "none", "--confirm", "0", "-e", "vast.guard {keep_at_least = 1} local f = vast.instances() vast.stop(f[1])")
        #expect(refused.code == 3 && refused.errors.contains("--accept incomplete"), "\(refused.code) \(refused.errors)")
    }

    @Test(
        "a label that is no Unicode spoils neither the list nor the others",
        arguments: [#"train \ud83d"#, #"\ude00"#, #"\ud83d\ud83dx"#])
    func halfEmoji(label: String) async throws {
        let server = try server([Self.row("1"), Self.row("2", ("running", "running", "running"), ",\"label\":\"\(label)\"")])
        defer { server.stop() }
        let vast = try VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url])
        let run = try await vast.run(
            "--pacing", "none", "--confirm", "0", "-e",
            "local f = vast.instances() print(#f, f[2].label:find('\u{FFFD}', 1, true) ~= nil) vast.stop(1)")
        #expect(run.output.contains("2\ttrue"), "\(run.output) \(run.errors)")
        #expect(server.seen.count { $0.hasPrefix("PUT") } > 0, "\(run.errors)")
    }

    @Test("a fleet of none is one line")
    func empty() async throws {
        let server = try server([])
        defer { server.stop() }
        let vast = try VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url])
        #expect(try await vast.run("ls", "--unpaced").output == "0 instances, $0.00/h\n")
        #expect(try await vast.run("--pacing", "none", "-e", "print(vast.instances())").output == "0 instances, $0.00/h\n")
    }

    @Test("a state that no rule knows is shown with the service's words")
    func words() async throws {
        let server = try server([Self.row("1", ("paused", "running", "running"))])
        defer { server.stop() }
        let vast = try VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url])
        let run = try await vast.run(
            "--pacing", "none", "-e", "local i = vast.instance and vast.instances()[1] print(i, i.state, i.status_words)")
        #expect(
            run.output.contains("unknown (paused/running/running)") && run.output.contains("\tunknown\tpaused/running/running"),
            "\(run.output)")
    }

    private static let silent = #"""
        {"fleet": 1, "instances": [
          {"id": 1, "label": "dev-a", "simulator": {"workload": "silent"}}, {"id": 2, "label": "dev-b", "simulator": {"workload": "silent"}},
          {"id": 3, "label": "dev-c", "simulator": {"workload": "silent"}}]}
        """#

    @Test(
        "without any utilisation, labels, stops by id, hours and budgets work",
        arguments: [
            "local f = vast.instances() vast.label(f[1], 'x')", "vast.instances() vast.stop(1)",
            "local f = vast.instances() vast.stop(f[1])",
            "vast.instances() vast.budget{per_day = 0.01, order = {{label = 'dev*'}}} vast.sleep('20m') vast.stop(2) os.exit(true)"
        ])
    func noUtilization(script: String) async throws {
        let vast = try VastLua()
        let run = try await vast.run("--simulator=\(try vast.write("fleet.json", Self.silent))", "-e", script)
        #expect(run.code == 0, "\(run.code) \(run.errors)")
    }

    @Test(
        "without any utilisation, a stop by a script that asks for it is refused, however it asks",
        arguments: [
            "if (i.gpu_util or 0) < 5 then i:stop() end", "if (i:raw('gpu_util') or 0) < 5 then i:stop() end",
            "if (i:table().gpu_util or 0) < 5 then i:stop() end", "if #i:history() < 500 then i:stop() end",
            "local u = 0 for k, v in pairs(i) do if k == 'gpu_util' then u = v end end if u < 5 then i:stop() end",
            "f:sort_by('gpu_util'):first():stop()", "if f:sum('gpu_util') < 5 then i:stop() end",
            "for _, l in pairs(f:group('gpu_util')) do l:take(1):stop() end"
        ])
    func asksForUtilization(body: String) async throws {
        let vast = try VastLua()
        let run = try await vast.run(
            "--simulator=\(try vast.write("fleet.json", Self.silent))", "-e", "local f = vast.instances() local i = f[1] \(body)")
        #expect(run.code == 3 && run.errors.contains("has a GPU utilisation"), "\(run.code) \(run.errors)")
    }

    @Test("without any utilisation, what asks for it is refused, and told once a look without a traceback")
    func needsUtilization() async throws {
        let vast = try VastLua()
        let script = """
            vast.policy {name = "p", match = {label = "dev*"}, every = "5m", action = "stop", when = function(i) return (i.gpu_util or 0) < 5 end}
            vast.sleep("26m")
            print(vast.instances{state = "running"}:ids()[3])
            os.exit(true)
            """
        let run = try await vast.run("--simulator=\(try vast.write("fleet.json", Self.silent))", "-e", script)
        #expect(run.output.contains("3"), "\(run.output) \(run.errors)")
        #expect(run.errors.contains("has a GPU utilisation") && !run.errors.contains("' failed:"), "\(run.errors)")
        #expect(!run.errors.contains("traceback"), "\(run.errors)")
    }

    @Test("a policy that cannot work ends a single look with 1, and doctor says it until it works")
    func failedPolicy() async throws {
        let server = try server([Self.row("1", ("running", "running", "running"), ",\"gpu_util\":1"), Self.row("2")])
        defer { server.stop() }
        let vast = try VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url])
        let policy = { (body: String) in
            try vast.write("p.lua", "vast.policy {name = \"idle\", all = true, action = \"stop\", when = function(i) \(body) end}")
        }
        let once = ["--pacing", "none", "--once", "--confirm", "0", try policy("return false")]
        let first = try await vast.run(once)
        #expect(
            first.code == 0 && first.errors.contains("seen for the first time") && first.errors.contains("docs/ci.md"), "\(first.errors)")
        // What is kept of readings has whole seconds.
        for _ in 0..<50 where try await vast.run(once).errors.contains("seen for the first time") {}
        _ = try policy("return i.no_such_field_at_all > 1")
        let failing = try await vast.run(once)
        #expect(failing.code == 1 && failing.errors.contains("policy 'idle' cannot work"), "\(failing.code) \(failing.errors)")
        #expect(!failing.errors.contains("seen for the first time"))
        let told = try await vast.run("doctor")
        #expect(told.output.contains("'idle' of") && told.output.contains("cannot work"), "\(told.output)")
        _ = try policy("return false")
        #expect(try await vast.run(once).code == 0)
        #expect(try await !vast.run("doctor").output.contains("cannot work"))
    }

    @Test(
        "a policy whose function raises for all it is asked about ends every single look with 1, and doctor says so",
        arguments: [
            #"before = function(i) i:chkpoint() end, action = "stop""#, "action = function(i) i:stpo() end",
            #"notify = function(i) i:chkpoint() end, grace = "1s", action = "stop""#
        ])
    func failedFunction(fields: String) async throws {
        let server = try server([Self.row("1", ("running", "running", "running"), ",\"gpu_util\":1"), Self.row("2")])
        defer { server.stop() }
        let vast = try VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url])
        let policy = { (fields: String) in
            try vast.write("p.lua", "vast.policy {name = \"p\", match = {id = 1}, when = function() return true end, \(fields)}")
        }
        let once = ["--pacing", "none", "--once", "--confirm", "0", try policy("action = function() return end")]
        for _ in 0..<50 where try await vast.run(once).errors.contains("seen for the first time") {}
        // What was done last cools down.
        _ = try policy("cooldown = 0, \(fields)")
        for _ in 0..<3 {
            let failing = try await vast.run(once)
            #expect(failing.code == 1 && failing.errors.contains("policy 'p' cannot work"), "\(failing.code) \(failing.errors)")
            #expect(try await vast.run("doctor").output.contains("'p' of"))
        }
        #expect(!server.seen.contains { $0.hasPrefix("PUT") })
    }

    @Test("scripts/outbid-alert.lua tells of a contract before it ends")
    func contractEnding() async throws {
        // The built-in fleet has one whose contract ends in nine hours.
        let vast = try VastLua()
        let script = VastLua.root.appendingPathComponent("scripts/outbid-alert.lua").path
        let words = """
            arg = {} dofile('\(script)')
            local told
            vast.on("contract_ending", function() told = true end)
            repeat vast.sleep("1m") until told
            os.exit(true)
            """
        let run = try await vast.run("--simulator", "-e", words)
        #expect(run.errors.contains("contract ends in") && run.errors.contains("ends-soon"), "\(run.errors)")
    }
}
