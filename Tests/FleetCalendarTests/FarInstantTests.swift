import FleetCalendar
import Testing

/// Instants outside of the years that calendars know count as their ends, and cost no more than others.
@Suite("Far instants", .timeLimit(.minutes(1))) struct FarInstantTests {
    private static let far: [Int64] = [.min, -999_999_999_999_999, 999_999_999_999_999, .max]

    @Test("windows have an answer there at once", arguments: far)
    func windows(instant: Int64) throws {
        let catalog = ZoneCatalog()
        let hours = try Hours("00:00-24:00", zone: try catalog.zone("Europe/Berlin"), zones: catalog)
        #expect(hours.contains(instant))
        #expect(hours.nextOn(after: instant) == nil && hours.nextOff(after: instant) == nil)
    }

    @Test("a local time there is one of the last instants, or of the first", arguments: far)
    func resolve(local: Int64) throws {
        let zone = try ZoneCatalog().zone("Europe/Berlin")
        let ends = [Zone.instants.lowerBound, Zone.instants.upperBound]
        let instant = zone.resolve(local).instant
        #expect(ends.contains { abs(instant - $0) < 10 * 86_400 }, "\(instant)")
    }

    @Test("changes of the clock are listed up to the last year")
    func changes() throws {
        let zone = try ZoneCatalog().zone("Europe/Berlin")
        let changes = zone.changes(in: 253_370_764_800..<Int64.max)
        #expect(changes.map { zone.localTime(at: $0).date.description } == ["9999-03-28", "9999-10-31"])
    }
}
