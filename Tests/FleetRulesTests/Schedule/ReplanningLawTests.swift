import FleetCalendar
import FleetClock
import FleetRules
import Testing

@Suite("A calendar when the clock was set back") struct ReplanningLawTests {
    /// Specifications with the seconds between their instants.
    private static let crons: [(String, Int64)] = [
        ("* * * * *", 60), ("*/5 * * * *", 300), ("0 * * * *", 3_600), ("30 */6 * * *", 21_600), ("0 12 * * *", 86_400)
    ]

    private static func trigger(_ text: String) throws -> JobTrigger {
        .calendar(CronCalendar(try CronExpression(text), zone: .utc))
    }

    @Test("runs again after at least half and less than twice its interval, by however much it was: 3,000 jumps")
    func law() throws {
        var generator = SeededGenerator(seed: 74)
        let triggers = try Self.crons.map { (try Self.trigger($0.0), $0.1) }
        for _ in 0..<3_000 {
            let (trigger, interval) = try #require(triggers.randomElement(using: &generator))
            let handled = try #require(trigger.next(after: Int64.random(in: 1_790_000_000...1_800_000_000, using: &generator)))
            // On schedule: the next one has not come yet.
            let ago = Int64.random(in: 0..<interval, using: &generator)
            let jump = Int64.random(in: 1...[120, 3_600, 90_000].randomElement(using: &generator)!, using: &generator)
            let now = handled + ago - jump
            let next = try #require(trigger.next(after: now, handled: handled, ago: .seconds(ago)))
            let apart = ago + next - now
            #expect(next > now && apart * 2 >= interval && apart < 2 * interval, "\(interval) \(ago) \(jump): \(apart)")
        }
    }

    @Test("a time of the day that was dealt with a moment ago does not come twice, and comes again when a day was taken back")
    func daily() throws {
        let trigger = try Self.trigger("0 12 * * *")
        let noon: Int64 = 1_795_003_200 - 1_795_003_200 % 86_400 + 43_200
        #expect(trigger.next(after: noon - 120, handled: noon, ago: .seconds(120)) == noon + 86_400)
        #expect(trigger.next(after: noon - 3_600, handled: noon, ago: .seconds(60)) == noon + 86_400)
        #expect(trigger.next(after: noon - 86_400 + 60, handled: noon, ago: .seconds(60)) == noon)
        #expect(JobTrigger.once(noon).next(after: noon - 60, handled: noon, ago: .zero) == nil)
    }
}
