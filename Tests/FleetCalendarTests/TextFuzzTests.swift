@testable import FleetCalendar
import Testing

/// Texts made by chance, or spoilt: each is a value that can be used, or an error that says where and what.
@Suite("Spoilt texts", .serialized, .timeLimit(.minutes(1))) struct TextFuzzTests {
    private static let foreign = Array("\u{E9}\u{0}\t\n\r\u{301}\u{1F4A5}\u{130}\u{FEFF}\u{2013}")

    /// - Returns: half of them from an alphabet, half of them valid texts with a few characters changed.
    private static func texts(_ count: Int, seed: UInt64, alphabet: String, valid: [String]) -> [String] {
        var dice = Dice(seed: seed)
        let alphabet = Array(alphabet)
        return (0..<count).map { turn in
            if turn % 2 == 0 {
                let length = Int.random(in: 0...24, using: &dice)
                return String((0..<length).map { _ in dice.isOne(of: 40) ? dice.pick(foreign) : dice.pick(alphabet) })
            }
            var text = Array(dice.pick(valid))
            for _ in 0..<Int.random(in: 0...2, using: &dice) where !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: text.remove(at: place)
                case 1: text.insert(dice.pick(alphabet), at: place)
                case 2: text.append(contentsOf: text[place...])
                default: text[place] = dice.isOne(of: 10) ? dice.pick(foreign) : dice.pick(alphabet)
                }
            }
            return String(text)
        }
    }

    /// An error has a message, and says where it is: by a field, a column within the text, or both.
    private static func expectClear(_ error: CalendarError, _ text: String, fields: Set<String>) {
        #expect(error.message.count > 10, "\(text.debugDescription): \(error)")
        if let field = error.field { #expect(fields.contains(field), "\(text.debugDescription): \(error)") }
        if let column = error.column { #expect((1...text.unicodeScalars.count + 1).contains(column), "\(text.debugDescription): \(error)") }
        #expect(error.field != nil || error.column != nil, "\(text.debugDescription): \(error)")
    }

    /// Reads each text, uses what is read, and wants both outcomes to occur.
    private static func sweep(
        _ texts: [String], fields: Set<String>, _ use: (String) throws(CalendarError) -> Void
    ) {
        var values = 0
        for text in texts {
            do throws(CalendarError) {
                try use(text)
                values += 1
            } catch {
                expectClear(error, text, fields: fields)
            }
        }
        #expect(values > 10 && values < texts.count - 10, "\(values) of \(texts.count) were read")
    }

    @Test("cron expressions", arguments: [1, 2] as [UInt64])
    func cron(seed: UInt64) {
        let valid = [
            "*/15 8-18 * * mon-fri", "0 0 L * *", "5 4 15W 1,7 fri#2", "@daily", "@HOURLY", "30 22-2 * jan-mar/2 5L", "0 12 1/3 * 7",
            "10-40/7 */2 * * sun,wednesday", "0 0 29 2 *", "59 23 31 12 0-6"
        ]
        let texts = Self.texts(700, seed: seed, alphabet: "0123456789**,,--//LW#@      monfrijansut?", valid: valid)
        Self.sweep(texts, fields: ["minute", "hour", "day of month", "month", "day of week"]) { text throws(CalendarError) in
            let calendar = CronCalendar(try CronExpression(text), zone: .utc)
            #expect(calendar.expression.text == text)
            // Every date that exists comes within forty years: 29 February on a given weekday, around 2100.
            let next = calendar.next(after: 1_700_000_000)
            #expect(next.map { $0 > 1_700_000_000 && $0 < 1_700_000_000 + 41 * 366 * 86_400 } == true, "\(text.debugDescription)")
        }
    }

    @Test("hours as windows", arguments: [3, 4] as [UInt64])
    func windows(seed: UInt64) {
        let valid = [
            "mon-fri 08:00-19:00", "fri 22:00-06:00; sat,sun 00:00-24:00", "00:30-01:45", "mon, wed 8:00-9:30, 10:00-11:00;",
            "sunday-tue 23:59-00:00"
        ]
        let texts = Self.texts(800, seed: seed, alphabet: "0123456789:::--;;,,    montuewdfris", valid: valid).filter {
            !CustodianSchedule.looksLikeOne($0)
        }
        let zones = ZoneCatalog()
        Self.sweep(texts, fields: ["day", "time"]) { text throws(CalendarError) in
            let hours = try Hours(text, zone: .utc, zones: zones)
            let on = hours.nextOn(after: 1_700_000_000)
            let off = hours.nextOff(after: 1_700_000_000)
            #expect((on == nil) == (off == nil), "\(text.debugDescription)")
            #expect(on != nil || hours.contains(1_700_000_000), "\(text.debugDescription) never opens")
            if let on { #expect(hours.contains(on) && !hours.contains(on - 1), "\(text.debugDescription)") }
        }
    }

    @Test("hours in Cloud Custodian's form", arguments: [5, 6] as [UInt64])
    func custodian(seed: UInt64) {
        let valid = [
            "off=(M-F,19);on=(M-F,7);tz=pt", "off=[(M-F,21),(U,18)];on=(M-F,6);tz=et", "on=[m-f,5]", "off=(u,0);", "tz=;on=(s-m,10)"
        ]
        let texts = Self.texts(800, seed: seed, alphabet: "onoftz==(([[]]))MTWHFSU--,,;;0123456789 ", valid: valid)
        Self.sweep(texts.filter { !Self.isBlank($0) }, fields: ["on", "off", "tz"]) { text throws(CalendarError) in
            let schedule = try CustodianSchedule(text)
            #expect(
                !schedule.switches.isEmpty && schedule.switches.allSatisfy { (0...23).contains($0.hour) && $0.days != 0 && $0.days < 128 })
            #expect(!HourSwitch.edges(of: 20_000, schedule.switches, .utc).isEmpty || schedule.switches.allSatisfy { $0.days != 127 })
        }
    }

    /// Such a text has no place to point at: it says nothing of off and on.
    private static func isBlank(_ text: String) -> Bool {
        do throws(CalendarError) {
            _ = try CustodianSchedule(text)
            return false
        } catch {
            return error.message.hasPrefix("'off=' or 'on=' is missing")
        }
    }

    @Test("Cloud Custodian's filter has an answer for every tag", arguments: [7] as [UInt64])
    func filter(seed: UInt64) {
        let valid = ["off=(M-F,19);on=(M-F,7);tz=pt", "off=[(M-F,21),(U,18)];on=(M-F,6);tz=et", "tz=est", "off", "'off'", "hello"]
        let zones = ZoneCatalog()
        // Names of zones are looked up among files, which is slow; the ends of the tags are kept.
        let texts = Self.texts(400, seed: seed, alphabet: "onof=(([[]]))MTWHFSU--,,;;0123456789 '\"", valid: valid).filter {
            !$0.contains("tz")
        }
        let answers = texts.map { CustodianFilter(.off).matches(tag: $0, at: 1_700_000_000 / 86_400 * 86_400, zones: zones) }
        #expect(answers.contains(true) && answers.contains(false))
    }

    @Test("dates and times of day", arguments: [8, 9] as [UInt64])
    func wallTimes(seed: UInt64) throws {
        let valid = [
            "2026-12-24 18:00", "2026-03-29T02:30:15", "2024-02-29 00:00Z", "0001-01-01 00:00-24:59", "9999-12-31 23:59:59+2459",
            " 2026-10-25 02:30 +01 "
        ]
        let texts = Self.texts(1_000, seed: seed, alphabet: "0123456789--::  TZtz+", valid: valid)
        let zone = try ZoneCatalog().zone("Europe/Berlin")
        Self.sweep(texts, fields: ["year", "month", "day", "date", "time", "hour", "minute", "second", "offset"]) {
            text throws(CalendarError) in
            let time = try WallTime(text)
            #expect(time.text == text && (0..<86_400).contains(time.time))
            let instant = time.instant(in: zone)
            #expect(abs(instant - Int64(time.date.dayNumber) * 86_400) <= 2 * 93_600, "\(text.debugDescription)")
        }
    }

    @Test(
        "names of zones are found or refused, and never lead out of their folder",
        arguments: [
            "", "/", "..", "../../../etc/passwd", "Europe/../Europe/Berlin", "Europe/Berlin/", "/etc/localtime", "posix/UTC",
            "Europe//Berlin",
            "europe/berlin", "Europe/Berlin\u{0}", "UTC+25", "+", "-", "GMT+99999999999999999999", "\u{1F4A5}",
            String(repeating: "A/", count: 200)
        ])
    func zoneNames(name: String) {
        do throws(CalendarError) {
            let zone = try ZoneCatalog().zone(name)
            Issue.record("'\(name)' is \(zone)")
        } catch {
            #expect(error.message.hasPrefix("unknown zone"), "\(error)")
        }
    }
}
