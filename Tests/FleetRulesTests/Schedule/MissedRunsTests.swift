import FleetCalendar
import FleetRules
import Testing

@Suite("Missed runs") struct MissedRunsTests {
    private static let hour: Int64 = 3600
    /// 2026-01-01 00:00 UTC
    private static let midnight: Int64 = 1_767_225_600

    private func hourly() throws -> JobTrigger {
        .calendar(CronCalendar(try CronExpression("0 * * * *"), zone: .utc))
    }

    @Test(
        "what was due in a span is counted, and the last of it is known",
        arguments: [
            (0, 0, 0, nil), (0, 1, 1, 1), (0, 24, 24, 24), (5, 7, 2, 7)
        ] as [(Int64, Int64, Int, Int64?)])
    func due(from: Int64, to: Int64, count: Int, last: Int64?) throws {
        let due = try hourly().due(after: Self.midnight + from * Self.hour, upTo: Self.midnight + to * Self.hour)
        #expect(due.count == count)
        #expect(due.last == last.map { Self.midnight + $0 * Self.hour })
        #expect(due.isComplete)
    }

    @Test("counting is bounded, and the last is right all the same")
    func bounded() throws {
        let due = try hourly().due(after: Self.midnight, upTo: Self.midnight + 1_000 * Self.hour + 7, limit: 10)
        #expect(due.count == 10)
        #expect(!due.isComplete)
        #expect(due.last == Self.midnight + 1_000 * Self.hour)
    }

    @Test("a date is due once")
    func once() {
        let trigger = JobTrigger.once(100)
        #expect(trigger.due(after: 50, upTo: 99).count == 0)
        #expect(trigger.due(after: 50, upTo: 100).last == 100)
        #expect(trigger.due(after: 100, upTo: 200).count == 0)
    }

    @Test(
        "by default nothing is made up for, but a run that begins within its minute is on time",
        arguments: [
            (0.0, true), (59.9, true), (60.0, false), (7200.0, false)
        ])
    func punctual(late: Double, runs: Bool) throws {
        var due = DueInstants()
        (due.count, due.last) = (3, 1_000)
        let missed = MissedRuns(due, now: 1_000 + late, rule: .init())
        #expect(missed.run == (runs ? 1_000 : nil))
        #expect(missed.skipped == (runs ? 2 : 3))
    }

    @Test(
        "with catch_up once the last is made up for, however many were missed, unless it is too late",
        arguments: [
            (nil, 1e6, true), (.seconds(3600), 3600, true), (.seconds(3600), 3601, false), (.zero, 61, false), (.zero, 59, true)
        ] as [(Duration?, Double, Bool)])
    func catchUp(maxLate: Duration?, late: Double, runs: Bool) {
        var due = DueInstants()
        (due.count, due.last) = (5, 1_000)
        let missed = MissedRuns(due, now: 1_000 + late, rule: .init(catchUp: .once, maxLate: maxLate))
        #expect(missed.run == (runs ? 1_000 : nil))
        #expect(missed.skipped == (runs ? 4 : 5))
    }

    @Test("nothing due is nothing missed")
    func nothing() {
        let missed = MissedRuns(DueInstants(), now: 5, rule: .init(catchUp: .once))
        #expect(missed.run == nil)
        #expect(missed.skipped == 0)
    }

    @Test("jitter depends on the name alone, stays below its bound, and differs between names")
    func jitter() {
        let names = (1...200).map { "job \($0)" }
        let delays = names.map { Jitter.delay(of: $0, upTo: .seconds(60)) }
        #expect(delays == names.map { Jitter.delay(of: $0, upTo: .seconds(60)) })
        #expect(delays.allSatisfy { $0 >= .zero && $0 < .seconds(60) })
        #expect(Set(delays).count == names.count)
        // Spread over the whole minute, not only distinct.
        #expect(delays.filter { $0 < .seconds(30) }.count > 60)
        #expect(delays.filter { $0 >= .seconds(30) }.count > 60)
        #expect(Jitter.delay(of: "x", upTo: .zero) == .zero)
    }
}
