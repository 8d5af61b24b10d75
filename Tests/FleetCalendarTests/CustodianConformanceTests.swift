@testable import FleetCalendar
import Foundation
import Testing

/// The cases of Cloud Custodian's off-hours filter, in `Conformance/offhours.json`, and where ``Hours`` differs from it.
struct CustodianConformanceTests {
    struct ParserCase: Decodable {
        var value: String
        var parsed: Parsed?
    }

    struct Parsed: Decodable {
        var on: [Entry]
        var off: [Entry]
        var tz: String
    }

    struct Entry: Decodable {
        /// From Monday, which is 0.
        var days: [Int]
        var hour: Int
    }

    struct FilterCase: Decodable {
        var filter: String
        var options: Options
        var tag: String?
        var utc: String
        var match: Bool
    }

    struct Options: Decodable {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case optOut = "opt-out", skipDays = "skip-days", onHour = "onhour", offHour = "offhour"
        }

        var optOut: Bool?
        var skipDays: [String]?
        var onHour: Int?
        var offHour: Int?
    }

    private static let zones = ZoneCatalog()

    private static func data() throws -> Data {
        let url = try #require(Bundle.module.url(forResource: "offhours", withExtension: "json", subdirectory: "Conformance"))
        return try Data(contentsOf: url)
    }

    private static func cases<Case: Decodable>(_ section: String, as type: Case.Type) throws -> [Case] {
        let file = try #require(try JSONSerialization.jsonObject(with: data()) as? [String: Any])
        return try JSONDecoder().decode([Case].self, from: JSONSerialization.data(withJSONObject: try #require(file[section])))
    }

    private static func instant(_ utc: String) throws -> Int64 { try WallTime(utc).instant(in: .utc) }

    @Test("the file has the sections that are tested here, all of their cases, and no option that is not understood")
    func sections() throws {
        let file = try #require(try JSONSerialization.jsonObject(with: Self.data()) as? [String: [[String: Any]]])
        #expect(file.mapValues(\.count) == ["parser": 13, "filter": 26])
        let known = Set(Options.CodingKeys.allCases.map(\.rawValue))
        for item in file["filter"] ?? [] {
            #expect(Set(item.keys) == ["filter", "options", "tag", "utc", "match"])
            let options = try #require(item["options"] as? [String: Any])
            #expect(known.isSuperset(of: options.keys), "\(options.keys)")
        }
    }

    // MARK: parser

    @Test("each text is read as Cloud Custodian reads it, but a zone that is not given is not made up")
    func parser() throws {
        var withoutZone: [String] = []
        for item in try Self.cases("parser", as: ParserCase.self) {
            guard let parsed = item.parsed else {
                #expect(throws: CalendarError.self, "'\(item.value)' is refused there") { try CustodianSchedule(item.value) }
                continue
            }
            let schedule = try CustodianSchedule(item.value)
            #expect(Self.entries(schedule, isOn: true) == Self.entries(parsed.on), "\(item.value)")
            #expect(Self.entries(schedule, isOn: false) == Self.entries(parsed.off), "\(item.value)")
            guard item.value.contains("tz=") else {
                // Cloud Custodian fills in "et", its default.
                #expect(schedule.zoneName == nil && parsed.tz == "et", "\(item.value)")
                withoutZone.append(item.value)
                continue
            }
            #expect(schedule.zoneName == parsed.tz, "\(item.value)")
        }
        #expect(withoutZone == ["on=[(s-m,10)];off=(s-m,19)", "on=[(m,9),(t,10),(w,7)];off=(m-u,19)"])
    }

    private static func entries(_ schedule: CustodianSchedule, isOn: Bool) -> [String] {
        schedule.switches.filter { $0.isOn == isOn }.map { item in "\((0..<7).filter { item.days >> UInt64($0) & 1 == 1 }) \(item.hour)" }
    }

    private static func entries(_ entries: [Entry]) -> [String] {
        entries.map { "\($0.days.map { ($0 + 1) % 7 }.sorted()) \($0.hour)" }
    }

    // MARK: filter

    @Test("each filter case decides as Cloud Custodian does")
    func filter() throws {
        for item in try Self.cases("filter", as: FilterCase.self) {
            let kind = try #require(CustodianFilter.Kind(rawValue: item.filter), "\(item.filter)")
            var filter = CustodianFilter(kind)
            filter.isOptOut = item.options.optOut ?? false
            filter.skippedDays = Set(item.options.skipDays ?? [])
            if let hour = kind == .on ? item.options.onHour : item.options.offHour { filter.defaultHour = hour }
            let matches = filter.matches(tag: item.tag, at: try Self.instant(item.utc), zones: Self.zones)
            #expect(matches == item.match, "\(item)")
        }
    }

    // MARK: where Hours differs

    /// What is not fully understood is an error: tags for which Cloud Custodian falls back to defaults, or never acts.
    private static let refused: Set<String> = [
        "", "off", " off", "hello world", "tz=est", "off=(m-f,20);on=(m-f,7);tz=abc", "off=();tz=et", "off=(m-f, 19);tz=et"
    ]

    /// Cloud Custodian compares hours on the clock, so it misses what a gap leaves out, and acts in both passes of an
    /// overlap. A switch of ours becomes an instant once for each local day.
    private static let differing = [
        "a minute that does not exist fires at the first instant after the gap": "off=(m-u,2);tz=et 2026-03-08T07:30:00",
        "a minute that exists twice fires at its first occurrence": "off=(m-u,1);tz=et 2026-11-01T06:30:00"
    ]

    @Test("a tag as hours switches in the hour in which Cloud Custodian acts, with the exceptions named here")
    func hours() throws {
        var refused: Set<String> = []
        var differing: Set<String> = []
        var compared = 0
        for item in try Self.cases("filter", as: FilterCase.self) {
            guard let tag = item.tag else { continue }
            guard let hours = try? Hours(tag, zone: .utc, zones: Self.zones) else {
                refused.insert(tag)
                continue
            }
            let instant = try Self.instant(item.utc)
            let hour = instant - Int64(hours.zone.localTime(at: instant).minute) * 60
            let edge = item.filter == "on" ? hours.nextOn(after: hour - 1) : hours.nextOff(after: hour - 1)
            if (edge == hour) != item.match { differing.insert("\(tag) \(item.utc)") }
            compared += 1
        }
        #expect(refused == Self.refused)
        #expect(differing == Set(Self.differing.values))
        #expect(compared == 13)
    }

    @Test("what the gap of a switch leaves out happens right after it, and is not lost for the day")
    func gap() throws {
        let hours = try Hours("off=(m-u,2);on=(m-u,12);tz=et", zone: .utc, zones: Self.zones)
        #expect(try hours.nextOff(after: Self.instant("2026-03-08T06:00:00")) == Self.instant("2026-03-08T07:00:00"))
    }
}
