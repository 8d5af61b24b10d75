import Foundation
import Testing

@testable import FleetCalendar

/// Names that IANA keeps for old configurations, on systems that have lost their files.
@Suite("Old names of zones") struct LegacyZoneTests {
    private static let system = "/usr/share/zoneinfo"

    /// A folder with the files of today's names only, as Debian has them without tzdata-legacy.
    private final class Reduced {
        let path = NSTemporaryDirectory() + "vast-zones-\(UUID().uuidString)"
        deinit { try? FileManager.default.removeItem(atPath: path) }

        init() throws {
            for name in Set(LegacyZones.names.compactMap(LegacyZones.current)) {
                let file = URL(fileURLWithPath: "\(path)/\(name)")
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try? FileManager.default.copyItem(atPath: "\(LegacyZoneTests.system)/\(name)", toPath: file.path)
            }
        }
    }

    @Test("those that everybody has in some configuration are there, and each leads to a name of today in one step")
    func table() {
        for (old, current) in [
            ("US/Eastern", "America/New_York"), ("Asia/Calcutta", "Asia/Kolkata"), ("Europe/Kiev", "Europe/Kyiv"), ("GB", "Europe/London"),
            ("Asia/Saigon", "Asia/Ho_Chi_Minh"), ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"), ("PRC", "Asia/Shanghai"),
            ("US/Pacific", "America/Los_Angeles"), ("Zulu", "Etc/UTC"), ("Asia/Katmandu", "Asia/Kathmandu"), ("NZ", "Pacific/Auckland"),
            ("America/Godthab", "America/Nuuk"), ("Pacific/Enderbury", "Pacific/Kanton"), ("Asia/Rangoon", "Asia/Yangon")
        ] { #expect(LegacyZones.current(old) == current) }
        #expect(Array(LegacyZones.names).count > 240)
        for name in LegacyZones.names { #expect(LegacyZones.current(name).map { LegacyZones.current($0) == nil } == true, "\(name)") }
    }

    @Test("the table has every link of the machine's own data, which leads to the same zone")
    func links() throws {
        guard let text = try? String(contentsOfFile: "\(Self.system)/tzdata.zi", encoding: .utf8) else { return }
        for line in text.split(separator: "\n") where line.hasPrefix("L ") {
            let words = line.split(separator: " ").map(String.init)
            let current = try #require(LegacyZones.current(words[2]), "\(line)")
            // Distributions may keep places apart that differed before 1970.
            #expect(current == words[1] || current == LegacyZones.current(words[1]), "\(line): \(current)")
        }
    }

    @Test("each resolves without its file, keeps its own name, and shows the machine's clock of that name for twenty years")
    func resolving() throws {
        let reduced = try Reduced()
        let lost = ZoneCatalog(environment: ["TZDIR": reduced.path], system: reduced.path)
        let whole = ZoneCatalog()
        for name in LegacyZones.names.sorted() {
            guard ZoneAbbreviations.suggestions(for: name) == nil, let wanted = try? whole.zone(name) else { continue }
            let zone = try #require(try? lost.zone(name), "\(name)")
            #expect(zone.name == name)
            for instant in stride(from: Int64(1_420_000_000), to: 2_050_000_000, by: 86_400 * 9 + 3_600) {
                #expect(zone.offset(at: instant) == wanted.offset(at: instant), "\(name) at \(instant)")
            }
        }
        #expect(lost.names().contains("US/Eastern"))
    }

    @Test("a file of the old name goes first, and a slip is told with today's name")
    func files() throws {
        let reduced = try Reduced()
        try FileManager.default.createDirectory(atPath: "\(reduced.path)/US", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(Self.system)/Asia/Tokyo", toPath: "\(reduced.path)/US/Eastern")
        let zones = ZoneCatalog(environment: ["TZDIR": reduced.path], system: reduced.path)
        #expect(try zones.zone("US/Eastern").offset(at: 1_700_000_000) == 9 * 3_600)
        let error = #expect(throws: CalendarError.self) { try zones.zone("Kiev") }
        #expect(error?.message.contains("did you mean 'Europe/Kyiv'?") == true, "\(error?.message ?? "")")
        #expect(throws: CalendarError.self) { try ZoneCatalog(environment: [:], system: "/nonexistent").zone("US/Eastern") }
    }
}

@Suite("The age of zone data") struct ZoneDataTests {
    private func data(_ files: [String: String]) throws -> ZoneData? {
        let path = NSTemporaryDirectory() + "vast-zones-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
        return ZoneData(folder: path)
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Double {
        Double(CivilDate(year: year, month: month, day: day).dayNumber) * 86_400
    }

    @Test("is told by the first line of tzdata.zi, else by +VERSION, else by nothing")
    func version() throws {
        #expect(try data(["tzdata.zi": "# version 2025b\n# ddeps\n"])?.version == "2025b")
        #expect(try data(["tzdata.zi": "# version 2026a-dirty\r\n"])?.version == "2026a-dirty")
        #expect(try data(["+VERSION": "2024a\n"])?.version == "2024a")
        for text in ["R d 1916", "", "# version ", "#version 2025b"] { #expect(try data(["tzdata.zi": text]) == nil) }
        #expect(ZoneCatalog().data?.folder == "/usr/share/zoneinfo")
    }

    @Test("is at least that of the release, and never guessed too old")
    func age() {
        let cases: [(version: String, written: Double?, now: Double, isOld: Bool)] = [
            ("2025b", nil, Self.day(2026, 3, 1), false), ("2025b", nil, Self.day(2026, 4, 1), true),
            ("2024a", nil, Self.day(2026, 11, 1), true),
            ("2026c", nil, Self.day(2027, 11, 1), false), ("2026c", nil, Self.day(2028, 1, 3), true),
            ("2026c", Self.day(2026, 6, 1), Self.day(2027, 7, 1), true), ("2026c", Self.day(2026, 6, 1), Self.day(2027, 5, 1), false),
            // All files of some systems are of 1970, which says nothing.
            ("2026c", 1, Self.day(2027, 5, 1), false), ("nonsense", nil, Self.day(2090, 1, 1), false), ("", nil, 0, false),
            ("2025b-0", nil, Self.day(2026, 4, 1), true), ("9999zzz", nil, Self.day(2026, 4, 1), false)
        ]
        for (version, written, now, isOld) in cases {
            let latest = ZoneData.latest(of: version, writtenAt: written)
            #expect((latest.map { now - $0 > 365.25 * 86_400 } ?? false) == isOld, "\(version) \(now)")
        }
    }
}
