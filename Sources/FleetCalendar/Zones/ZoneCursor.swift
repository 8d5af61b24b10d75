/// A segment of a zone's time, and the way to its neighbours.
struct ZoneCursor {
    private let table: ZoneTable
    private var index: Int
    /// What must be added to the table's instants, a multiple of ``ZoneTable/cycle``.
    private var shift: Int64

    /// - Parameter instant: Unix seconds, within some 10,000 years.
    init(_ table: ZoneTable, at instant: Int64) {
        self.table = table
        if let recurrence = table.recurrence, instant >= recurrence + ZoneTable.cycle {
            shift = (instant - recurrence) / ZoneTable.cycle * ZoneTable.cycle
        } else {
            shift = 0
        }
        index = table.index(at: instant - shift)
    }

    var offset: Int64 { table.segments[index].offset }
    var kind: ZoneTable.Kind { table.kinds[table.segments[index].kind] }
    var isFirst: Bool { index == 0 }

    /// The first instant of the segment; `Int64.min` when there is none.
    var start: Int64 { index == 0 ? .min : table.segments[index].start + shift }

    /// The first instant after the segment; `Int64.max` when it lasts.
    var end: Int64 { index + 1 < table.segments.count ? table.segments[index + 1].start + shift : .max }

    /// The offset before ``start``.
    var offsetBefore: Int64 { index == 0 ? offset : table.segments[index - 1].offset }

    /// Goes to the next segment; only where ``end`` is not `Int64.max`.
    mutating func advance() {
        index += 1
        guard let recurrence = table.recurrence, table.segments[index].start >= recurrence + ZoneTable.cycle else { return }
        shift += ZoneTable.cycle
        index = table.index(at: table.segments[index].start - ZoneTable.cycle)
    }

    /// Goes to the segment before; only where it is not the first.
    mutating func retreat() {
        index -= 1
        guard shift > 0, let recurrence = table.recurrence, table.segments[index].start < recurrence else { return }
        shift -= ZoneTable.cycle
        index = table.index(at: table.segments[index].start + ZoneTable.cycle)
    }
}
