import FleetStore
import Foundation
import Testing

/// Restricted scripts and the day in which labels protect as in version 0.1.
@Suite struct RestrictedLabelTests {
    private static let fleet = """
        {"fleet":1,"instances":[{"id":1,"label":"a [lr=3e-4]"},{"id":2,"label":"c [v2]"},{"id":3,"label":"b [keep]"}]}
        """
    private static let budget = "vast.budget {per_day = 0.1, order = {{label = {'a*', 'b*', 'c*', 'd*'}}}}"

    @Test("what version 0.1 left alone is left alone, listed once, and stopped when the day was over", arguments: [["--restricted"], []])
    func day(options: [String]) async throws {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        let state = vast.folder.path + "/state"
        vast.environment["VAST_LUA_STATE"] = state
        let simulator = try await RunningSimulator(vast, options: ["--fleet", try vast.write("fleet.json", Self.fleet)])
        vast.environment["VAST_URL"] = simulator.url
        try vast.write("budget.lua", Self.budget)
        #expect(try await vast.run("--pacing", "none", "-e", "vast.label(2, 'd [v2]')").code == 0)
        let database = StateDatabase(directory: state)
        try KeyValueStore(database, account: "", script: "vast-lua").delete("label grammar")
        database.close()
        let words = ["--pacing", "none", "--once", "--max-fraction", "1"] + options + ["budget.lua"]
        let first = try await vast.run(words)
        #expect(first.code == 0 && first.errors.contains("stopped 1 (confirmed)"), "\(first.errors)")
        #expect(first.errors.contains("the labels of 1 instance protected it in version 0.1"), "\(first.errors)")
        let second = try await vast.run(words)
        #expect(second.code == 0 && !second.errors.contains("(confirmed)"), "\(second.errors)")
        #expect(second.errors.contains("[lr=3e-4]") && !second.errors.contains("the labels of 1"), "\(second.errors)")
        let account = try #require(try JournalHistory(database).accounts().first)
        guard case .begun(let day) = try LabelGrammarStore(database, account: account).state() else {
            Issue.record("the day has not begun")
            return
        }
        let past = "{\"since\":\(day.since - 90_000),\"labels\":[]}"
        try KeyValueStore(database, account: account, script: "vast-lua").set("label grammar", past)
        database.close()
        let last = try await vast.run(words)
        #expect(last.code == 0 && last.errors.contains("stopped 1 (confirmed)"), "\(last.errors)")
    }
}
