import FleetFixtures
import Testing
import VastAPI

@testable import FleetSafety

@Suite("What is known of lost bids") struct OutbidTrackerTests {
    private func off(_ id: Int64) throws -> Instance {
        try TestFleet.row(id, .stopped, more: ["is_bid": true])
    }

    @Test("is asked for once, and forgotten with the instances that a whole reading lacks")
    func forgetting() throws {
        let tracker = OutbidTracker()
        let rows = try [off(1), off(2)]
        #expect(tracker.unseen(rows) == [1, 2] && tracker.unseen(rows).isEmpty)
        tracker.note(1, onAt: 100)
        tracker.note(2, onAt: 100)
        #expect(tracker.known(among: [1, 2]) == [1, 2])
        tracker.keep(only: [2])
        #expect(tracker.known(among: [1, 2]) == [2])
        #expect(tracker.unseen(rows) == [1])
    }
}
