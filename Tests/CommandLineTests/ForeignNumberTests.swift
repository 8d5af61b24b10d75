import Foundation
import LoopbackServer
import Testing

/// The real program against a service whose rows and answers have absurd numbers.
@Suite struct ForeignNumberTests {
    private static let numbers = [
        "1e308", "-1e308", "1e19", "-1e19", "9.3e18", "9223372036854775807", "9223372036854775808", "1e30", "1e-320", "-0", "\"NaN\"", "-1",
        "null"
    ]
    private static let fields = [
        "start_date", "end_date", "gpu_temp", "gpu_util", "cpu_util", "mem_usage", "num_gpus", "machine_id", "host_id", "disk_usage",
        "disk_space",
        "disk_util", "dph_total", "storage_total_cost", "inet_up", "inet_down", "duration", "uptime_mins", "gpu_ram", "instance", "search"
    ]

    /// A row for every number in every field, 273 in all.
    private static var rows: String {
        var rows: [String] = []
        for field in fields {
            for number in numbers {
                let value = ["instance", "search"].contains(field) ? "{\"totalHour\":\(number),\"diskHour\":\(number)}" : number
                let isPrice = field == "instance"
                rows.append(
                    #"{"id":\#(rows.count + 1),"label":"a","actual_status":"running","intended_status":"running","cur_state":"running","#
                        + (isPrice ? "" : #""instance":{"totalHour":0.5,"diskHour":0.1},"#) + #""\#(field)":\#(value)}"#)
            }
        }
        return rows.joined(separator: ",")
    }

    private static func body(_ request: String) -> String {
        if request.contains("/users/current/") { return #"{"id":7,"email":"a@b.example","credit":1e308,"balance":-1e308}"# }
        if request.hasPrefix("GET /api/v1/instances/") {
            return #"{"instances":[\#(rows)],"instances_found":1e19,"total_instances":null,"label_counts":{"a":1e19,"b":-1}}"#
        }
        return #"{"success":true}"#
    }

    private func prepared() throws -> (VastLua, LoopbackServer) {
        let server = try LoopbackServer { request, _ in
            .send(LoopbackServer.response(Self.body(request), headers: "Content-Type: application/json\r\n"))
        }
        let vast = try VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url])
        try vast.write(
            "p.lua",
            """
            vast.policy {name = "idle", all = true, action = "stop", grace = "1m",
                when = function(i) return i:is_idle("45m") end}
            vast.policy {name = "all", match = {start_date = {1e308, -1e308}}, action = "stop", when = function(i) return true end}
            """)
        return (vast, server)
    }

    private static let commandLines: [(String, String)] = [
        ("ls --unpaced", "273 instances"), ("ls --unpaced --json", "\"ends_in\""), ("sample --unpaced", ""),
        ("--pacing none -n p.lua", "DRY RUN"), ("--pacing none --once --confirm 0 p.lua", ""), ("plan --pacing none p.lua", "DRY RUN"),
        (
            "--pacing none -e 'for _, i in ipairs(vast.instances()) do for k, v in pairs(i) do io.write(k, tostring(v)) end print(vast.inspect(i)) end'",
            "ends_in"
        ),
        ("--pacing none -e 'print(vast.instances())'", "273"),
        (
            "--pacing none -e 'for _, i in ipairs(vast.instances()) do print(table.concat(i:stop_risk().risks), i:is_idle(60)) end'",
            "disk keeps"
        ),
        ("--pacing none -e 'local u = vast.user() print(u.credit)'", "1e+308"),
        ("--pacing none -e 'for _, i in ipairs(vast.instances()) do print(vast.json.encode{i.age or 0, i.ends_in or 0}) end'", "["),
        (
            "-n --pacing none -e 'vast.guard{max_fraction = 1, max_stops = 999} for _, i in ipairs(vast.instances()) do vast.stop(i) end'",
            "273  a"
        ),
        ("--pacing none --once -e 'vast.budget{per_day = 1, runway = \"30d\", order = {{label = \"nobody\"}}}'", "0 to stop"),
        ("doctor", "273 can be read")
    ]

    @Test("no command dies of a number, whatever field it is in: 14 commands on 273 rows", arguments: commandLines)
    func commands(words: String, shown: String) async throws {
        let (vast, server) = try prepared()
        defer { server.stop() }
        let run = try await vast.shell("\"$V\" \(words)")
        #expect(run.code == 0, "\(run.code) \(run.errors.suffix(500))")
        let isShown = shown.isEmpty || (run.output + run.errors).contains(shown)
        #expect(isShown, "\(run.output.prefix(500))\(run.errors.prefix(500))")
    }

    @Test("explain shows each instance, whatever its numbers: 13 instances")
    func explain() async throws {
        let (vast, server) = try prepared()
        defer { server.stop() }
        for position in Self.numbers.indices {
            // Those whose contract ends at an absurd time.
            let id = Self.numbers.count + position + 1
            let run = try await vast.run("explain", "\(id)", "--pacing", "none", "p.lua")
            #expect(run.code == 0 && run.output.contains("instance \(id)"), "\(run.code) \(run.errors)")
        }
    }

    @Test(
        "a row whose id is no whole number of 64 bits is an error that says so",
        arguments: [
            "1e19", "-1e308", "9223372036854775808", "1.5", "null", "\"NaN\"", "1e-320"
        ])
    func ids(id: String) async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response(#"{"instances":[{"id":\#(id)}]}"#)) }
        defer { server.stop() }
        let run = try await VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url]).run("ls", "--unpaced")
        #expect(run.code == 5)
        #expect(run.errors.contains("a row of the list has no id"), "\(run.errors)")
    }

    @Test(
        "a request that is refused with an absurd time to wait ends in time",
        arguments: ["1e19", "-1", "1e308", "99999999999999999999", "NaN"])
    func retryAfter(wait: String) async throws {
        let server = try LoopbackServer { _, number in
            number == 1
                ? .send(
                    LoopbackServer.response(
                        "{\"retry_after\":\(wait == "NaN" ? "null" : wait)}", status: "429 Too Many", headers: "Retry-After: \(wait)\r\n"))
                : .send(LoopbackServer.response(#"{"instances":[]}"#))
        }
        defer { server.stop() }
        let run = try await VastLua(["VAST_API_KEY": "x", "VAST_URL": server.url]).run("ls", "--unpaced")
        #expect(run.code == 0, "\(run.errors)")
    }

    @Test("the simulator takes a fleet file with every number in every field, and so does the program on it")
    func fleetFile() async throws {
        let vast = try VastLua()
        try vast.write("fleet.json", "[\(Self.rows)]")
        for words in ["ls --simulator=fleet.json --json", "--simulator=fleet.json -e 'vast.sleep(\"2h\") print(#vast.instances())'"] {
            let run = try await vast.shell("\"$V\" \(words)")
            #expect(run.code == 0, "\(words): \(run.errors)")
        }
    }
}
