import FleetRules
import Testing

struct DurationFormatTests {
    @Test(
        "a length is read in days, hours, minutes and seconds",
        arguments: [
            ("90s", 90.0), ("45m", 2_700), ("2h", 7_200), ("1d12h", 129_600), ("1d2h3m4s", 93_784), ("1.5h", 5_400),
            ("30", 30), ("0", 0), (" 5m ", 300), ("5 m", 300), ("45min", 2_700), ("2 days", 172_800), ("1w", 604_800),
            ("1 week 2 days", 777_600), ("1d 12h", 129_600), ("8 HOURS", 28_800), ("1.5 hrs", 5_400), (".5h", 1_800),
            ("2 hours 30 minutes", 9_000)
        ])
    func reads(text: String, seconds: Double) throws {
        #expect(try DurationFormat.parse(text) == .seconds(seconds))
    }

    @Test(
        "what is not a length is refused",
        arguments: [
            "", " ", "m", "5x", "5m2h", "5m5m", "-5m", "1e3", "1..2m", "inf", "nan", "999999999999d", "1e999h", "5 5m",
            "5m 5", "1M", "2 months", "1y", "1,5h", "½h", "٣h", ".", ".h", "h5", "8h x", "-0",
            "9" + String(repeating: "9", count: 400) + "h"
        ])
    func refuses(text: String) {
        #expect(throws: DurationFormat.ParseError.self) { try DurationFormat.parse(text) }
    }

    @Test("a bare number is seconds where scripts write it, and refused where people do")
    func bareNumbers() throws {
        #expect(try DurationFormat.parse("8") == .seconds(8))
        let error = #expect(throws: DurationFormat.ParseError.self) { try DurationFormat.parse("8", bareNumber: .refused) }
        #expect(error?.description.contains("8h or 8d") == true)
        #expect(try DurationFormat.parse("8h", bareNumber: .refused) == .seconds(28_800))
    }

    @Test(
        "an error says what is wrong with a length",
        arguments: [
            ("-5m", "never negative"), ("1M", "minutes are 'm'"), ("2 months", "no fixed length"), ("5x", "'x' is no unit"),
            ("5m2h", "do not fall"), ("9999999d", "a thousand years"), ("1..2m", "is no number"), ("8h 30", "no unit")
        ])
    func reasons(text: String, reason: String) {
        let error = #expect(throws: DurationFormat.ParseError.self) { try DurationFormat.parse(text) }
        #expect(error?.description.contains(reason) == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test("what is written of a length in whole minutes is read as the same length")
    func roundTrip() throws {
        for minutes in [1, 59, 60, 61, 1_439, 1_440, 1_500, 10_080, 527_040] {
            let length = Duration.seconds(minutes * 60)
            let read = try DurationFormat.parse(DurationFormat.format(length), bareNumber: .refused)
            #expect(read <= length && read >= length * 0.9)
        }
    }

    @Test(
        "a length is written with its two largest units",
        arguments: [
            (0.0, "0s"), (0.25, "250ms"), (12, "12s"), (90, "1m30s"), (7_800, "2h10m"), (129_600, "1d12h"),
            (86_460, "1d"), (-60, "-1m")
        ])
    func writes(seconds: Double, text: String) {
        #expect(DurationFormat.format(.seconds(seconds)) == text)
    }
}
