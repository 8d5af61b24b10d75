import FleetCalendar
import Foundation
import Testing

/// The cases in `Conformance`.
struct ConformanceTests {
    struct CronFile: Decodable {
        var next: [NextCase]
        var invalid: [String]
    }

    struct NextCase: Decodable {
        var expr: String
        var zone: String
        var after: Int64
        var next: [Int64]
    }

    static let zones = ZoneCatalog()

    static func load<File: Decodable>(_ name: String, as type: File.Type) throws -> File {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Conformance"))
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }

    @Test("each calendar fires when its case says")
    func next() throws {
        let file = try Self.load("cron", as: CronFile.self)
        #expect(file.next.count > 100)
        for item in file.next {
            let calendar = CronCalendar(try CronExpression(item.expr), zone: try Self.zones.zone(item.zone))
            #expect(calendar.next(after: item.after, count: item.next.count) == item.next, "\(item.expr) in \(item.zone)")
        }
    }

    @Test("going back over each case's firings finds the same instants")
    func previous() throws {
        for item in try Self.load("cron", as: CronFile.self).next {
            let calendar = CronCalendar(try CronExpression(item.expr), zone: try Self.zones.zone(item.zone))
            var found: [Int64] = []
            var last = item.next[item.next.count - 1]
            for _ in item.next {
                found.insert(last, at: 0)
                last = try #require(calendar.previous(before: last))
            }
            #expect(found == item.next, "\(item.expr) in \(item.zone)")
            #expect(last <= item.after)
            #expect(calendar.count(after: item.after, through: item.next[item.next.count - 1]) == item.next.count)
        }
    }

    @Test("each invalid expression is refused, and the error has a column")
    func invalid() throws {
        let file = try Self.load("cron", as: CronFile.self)
        #expect(file.invalid.count == 19)
        for text in file.invalid {
            let error = #expect(throws: CalendarError.self, "\(text)") { try CronExpression(text) }
            #expect(error?.column != nil, "\(text)")
        }
    }
}
