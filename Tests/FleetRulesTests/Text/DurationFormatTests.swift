import FleetRules
import Testing

struct DurationFormatTests {
    @Test(
        "a length is read in days, hours, minutes and seconds",
        arguments: [
            ("90s", 90.0), ("45m", 2_700), ("2h", 7_200), ("1d12h", 129_600), ("1d2h3m4s", 93_784), ("1.5h", 5_400),
            ("30", 30), ("0", 0), (" 5m ", 300)
        ])
    func reads(text: String, seconds: Double) throws {
        #expect(try DurationFormat.parse(text) == .seconds(seconds))
    }

    @Test(
        "what is not a length is refused",
        arguments: ["", " ", "m", "5x", "5m2h", "5m5m", "-5m", "1e3", "1..2m", "5 m", "inf", "nan", "999999999999d"])
    func refuses(text: String) {
        #expect(throws: DurationFormat.ParseError.self) { try DurationFormat.parse(text) }
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
