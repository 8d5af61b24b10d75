import FleetFixtures
import Testing
import VastModels

@testable import FleetRules

@Suite("Readings that are not believed")
struct FleetSanityTests {
    private func kinds(
        _ rows: [Instance], isComplete: Bool = true, isFiltered: Bool = false, lastSize: Int? = nil, offset: Duration? = nil,
        accepting: Set<SanityDoubt.Kind> = [], started: Set<InstanceID> = []
    ) -> [SanityDoubt.Kind] {
        let snapshot = TestFleet.snapshot(rows, isComplete: isComplete, isFiltered: isFiltered)
        return FleetSanity(accepting: accepting).doubts(about: snapshot, lastSize: lastSize, started: started, clockOffset: offset).map(
            \.kind)
    }

    @Test("a usual reading is believed")
    func usual() throws {
        #expect(kinds(try (1...10).map { try TestFleet.row($0) }, lastSize: 11, offset: .seconds(119)).isEmpty)
    }

    @Test("a list that was not read whole is not believed; a filtered one is not a list of the fleet")
    func incomplete() throws {
        #expect(kinds([try TestFleet.row(1)], isComplete: false) == [.incomplete])
        #expect(kinds([try TestFleet.row(1)], isComplete: false, isFiltered: true, lastSize: 40).isEmpty)
    }

    @Test(
        "a fleet that halved is not believed, unless it is small",
        arguments: [
            (10, 5, true), (10, 6, false), (4, 2, true), (3, 1, false), (8, 0, true), (40, 41, false)
        ])
    func halved(before: Int, now: Int, isDoubtful: Bool) throws {
        let rows = try (0..<now).map { try TestFleet.row(Int64($0 + 1)) }
        #expect(kinds(rows, lastSize: before) == (isDoubtful ? [.halved] : []))
    }

    @Test("when no running instance has a utilisation, that is not believed", arguments: [(2, false), (3, true)])
    func utilization(running: Int64, isDoubtful: Bool) throws {
        let rows = try (1...running).map { try TestFleet.row($0, more: ["gpu_util": nil]) } + [try TestFleet.row(99, .stopped)]
        #expect(kinds(rows) == (isDoubtful ? [.noUtilization] : []))
        #expect(kinds(rows + [try TestFleet.row(98, more: ["gpu_util": 0])]).isEmpty)
        // What was just started has none yet, and says nothing about the others.
        #expect(kinds(rows, started: [1, 2]).isEmpty)
    }

    @Test("a clock that is more than two minutes off is not believed, in either direction", arguments: [-121, 121])
    func clock(seconds: Int) throws {
        #expect(kinds([try TestFleet.row(1)], offset: .seconds(seconds)) == [.clock])
        #expect(kinds([try TestFleet.row(1)], offset: .seconds(seconds), accepting: [.clock]).isEmpty)
    }

    @Test("the refusal names every doubt and what accepts them")
    func refusal() throws {
        let rows = try (1...4).map { try TestFleet.row($0) }
        let doubts = FleetSanity().doubts(about: TestFleet.snapshot(rows), lastSize: 40, clockOffset: .seconds(-600))
        let error = try #require(FleetSanity.refusal(of: doubts))
        #expect(error.kind == .guard)
        #expect(error.message.contains("has 4 instances and had 40"))
        #expect(error.message.contains("10m behind"))
        #expect(error.text.hasSuffix("--accept halved,clock"))
        #expect(FleetSanity.refusal(of: []) == nil)
    }
}
