@testable import FleetCalendar
import Testing

/// Zone files that are damaged: reading them works or throws, and whatever was read can be searched.
@Suite("Damaged zone files", .serialized, .timeLimit(.minutes(1))) struct ZoneFuzzTests {
    private static let small = "Asia/Kathmandu"
    private static let names = ["Europe/Berlin", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia"]

    private static func bytes(_ name: String) throws -> [UInt8] {
        try #require(ZoneFolder.contents("/usr/share/zoneinfo/\(name)"), "zone files (package tzdata) are needed")
    }

    /// Whether the bytes are read; what is read is searched, what is not has a message.
    private static func survives(_ bytes: [UInt8], isSearched: Bool = true, _ what: @autoclosure () -> String) -> Bool {
        do throws(CalendarError) {
            let zone = Zone(name: "damaged", table: try ZoneFile.read(bytes))
            if isSearched { search(zone, what()) }
            return true
        } catch {
            #expect(error.message.hasPrefix("the zone file "), "\(what()): \(error)")
            return false
        }
    }

    // MARK: searching

    private static let instants: [Int64] = [
        .min, Zone.instants.lowerBound, -2_000_000_000, 1_774_746_000, 40_000_000_000, Zone.instants.upperBound, .max
    ]
    private static let expressions = ["30 2 * * *", "0 * * * *", "15 0 29 2 mon#5"].compactMap { try? CronExpression($0) }

    private static func search(_ zone: Zone, _ what: String) {
        for instant in instants {
            let local = zone.localTime(at: instant)
            #expect(abs(local.offset) < 93_600, "\(what)")
            for expression in expressions {
                let calendar = CronCalendar(expression, zone: zone)
                _ = calendar.matches(instant)
                guard let next = calendar.next(after: instant) else { continue }
                #expect(next > instant, "\(what): \(expression) after \(instant)")
                #expect(calendar.previous(atOrBefore: next) == next, "\(what): \(expression) back from \(next)")
                #expect(calendar.previous(before: next).map { $0 <= instant || instant < Zone.instants.lowerBound } ?? true, "\(what)")
            }
        }
        for instant in [0, 1_774_746_000, 90_000_000_000] as [Int64] { steps(zone, instant, what) }
        if let hours = try? Hours("mon-fri 01:30-02:30; 23:00-02:00", zone: zone, zones: ZoneCatalog()) {
            for instant in instants {
                _ = hours.contains(instant)
                if let on = hours.nextOn(after: instant) { #expect(on > instant, "\(what): on after \(instant)") }
                if let off = hours.nextOff(after: instant) { #expect(off > instant, "\(what): off after \(instant)") }
            }
        }
    }

    /// Two years of changes: they rise, and each one changes something.
    private static func steps(_ zone: Zone, _ start: Int64, _ what: String) {
        let changes = zone.changes(in: start..<start + 730 * 86_400)
        #expect(zip(changes, changes.dropFirst()).allSatisfy { $0 < $1 }, "\(what)")
        for change in changes {
            #expect(zone.cursor(at: change).kind != zone.cursor(at: change - 1).kind, "\(what): nothing changes at \(change)")
        }
    }

    // MARK: damage

    @Test("whole files are read", arguments: names + [small])
    func whole(name: String) throws { #expect(Self.survives(try Self.bytes(name), name)) }

    @Test("a file that is cut off anywhere is refused")
    func truncated() throws {
        let bytes = try Self.bytes(Self.small)
        for length in bytes.indices {
            #expect(!Self.survives(Array(bytes[..<length]), "\(length) bytes"), "\(length) bytes of \(bytes.count)")
        }
        let large = try Self.bytes("Europe/Berlin")
        for length in stride(from: 0, to: large.count, by: 11) { #expect(!Self.survives(Array(large[..<length]), "\(length) bytes")) }
    }

    @Test("each byte of a small file may be another one")
    func eachByte() throws {
        let bytes = try Self.bytes(Self.small)
        var read = 0
        for place in bytes.indices {
            for value in [0, 0xFF, bytes[place] ^ 1, bytes[place] ^ 0x80] as [UInt8] where value != bytes[place] {
                var damaged = bytes
                damaged[place] = value
                read += Self.survives(damaged, isSearched: read % 4 == 0, "byte \(place) is \(value)") ? 1 : 0
            }
        }
        #expect(read > 100 && read < bytes.count * 4 - 100)
    }

    @Test("some bytes of large files may be others", arguments: names)
    func someBytes(name: String) throws {
        let bytes = try Self.bytes(name)
        var dice = Dice(seed: UInt64(bytes.count))
        for turn in 0..<40 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                damaged[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            _ = Self.survives(damaged, "\(name), turn \(turn)")
        }
    }

    @Test("a file may have bytes too many or too few in its middle", arguments: names)
    func shifted(name: String) throws {
        let bytes = try Self.bytes(name)
        var dice = Dice(seed: UInt64(bytes.count) + 1)
        for turn in 0..<40 {
            var damaged = bytes
            let place = Int.random(in: 0..<bytes.count - 8, using: &dice)
            if dice.isOne(of: 2) { damaged.removeSubrange(place..<place + 1 + turn % 8) } else { damaged.insert(UInt8(turn), at: place) }
            _ = Self.survives(damaged, "\(name), turn \(turn)")
        }
    }

    @Test(
        "counts that are larger than the file are refused",
        arguments: [0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0000, 100_001, 100_000, 65_536] as [UInt32])
    func counts(count: UInt32) throws {
        let bytes = try Self.bytes(Self.small)
        for header in try Self.headers(bytes) {
            for field in 0..<6 {
                var damaged = bytes
                for byte in 0..<4 { damaged[header + 20 + field * 4 + byte] = UInt8(truncatingIfNeeded: count >> UInt32(24 - byte * 8)) }
                #expect(!Self.survives(damaged, "count \(field) at \(header)"), "count \(field) at \(header) is \(count)")
            }
        }
    }

    @Test("what does not start as zone files do is refused, also in its second half")
    func magic() throws {
        let bytes = try Self.bytes(Self.small)
        for header in try Self.headers(bytes) {
            for place in header..<header + 4 {
                var damaged = bytes
                damaged[place] ^= 0x20
                #expect(!Self.survives(damaged, "magic at \(place)"))
            }
            for version in [0, UInt8(ascii: "0"), UInt8(ascii: "1")] as [UInt8] {
                var damaged = bytes
                damaged[header + 4] = version
                #expect(throws: CalendarError("the zone file is older than version 2")) { try ZoneFile.read(damaged) }
            }
        }
    }

    /// Where the two headers start.
    private static func headers(_ bytes: [UInt8]) throws -> [Int] {
        let headers = bytes.indices.filter { ZoneFile.isZoneFile(bytes[$0...]) }
        try #require(headers.count == 2)
        return headers
    }

    // MARK: footers

    private static func withFooter(_ footer: String, _ bytes: [UInt8]) throws -> [UInt8] {
        let end = try #require(bytes.dropLast().lastIndex(of: 10))
        return bytes[...end] + Array(footer.utf8) + [10]
    }

    @Test(
        "footers that are no rules are refused",
        arguments: [
            "CET", "CET-", "CE-1", "CET-1CE", "CET-25", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CEST,M13.5.0,M10.5.0",
            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/168",
            "CET-1CEST,J0,J365", "CET-1CEST,J1,J366", "CET-1CEST,0,366", "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1", "<>-1", "<C\u{E9}T>-1",
            "CET-1:60", "CET-1:00:60", "CET-99999999999999999999", "CET-1CEST,M3.5.0/99999999999999999999,M10.5.0", "\u{0}", " CET-1"
        ])
    func badFooter(footer: String) throws {
        #expect(throws: CalendarError("the zone file is malformed: its footer is no rule")) {
            try ZoneFile.read(Self.withFooter(footer, Self.bytes(Self.small)))
        }
    }

    @Test(
        "footers whose rules are strange are searched like others",
        arguments: [
            "", "AAA24:59:59", "AAA-24:59:59", "AAA24:59:59BBB", "AAA24:59:59BBB-24:59:59,0/-167,365/167", "AAA-24:59:59BBB24:59:59,J1,J1",
            "AAA3BBB4,0/0,J365/23", "AAA0BBB,0/0,J365/25", "AAA0BBB,J60/0,59/0", "AAA0BBB0,M3.5.0,M10.5.0", "AAA0BBB-1,M3.5.0,M3.5.0",
            "AAA0BBB-1,M3.5.0/2,M3.5.0/3", "AAA0BBB-1,M1.1.0/-167,M12.5.6/167", "AAA0BBB-24,M2.5.0/167,M3.1.0/-167", "AAA0BBB",
            "AAA0BBB-0:00:01,M3.5.0,M10.5.0"
        ])
    func strangeFooter(footer: String) throws {
        for name in [Self.small, "Europe/Berlin"] {
            #expect(Self.survives(try Self.withFooter(footer, Self.bytes(name)), "\(footer) for \(name)"))
        }
    }

    @Test("footers made by chance are refused or searched", arguments: [1, 2] as [UInt64])
    func randomFooter(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let bytes = try Self.bytes(Self.small)
        let valid = [
            "CET-1CEST,M3.5.0,M10.5.0/3", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "EST5EDT,J60/1,300/-5:30",
            "<-02>2<-01>,M3.5.0/-1,M10.5.0/0"
        ]
        let alphabet = Array("<>+-,./:MJ0123456789ABC\n\u{0}\u{E9}")
        var read = 0
        for _ in 0..<150 {
            var footer = Array(dice.pick(valid))
            for _ in 0..<Int.random(in: 1...2, using: &dice) {
                let place = Int.random(in: 0..<footer.count, using: &dice)
                if dice.isOne(of: 3) { footer.remove(at: place) } else { footer[place] = dice.pick(alphabet) }
            }
            read += Self.survives(try Self.withFooter(String(footer), bytes), String(footer)) ? 1 : 0
        }
        #expect(read > 10 && read < 140)
    }
}
