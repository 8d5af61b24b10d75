/// Reads zone files: TZif of version 2 and later with its footer rule, as RFC 9636 describes them.
///
/// Whatever the bytes, it returns a table or throws.
struct ZoneFile {
    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether a file starts as zone files do.
    static func isZoneFile(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: "TZif".utf8) }

    /// - Throws: ``CalendarError`` when the file is malformed, older than version 2, or counts leap seconds.
    static func read(_ bytes: [UInt8]) throws(CalendarError) -> ZoneTable {
        var file = ZoneFile(bytes)
        return try file.table()
    }

    private struct Counts {
        var isUT, isStandard, leap, time, type, character: Int
    }

    private mutating func table() throws(CalendarError) -> ZoneTable {
        let old = try header()
        try skip(old.time * 5 + old.type * 6 + old.character + old.leap * 8 + old.isStandard + old.isUT)
        let counts = try header()
        guard counts.type > 0, counts.character > 0 else { throw Self.malformed("it has no types") }
        guard counts.leap == 0 else {
            throw CalendarError("the zone file counts leap seconds, which Unix time does not; take it from outside \"right\"")
        }
        let starts = try starts(counts.time)
        let types = try take(counts.time)
        let kinds = try kinds(counts)
        try skip(counts.isStandard + counts.isUT)
        var changes: [(start: Int64, kind: ZoneTable.Kind)] = []
        changes.reserveCapacity(counts.time)
        for (start, type) in zip(starts, types) {
            guard Int(type) < kinds.count else { throw Self.malformed("a change has no type") }
            changes.append((start, kinds[Int(type)]))
        }
        return ZoneTable(initial: kinds[0], changes: changes, rule: try footer())
    }

    private mutating func header() throws(CalendarError) -> Counts {
        guard Self.isZoneFile(try take(4)) else { throw Self.malformed("it does not start with TZif") }
        let version = try take(16).first ?? 0
        guard version >= UInt8(ascii: "2") else { throw CalendarError("the zone file is older than version 2") }
        var counts: [Int] = []
        for _ in 0..<6 { counts.append(Int(try integer(4))) }
        guard counts.allSatisfy({ (0...100_000).contains($0) }) else { throw Self.malformed("its counts are absurd") }
        return Counts(
            isUT: counts[0], isStandard: counts[1], leap: counts[2], time: counts[3], type: counts[4], character: counts[5])
    }

    /// The instants of the changes, which must rise.
    private mutating func starts(_ count: Int) throws(CalendarError) -> [Int64] {
        var starts: [Int64] = []
        for _ in 0..<count {
            let start = try integer(8)
            // From the big bang, with which some files begin, to the year 9999.
            guard start >= -(1 << 60), start < 253_402_300_800, starts.last.map({ $0 < start }) ?? true else {
                throw Self.malformed("its changes are not in order")
            }
            starts.append(start)
        }
        return starts
    }

    private mutating func kinds(_ counts: Counts) throws(CalendarError) -> [ZoneTable.Kind] {
        var raw: [(offset: Int64, isDaylightSaving: Bool, name: Int)] = []
        for _ in 0..<counts.type {
            let offset = try integer(4)
            let rest = Array(try take(2))
            guard (-89_999...93_599).contains(offset) else { throw Self.malformed("an offset is out of range") }
            raw.append((offset, rest[0] != 0, Int(rest[1])))
        }
        let names = Array(try take(counts.character))
        var kinds: [ZoneTable.Kind] = []
        for kind in raw {
            guard kind.name < names.count, let end = names[kind.name...].firstIndex(of: 0) else {
                throw Self.malformed("an abbreviation is missing")
            }
            let name = String(decoding: names[kind.name..<end], as: UTF8.self)
            kinds.append(ZoneTable.Kind(offset: kind.offset, isDaylightSaving: kind.isDaylightSaving, abbreviation: name))
        }
        return kinds
    }

    /// The rule between two line feeds; nil when it is empty, so that the last change lasts.
    private mutating func footer() throws(CalendarError) -> PosixRule? {
        guard try take(1).first == 10, let end = bytes[position...].firstIndex(of: 10) else {
            throw Self.malformed("its footer is missing")
        }
        guard end > position else { return nil }
        guard let rule = PosixRule(String(decoding: bytes[position..<end], as: UTF8.self)) else {
            throw Self.malformed("its footer is no rule")
        }
        return rule
    }

    // MARK: bytes

    private mutating func take(_ count: Int) throws(CalendarError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw Self.malformed("it is cut off") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func skip(_ count: Int) throws(CalendarError) { _ = try take(count) }

    /// A big-endian number of 4 or 8 bytes.
    private mutating func integer(_ size: Int) throws(CalendarError) -> Int64 {
        let value = try take(size).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }

    private static func malformed(_ reason: String) -> CalendarError {
        CalendarError("the zone file is malformed: \(reason)")
    }
}
