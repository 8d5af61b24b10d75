@testable import FleetCalendar
import Foundation
import Testing

/// Schedules as people write them, and the zone files of other machines.
@Suite("Fuzzed schedules", .serialized) struct CalendarFuzzTests {
    private static let zones = ZoneCatalog()
    private static let instants: [Int64] = [1_700_000_000, 1_774_746_000, 1_761_440_400, 4_107_542_400]

    /// An error has a message, and a place that is in the text.
    private static func problem(_ error: any Error, _ text: String) -> String? {
        guard let error = error as? CalendarError, error.message.count > 10 else { return "it says nothing: \(error)" }
        guard let column = error.column else { return nil }
        return (1...text.unicodeScalars.count + 1).contains(column) ? nil : "its place is outside: \(error)"
    }

    // MARK: cron

    @Test("a cron expression is read the same in any letters; what comes next fits, is the first that does, and is found back")
    func cron() async throws {
        let fuzzer = Fuzzer(
            "cron", count: 1_500,
            tokens: [
                "*", "*/15", "5/15", "10-40/7", "L", "15W", "LW", "fri#2", "5L", "mon-fri", "jan", "JAN,mar", "22-2", "@daily", "@hourly",
                "0",
                "59", "60", "23", "24", "31", "32", "12", "13", "7", ",", "-", "/", "#", "W", "?", " ", " * ", "29 2", "sunday", "L-3"
            ])
        try await fuzzer.run { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let expression: CronExpression
            do { expression = try CronExpression(text) } catch { return Self.problem(error, text) }
            if let problem = Self.sameInOtherLetters(expression, text) { return problem }
            for zone in [Zone.utc, (try? Self.zones.zone("America/New_York")) ?? .utc] {
                let calendar = CronCalendar(expression, zone: zone)
                for instant in Self.instants { if let problem = Self.problem(calendar, instant) { return "\(zone) \(problem)" } }
            }
            return nil
        }
    }

    private static func sameInOtherLetters(_ expression: CronExpression, _ text: String) -> String? {
        let others = [text.uppercased(), text.lowercased(), "  \(text)\t", text.replacingOccurrences(of: " ", with: "  ")]
        for other in others where text.utf8.allSatisfy({ $0 < 0x80 }) {
            guard let read = try? CronExpression(other) else { return "\(other.debugDescription) is refused" }
            let isSame = read.minutes == expression.minutes && read.hours == expression.hours && read.months == expression.months
            let next = { CronCalendar($0, zone: .utc).next(after: instants[0], count: 3) }
            guard isSame, next(read) == next(expression) else { return "\(other.debugDescription) is something else" }
        }
        return nil
    }

    private static func problem(_ calendar: CronCalendar, _ instant: Int64) -> String? {
        guard let next = calendar.next(after: instant) else { return "there is nothing after \(instant)" }
        guard next > instant, next % 60 == 0 || calendar.zone != .utc else { return "\(next) after \(instant)" }
        guard calendar.previous(atOrBefore: next) == next else { return "\(next) is not found back" }
        if let before = calendar.previous(before: next), before > instant { return "\(before) was left out after \(instant)" }
        for step in 1...20 {
            let between = instant + (next - instant) * Int64(step) / 21
            let minute = between - between % 60
            if minute > instant, minute < next, calendar.matches(minute), calendar.zone == .utc { return "\(minute) was left out" }
        }
        return nil
    }

    // MARK: hours

    @Test("hours change at their edges and nowhere else")
    func hours() async throws {
        let fuzzer = Fuzzer(
            "hours", count: 1_500,
            tokens: [
                "mon-fri", "sat,sun", "08:00-19:00", "22:00-06:00", "00:00-24:00", "24:00", "23:59", "; ", ", ", "off=(M-F,19)",
                "on=(M-F,7)", ";",
                "tz=pt", "tz=Europe/Berlin", "[(M-F,21),(U,18)]", "on=", "off=", "(", ")", "[", "]", "M-F", "S,U", "-", ":", "7", "24", "25"
            ])
        let zone = try Self.zones.zone("Europe/Berlin")
        try await fuzzer.run { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let hours: Hours
            do { hours = try Hours(text, zone: zone, zones: Self.zones) } catch { return Self.problem(error, text) }
            for instant in Self.instants { if let problem = Self.problem(hours, instant) { return problem } }
            return nil
        }
    }

    private static func problem(_ hours: Hours, _ instant: Int64) -> String? {
        let isOn = hours.contains(instant)
        guard let edge = hours.nextEdge(after: instant) else { return nil }
        guard edge.instant > instant, hours.contains(edge.instant) == edge.isOn else { return "it is not \(edge) after \(instant)" }
        guard hours.lastEdge(atOrBefore: edge.instant)?.instant == edge.instant else { return "\(edge) is not found back" }
        for part in 1...8 {
            let between = instant + (edge.instant - 1 - instant) * Int64(part) / 8
            if hours.contains(between) != isOn { return "it changes at \(between), before \(edge)" }
        }
        return nil
    }

    // MARK: zone files

    @Test("a zone file is read or refused; what is read has offsets of a day at most, and changes that change something")
    func zoneFiles() async throws {
        let files = try ["Asia/Kathmandu", "Europe/Berlin", "Africa/Casablanca", "Pacific/Apia"].map {
            try #require(ZoneFolder.contents("/usr/share/zoneinfo/\($0)"), "zone files (package tzdata) are needed")
        }
        let fuzzer = Fuzzer(
            "zones", count: 1_200,
            tokens: [
                "TZif2", "TZif3", "\0\0\0\u{1}", "\nCET-1CEST,M3.5.0,M10.5.0/3\n", "\n<-02>2<-01>,M3.5.0/-1,M10.5.0/0\n", "J60/1", "M13.5.0"
            ])
        try await fuzzer.run(more: files, longest: 8_192) { bytes in
            let table: ZoneTable
            do { table = try ZoneFile.read(bytes) } catch {
                return (error as? CalendarError)?.message.hasPrefix("the zone file ") == true ? nil : "it is refused with '\(error)'"
            }
            return Self.problem(Zone(name: "fuzzed", table: table))
        }
    }

    private static let hourly = (try? CronExpression("30 2 * * *"))

    private static func problem(_ zone: Zone) -> String? {
        for instant in instants + [.min, Zone.instants.lowerBound, -2_000_000_000, 0, Zone.instants.upperBound, .max] {
            let local = zone.localTime(at: instant)
            guard abs(local.offset) < 93_600, local.offset == zone.offset(at: instant) else {
                return "its offset is \(local.offset) at \(instant)"
            }
            if let hourly, let problem = sometimes(CronCalendar(hourly, zone: zone), instant) { return problem }
        }
        let changes = zone.changes(in: 1_774_746_000..<1_774_746_000 + 730 * 86_400)
        guard zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 }) else { return "its changes do not rise" }
        let isChange = { zone.cursor(at: $0).kind != zone.cursor(at: $0 - 1).kind }
        return changes.first { !isChange($0) }.map { "nothing changes at \($0)" }
    }

    private static func sometimes(_ calendar: CronCalendar, _ instant: Int64) -> String? {
        guard let next = calendar.next(after: instant) else { return nil }
        return next > instant && calendar.previous(atOrBefore: next) == next ? nil : "\(next) after \(instant) is not found back"
    }
}
