import FleetStore
import LoopbackServer
import Testing
import VastAPI

@testable import VastLua

@Suite("The day after the state of version 0.1 was first opened") struct LabelTransitionTests {
    private static let script = """
        vast.policy {name = "all", match = {billing = "gpu"}, when = function() return true end, action = "stop", grace = "0s", every = "5m"}
        """
    private static let rows = [
        FakeFleet.row(12, ["label": "a [lr=3e-4]"]), FakeFleet.row(13, ["label": "b [lease=8 hours] [v2]"]),
        FakeFleet.row(14, ["label": "c [v2]"]),
        FakeFleet.row(15, ["label": "d [keep]"]), FakeFleet.row(16, ["label": "e \u{1B}[owner=anna]"])
    ]
    private static let start = 1_795_000_000.0

    /// A state as 0.1 leaves it: something of the account, and no word on grammars.
    private func earlierState(_ account: String = "a") throws -> StatePlace {
        let place = StatePlace()
        try place.database.open()
        try KeyValueStore(place.database, account: "", script: "vast-lua").delete("label grammar")
        try KeyValueStore(place.database, account: account, script: "/s.lua").set("x", "1")
        return place
    }

    private func run(_ place: StatePlace, after: Double = 0, for length: Duration = .seconds(1_000), isPlanning: Bool = false) async throws
        -> (
            JobRun, stopped: [InstanceID]
        )
    {
        let options = Runtime.Options(isPlanning: isPlanning, zone: .utc)
        let (run, fleet) = try await runJobs(
            Self.script, for: length, on: Self.rows, start: Self.start + after, options: options, state: place.state)
        #expect(run.error == nil && run.jobFailure == nil)
        return (run, fleet.orders.flatMap(\.ids).sorted())
    }

    @Test("what 0.1 left alone is listed once, and left alone for 24 hours, also by the runs that follow")
    func day() async throws {
        let place = try earlierState()
        let (first, stopped) = try await run(place)
        #expect(stopped == [14])
        #expect(first.logged("labels of 3 instances") == 1)
        let listed = first.log.first { $0.contains("labels of 3 instances") } ?? ""
        #expect(listed.contains("12 'a [lr=3e-4]': [lr=3e-4]") && listed.contains("[lease=8 hours]") && !listed.contains("\u{1B}"))
        let (second, later) = try await run(place, after: 80_000)
        #expect(later == [14] && second.logged("labels of") == 0)
        let (_, afterwards) = try await run(place, after: 86_401)
        #expect(afterwards == [12, 13, 14, 16])
        guard case .begun(let transition) = try place.state.labelGrammar.state() else { throw VastError.invalidArgument("not begun") }
        #expect(transition.labels.map(\.id) == [12, 13, 16] && transition.labels[0].text == "a [lr=3e-4]")
    }

    @Test("a run that lives on stops them when the day is over")
    func ending() async throws {
        let (_, stopped) = try await run(try earlierState(), for: .seconds(86_400 + 7_200))
        #expect(stopped == [12, 13, 14, 16])
    }

    @Test("a state that this version has made, and an account that it does not know, know no such day")
    func others() async throws {
        let (run, stopped) = try await run(StatePlace())
        #expect(stopped == [12, 13, 14, 16] && run.logged("labels of") == 0)
        let (_, foreign) = try await self.run(try earlierState("somebody else"))
        #expect(foreign == [12, 13, 14, 16])
    }

    @Test("a dry run lists them and begins nothing")
    func planning() async throws {
        let place = try earlierState()
        let (run, stopped) = try await run(place, isPlanning: true)
        #expect(stopped == [14] && run.logged("labels of 3 instances") == 1)
        #expect(try place.state.labelGrammar.state() == .pending)
    }

    @Test("whoever is told by notices is told of it, before a policy acts")
    func notice() async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("ok")) }
        defer { server.stop() }
        let place = try earlierState()
        for after in [0.0, 100] {
            var options = Runtime.Options(jobMode: .once, zone: .utc)
            options.notices = try NoticeTarget(url: "\(server.url)/hook", kind: "ntfy")
            _ = try await runJobs(
                Self.script, for: .seconds(1), on: Self.rows, start: Self.start + after, options: options, state: place.state)
        }
        #expect(server.seen.count == 1 && server.seen.first?.contains("[lr=3e-4]") == true)
    }
}
