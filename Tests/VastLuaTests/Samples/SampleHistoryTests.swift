import FleetRules
import Testing
import VastAPI

@testable import VastLua

@Suite struct SampleHistoryTests {
    private let now = 1_795_000_000.0

    @Test("only what is asked for is fetched from disk, and what others add later comes too")
    func fetching() throws {
        let place = StatePlace()
        let first: Double = now - 6 * 86_400
        let (state, other) = (place.state, place.state)
        for day in (1...6).reversed() {
            try other.samples.add([(12, Sample(time: now - Double(day) * 86_400, state: .running))])
        }
        try other.samples.add([(12, Sample(time: now - 300, state: .running))])
        let book = SampleHistory(open: { state }) { Issue.record("\($0)") }
        var readings = Readings()
        book.load(into: &readings, since: now - 600, now: now)
        #expect(readings.samples(of: 12).count == 1)
        book.keep([(12, Sample(time: now, state: .running))], now: now)
        book.load(into: &readings, since: now - 600, now: now)
        // The one that was kept just now, and nothing of the days before.
        #expect(readings.samples(of: 12).count == 2)
        book.load(into: &readings, since: now - 2 * 86_400, now: now)
        #expect(readings.samples(of: 12).count == 4)
        #expect(book.firstSeen(12) == first && book.firstSeen(13) == nil)
    }
}
