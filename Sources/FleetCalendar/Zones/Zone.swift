/// A time zone: what its clocks show at every instant, by the system's zone files.
///
/// Looking something up allocates nothing; copies share one table.
package struct Zone: Sendable {
    /// The IANA name, or what the machine calls its own zone.
    package let name: String
    let table: ZoneTable

    init(name: String, table: ZoneTable) {
        self.name = name
        self.table = table
    }

    /// Always there, also on a machine without zone files.
    package static let utc = Zone(
        name: "UTC",
        table: ZoneTable(
            initial: ZoneTable.Kind(offset: 0, isDaylightSaving: false, abbreviation: "UTC"), changes: [], rule: nil))

    /// The instants that calendars know, in Unix seconds: the years 1 to 9999 in UTC.
    package static let instants: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// Seconds east of UTC.
    ///
    /// - Parameter instant: Unix seconds; those outside of ``instants`` count as its ends.
    package func offset(at instant: Int64) -> Int64 { cursor(at: instant).offset }

    /// Such as `CEST`, or `+03` where people have no name for it.
    package func abbreviation(at instant: Int64) -> String { cursor(at: instant).kind.abbreviation }

    /// What the clock on the wall shows.
    ///
    /// - Parameter instant: Unix seconds; those outside of ``instants`` count as its ends.
    package func localTime(at instant: Int64) -> LocalTime {
        let cursor = cursor(at: instant)
        return LocalTime(seconds: Self.clamped(instant) + cursor.offset, kind: cursor.kind)
    }

    /// The instants of the clock's changes within a range, in Unix seconds and as far as ``instants`` go; also those at
    /// which only the name changes.
    package func changes(in range: Range<Int64>) -> [Int64] {
        var cursor = cursor(at: range.lowerBound)
        var changes = cursor.start == range.lowerBound ? [cursor.start] : []
        let end = min(range.upperBound, Self.instants.upperBound)
        while cursor.end < end {
            changes.append(cursor.end)
            cursor.advance()
        }
        return changes
    }

    func cursor(at instant: Int64) -> ZoneCursor { ZoneCursor(table, at: Self.clamped(instant)) }

    static func clamped(_ instant: Int64) -> Int64 {
        min(max(instant, instants.lowerBound), instants.upperBound)
    }
}

extension Zone: Equatable, CustomStringConvertible {
    /// Zones are equal when they have one name.
    package static func == (left: Zone, right: Zone) -> Bool { left.name == right.name }
    package var description: String { name }
}
