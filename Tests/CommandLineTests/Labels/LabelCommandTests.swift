import Foundation
import SQLite
import Testing

/// What people write into labels, with the real program.
@Suite("Labels of all kinds") struct LabelCommandTests {
    let vast: VastLua
    init() throws { vast = try VastLua(["VAST_API_KEY": "simulator"]) }

    private func fleet(_ labels: [(Int, String)]) throws {
        let rows = labels.map { id, label in
            ["id": id, "label": label, "simulator": ["workload": "idle"]] as [String: Any]
        }
        try vast.write(
            "fleet.json", String(decoding: try JSONSerialization.data(withJSONObject: ["fleet": 1, "instances": rows]), as: UTF8.self))
    }

    private static func movesCursor(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{202E}"
        }
    }

    @Test("control characters of a label reach no terminal through instances, log lines, errors and JSON")
    func controlCharacters() async throws {
        try fleet([(106, "\u{1B}[31mred\u{1B}]0;title\u{7}\u{9B}1m\u{7F}\u{202E}x")])
        let script = "local i = vast.instance(106) print(i) print(vast.inspect(i)) vast.log.warn(i.label) error(tostring(i) .. i.label)"
        for format in ["text", "json"] {
            let run = try await vast.run("--simulator=fleet.json", "--log-format", format, "-e", script)
            #expect(run.code == 1 && run.output.contains("red"))
            #expect(
                !Self.movesCursor(run.output) && !Self.movesCursor(run.errors),
                "\(run.output.debugDescription) \(run.errors.debugDescription)")
        }
        let json = try await vast.run("ls", "--simulator=fleet.json", "--json")
        #expect(!Self.movesCursor(json.output), "\(json.output.debugDescription)")
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        #expect((rows[0]["label"] as? String)?.hasSuffix("\u{202E}x") == true)
    }

    @Test("ls has tags as JSON, and says of a pattern as shells have it that brackets are letters")
    func listing() async throws {
        try fleet([(106, "a [owner=anna lr=3e-4 v2]"), (107, "b")])
        let json = try await vast.run("ls", "--simulator=fleet.json", "--json", "106")
        #expect(json.output.contains(#""tags":{"owner":"anna","lr":"3e-4","v2":true}"#))
        let none = try await vast.run("ls", "--simulator=fleet.json", "[ab]*")
        #expect(none.code == 0 && none.errors.contains("brackets are letters in a pattern"))
        #expect(try await vast.run("ls", "--simulator=fleet.json", "a*").errors == "")
        let script = "for _ = 1, 2 do vast.instances{label = '[ab]*'} end vast.instances{label = '[zz'}"
        let told = try await vast.run("--simulator=fleet.json", "-e", script)
        #expect(told.errors.components(separatedBy: "brackets are letters").count == 2, "\(told.errors)")
    }

    @Test("what 0.1 left alone is listed by doctor and by the first run, and left alone by policies")
    func transition() async throws {
        try fleet([(106, "a [lr=3e-4]"), (107, "b [v2]")])
        let simulator = try await RunningSimulator(vast, options: ["--fleet", vast.folder.path + "/fleet.json"])
        try vast.write(
            "policy.lua",
            #"vast.policy {name = "p", all = true, when = function() return true end, action = "stop", grace = "0s", max = 9}"#)
        #expect(try await vast.run("--url", simulator.url, "-e", "vast.observe('1s', {every = '1s'})").code == 0)
        // As 0.1 has made it.
        try DatabaseQueue(path: vast.folder.path + "/state.sqlite", busyTimeout: 5_000).perform { database in
            try database.execute(sql: "DELETE FROM value WHERE script = 'vast-lua'")
        }
        let before = try await vast.run("doctor", "--url", simulator.url)
        #expect(before.code == 0 && before.output.contains("106: [lr=3e-4] protected it in version 0.1"), "\(before.output)")
        #expect(before.output.contains("for 24 hours from the next run on"))
        let first = try await vast.run("--url", simulator.url, "--once", "policy.lua")
        #expect(first.errors.contains("the labels of 1 instance protected it in version 0.1") && first.errors.contains("106 'a [lr=3e-4]'"))
        let second = try await vast.run("--url", simulator.url, "--once", "policy.lua")
        #expect(!second.errors.contains("in version 0.1 and would not"), "\(second.errors)")
        #expect(try await vast.run("doctor", "--url", simulator.url).output.contains("it is left alone for another 23h"))
        #expect(try await simulator.changes().contains { $0.contains("/106/") } == false)
        #expect(try await simulator.changes().contains { $0.contains("/107/") })
        let why = try await vast.run("explain", "106", "--url", simulator.url, "policy.lua")
        #expect(why.output.contains("version 0.1 left it alone because of [lr=3e-4]"), "\(why.output) \(why.errors)")
    }
}
