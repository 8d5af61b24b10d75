import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("vast.signal") struct SignalScriptTests {
    private func verdict(_ signal: String, _ option: String = "signals = {queue = true}") async throws -> JobRun {
        try await runJobs(
            """
            vast.signal("queue", \(signal))
            vast.observe("1h", {every = "1m"})
            local idle, why = vast.instance(12):is_idle("45m", {\(option)})
            out = {tostring(idle), why or ""}
            """, for: .seconds(7_200), options: .init(jobMode: .once)
        ).0
    }

    @Test(
        "an instance is idle only where its own signals say so; errors, time-outs and anything odd are unknown",
        arguments: [
            ("function(i) return i.id == 12 end", "true", ""), ("function() return false end", "false", "queue: work 0s ago"),
            ("function() return nil, 'no answer' end", "nil", "queue: no answer"), ("function() error('boom') end", "nil", "boom"),
            ("function() return 1 end", "nil", "neither true nor false"),
            ("function() vast.http.get('http://127.0.0.1:1/') end", "nil", "no connection")
        ])
    func answers(signal: String, idle: String, why: String) async throws {
        let run = try await verdict(signal)
        #expect(run.error == nil && run.texts[0] == idle && (why.isEmpty || run.texts[1].contains(why)), "\(run)")
    }

    @Test("a signal that is not asked for is not called; work that it has shown within the window counts")
    func window() async throws {
        #expect(try await verdict("function() error('no') end", "below = 5").texts == ["true", ""])
        let run = try await runJobs(
            """
            local busy = true
            vast.signal("queue", function() return not busy end)
            vast.observe("1h", {every = "1m"})
            local function ask() return tostring(vast.instance(12):is_idle("45m", {signals = {queue = true}})) end
            out = {ask()}
            busy = false
            vast.observe("10m", {every = "1m"}) out[2] = ask()
            vast.observe("40m", {every = "1m"}) out[3] = ask()
            """, for: .seconds(1), options: .init(jobMode: .once)
        ).0
        #expect(run.texts == ["false", "false", "true"])
    }

    @Test("built-in names are taken, and unknown ones are told")
    func names() async throws {
        let run = try await runJobs(
            """
            out = {tostring(select(2, pcall(vast.signal, "cpu", print))),
              tostring(select(2, pcall(function() return vast.instance(12):is_idle("45m", {signals = {quue = true}}) end)))}
            """, for: .seconds(1), options: .init(jobMode: .once)
        ).0
        #expect(run.texts[0].contains("give yours another name") && run.texts[1].contains("signal"))
    }
}
