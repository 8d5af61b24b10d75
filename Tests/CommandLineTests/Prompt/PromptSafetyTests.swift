import Foundation
import Testing

/// What the prompt sends, and when.
@Suite struct PromptSafetyTests {
    let vast: VastLua
    init() throws { vast = try VastLua(["VAST_API_KEY": "simulator"]) }

    @Test("the prompt plans changes and shows them; vast.live() sends them; what was sent is confirmed at the end")
    func dryAndLive() async throws {
        let simulator = try await RunningSimulator(vast)
        let url = simulator.url
        try await atTerminal(vast, ["--url", url, "--pacing", "none"]) { terminal in
            try terminal.expect("frozen: no")
            try terminal.expect("dry> ")
            let planned = try terminal.enter("vast.stop(40112233)", until: "dry> ")
            #expect(planned.contains("train-a") && planned.contains("nothing was sent; vast.live() sends changes"))
            try terminal.enter("vast.instance(40112233).state, vast.dry_run", shows: "stopped\ttrue", until: "dry> ")
        }
        #expect(try await simulator.changes() == [])
        try await atTerminal(vast, ["--url", url, "--pacing", "none"]) { terminal in
            try terminal.expect("frozen: no")
            try terminal.expect("dry> ")
            try terminal.enter("vast.stop(40112233)", until: "dry> ")
            try terminal.enter("vast.live()", until: "live> ")
            try terminal.enter("vast.instance(40112233).state, vast.dry_run", shows: "running\tfalse", until: "live> ")
            // The very instance that was planned.
            let sent = try terminal.enter("vast.stop(40112233)", until: "live> ")
            #expect(!sent.contains("nothing was sent"))
            try terminal.enter("vast.live(false)", until: "dry> ")
            try terminal.enter("vast.stop(40112234)", until: "dry> ")
            terminal.type("\u{4}")
            let end = terminal.end()
            #expect(end.code == 0)
            #expect(end.text.contains("stopped 1 (confirmed)"), "\(end.text)")
        }
        #expect(try await simulator.changes() == ["PUT /api/v0/instances/40112233/"])
        let undo = try await vast.run("undo", "--last", "-n", "--url", url, "--unpaced")
        #expect(undo.output.contains("40112233") && !undo.output.contains("nothing to put back"), "\(undo.output)")
    }

    @Test("what is planned changes nothing that the live guard allows: protection by labels, and caps")
    func booksApart() async throws {
        let simulator = try await RunningSimulator(vast)
        try await atTerminal(vast, ["--url", simulator.url, "--pacing", "none", "--protect", "notebook*"]) { terminal in
            // The prompt is drawn again below the first screen.
            try terminal.expect("frozen: no")
            try terminal.expect("dry> ")
            try terminal.enter("vast.label(40112247, 'x')", until: "dry> ")
            try terminal.enter("vast.stop{40112233, 40112234, 40112235, 40112236, 40112237, 40112238, 40112239, 40112240}", until: "dry> ")
            try terminal.enter("vast.live()", until: "live> ")
            let refused = try terminal.enter("vast.stop(40112247)", until: "live> ")
            #expect(refused.contains("protected (label notebook*)"), "\(refused)")
            try terminal.enter("vast.live(false)", until: "dry> ")
            try terminal.enter("vast.label(40112247, 'y')", until: "dry> ")
            try terminal.enter("vast.live()", until: "live> ")
            try terminal.enter("vast.stop(40112247)", until: "live> ")
            let sent = try terminal.enter(
                "vast.stop{40112233, 40112234, 40112235, 40112236, 40112237, 40112238, 40112239, 40112240}", until: "live> ")
            #expect(!sent.contains("guard"), "\(sent)")
            terminal.type("\u{4}")
            #expect(terminal.end().text.contains("stopped 8 (confirmed)"))
        }
        #expect(try await simulator.changes() == ["PUT /api/v0/instances/"])
    }

    @Test("--live sends from the start, and the prompt says so")
    func live() async throws {
        let simulator = try await RunningSimulator(vast)
        try await atTerminal(vast, ["--url", simulator.url, "--pacing", "none", "--live"]) { terminal in
            let shown = try terminal.expect("frozen: no")
            try terminal.expect("live> ")
            #expect(shown.contains("CHANGES ARE SENT"))
            try terminal.enter("vast.label(40112233, 'typed')", until: "live> ")
            terminal.type("\u{4}")
            #expect(terminal.end().code == 0)
        }
        #expect(try await simulator.changes() == ["PUT /api/v0/instances/40112233/"])
    }

    @Test("without a key the prompt says where it looked and how to go on, and Lua works")
    func withoutKey() async throws {
        try await atTerminal(try VastLua(), []) { terminal in
            let shown = try terminal.expect("vast-lua --simulator")
            #expect(shown.contains("VAST_API_KEY"))
            try terminal.expect("dry> ")
            try terminal.enter("6 * 7", shows: "42", until: "dry> ")
        }
    }

    @Test("vast.live in a script raises")
    func inScript() async throws {
        let run = try await vast.run("--simulator", "-e", "print(vast.try('invalid_argument', vast.live))")
        #expect(run.output.contains("vast.live is for the prompt"))
    }
}
