import Foundation
import Testing

/// What the prompt shows on terminals of many kinds.
@Suite struct PromptDisplayTests {
    private static let fleet = #"""
        [{"id": 7, "label": "学習ジョブ-東京-とても長いラベル", "gpu_name": "RTX 4090", "num_gpus": 4, "dph_total": 1.5,
          "actual_status": "running", "intended_status": "running", "cur_state": "running"},
         {"id": 8, "label": "plain", "gpu_name": "A100 SXM4", "num_gpus": 8, "dph_total": 12.5,
          "actual_status": "exited", "intended_status": "stopped", "cur_state": "stopped"}]
        """#

    private func show(_ statement: String, columns: Int, environment: [String: String] = [:]) async throws -> (text: String, bytes: [UInt8])
    {
        let vast = try VastLua(environment)
        try vast.write("fleet.json", Self.fleet)
        return try await atTerminal(vast, ["--simulator=fleet.json"], columns: columns) { terminal in
            try terminal.expect("2 instances")
            try terminal.expect("frozen: no")
            try terminal.expect("sim> ")
            let before = terminal.bytes.count
            let text = try terminal.enter(statement, until: "sim> ")
            return (text, Array(terminal.bytes[before...]))
        }
    }

    /// Two columns for each character that is not ASCII; the fleet has no others.
    private func width(_ line: Substring) -> Int { line.reduce(0) { $0 + ($1.isASCII ? 1 : $1 == "…" ? 1 : 2) } }

    @Test("a list fits into terminals of 40, 60 and 200 columns, wide characters and all", arguments: [40, 60, 200])
    func listFits(columns: Int) async throws {
        let shown = try await show("vast.instances()", columns: columns).text
        let lines = shown.split(separator: "\n").filter { !$0.hasPrefix("sim>") }
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { width($0) <= columns }, "\(shown)")
        #expect(lines[0].contains("ID") && lines[0].contains("LABEL") && lines[0].contains("STATE") && lines[0].contains("$/H"))
        #expect(lines[3].contains("2 instances, $"))
        if columns == 200 { #expect(shown.contains("学習ジョブ-東京-とても長いラベル") && lines[0].contains("AGE")) }
    }

    @Test("an instance is a card, without what can hold secrets")
    func card() async throws {
        let shown = try await show("vast.instance(7)", columns: 100).text
        #expect(shown.contains("7  学習ジョブ") && shown.contains("running") && shown.contains("4x RTX 4090"))
        #expect(shown.contains("rate_on"))
        #expect(!shown.contains("jupyter_token") || shown.contains("<not shown>"))
    }

    @Test("other tables are shown by the inspector: keys in order, cycles marked, deep and long ones cut")
    func tables() async throws {
        #expect(try await show("{b = 1, a = {2, 'x'}}", columns: 100).text.contains(#"{a = {2, "x"}, b = 1}"#))
        #expect(try await show("(function() local t = {} t.self = t return t end)()", columns: 100).text.contains("{self = <cycle>}"))
        let long = try await show("(function() local t = {} for i = 1, 300 do t[i] = i end return t end)()", columns: 100).text
        #expect(long.contains("100 more"))
    }

    @Test("long texts are cut with a word how to see all")
    func long() async throws {
        let shown = try await show("('line\\n'):rep(1500)", columns: 100).text
        #expect(shown.contains("501 more lines; print(_) shows all"))
    }

    @Test("without UTF-8 only ASCII is written")
    func ascii() async throws {
        let bytes = try await show("vast.instances()", columns: 60, environment: ["LANG": "C", "LC_ALL": "C"]).bytes
        #expect(bytes.allSatisfy { $0 < 0x80 })
    }

    @Test("TERM=dumb gets no control sequences, and everything works")
    func dumb() async throws {
        let shown = try await show("vast.instances()", columns: 80, environment: ["TERM": "dumb"])
        #expect(!shown.bytes.contains(0x1B))
        #expect(shown.text.contains("plain"))
    }

    @Test("colours are shown on a terminal, not with NO_COLOR")
    func colors() async throws {
        let green = Array("\u{1B}[32mrunning".utf8)
        #expect(try await show("vast.instances()", columns: 100).bytes.contains(green))
        #expect(!(try await show("vast.instances()", columns: 100, environment: ["NO_COLOR": "1"]).bytes.contains(green)))
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        count >= part.count && indices.dropLast(part.count - 1).contains { self[$0..<$0 + part.count].elementsEqual(part) }
    }
}
