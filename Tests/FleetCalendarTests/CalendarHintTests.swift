import FleetCalendar
import Testing

@Suite("What was probably meant by a schedule that is none") struct CalendarHintTests {
    @Test(
        "cron",
        arguments: [
            ("0 22 * * mon–fri", "column 13: '–' is a dash; write a hyphen"), ("0 0 22 * * mon", "seconds and years are left out"),
            ("0 22 * * mon-fri Europe/Berlin", "option tz"), ("CRON_TZ=Europe/Berlin 0 22 * * *", "option tz"),
            ("TZ=UTC 0 22 * * *", "option tz"),
            ("@every 5m", "vast.every"), ("5m", "vast.every"), ("every 5 minutes", "vast.every"), ("@reboot", "there is no @reboot"),
            ("daily", "did you mean '@daily'"), ("22:30", "'30 22 * * *'"), ("0 22:30 * * *", "minute and hour apart"),
            ("0 22 ? * mon", "write '*'"), ("2026-12-24 18:00", "minute and hour apart"), ("* * 2026-12-24 * *", "vast.at"),
            // Nothing more is known of these than where they go wrong.
            ("61 * * * *", "minute, column 1: 61 is out of range"), ("* * * *", "five fields are expected"),
            ("0 0 30 2 *", "a date that never exists"), ("@dayly", "did you mean '@daily'")
        ])
    func cron(text: String, message: String) { expect(message) { () throws(CalendarError) in _ = try CronExpression(text) } }

    @Test(
        "hours",
        arguments: [
            ("mon-fri 08:00–19:00", "column 14: '–' is a dash; write a hyphen"), ("mon–fri 08:00-19:00", "write a hyphen"),
            ("mon-fri 08:00-19:00 Europe/Berlin", "option tz"), ("mon-fri 08:00-19:00 UTC", "option tz"),
            ("2026-12-24 18:00-20:00", "have no dates"), ("2026-12-24", "have no dates"), ("mon-fri 8am-7pm", "7pm is 19:00"),
            ("mon-fri 8:00 AM - 7:00 PM", "7pm is 19:00"), ("weekdays 08:00-19:00", "write mon-fri"),
            ("weekend 08:00-19:00", "write sat,sun"),
            ("daily 08:00-19:00", "without days"), ("mon to fri 08:00-19:00", "has a hyphen"), ("mon-fri 08:00 to 19:00", "has a hyphen"),
            ("mon-fri 9-17", "write 09:00"), ("mon-fri 0800-1900", "write 08:00"), ("monn 08:00-19:00", "did you mean 'mon'"),
            ("mon-fri", "these days have no time")
        ])
    func hours(text: String, message: String) {
        expect(message) { () throws(CalendarError) in _ = try Hours(text, zone: .utc, zones: ZoneCatalog()) }
    }

    @Test(
        "dates",
        arguments: [
            ("2026–12–24 18:00", "write a hyphen"), ("18:00", "the date is missing"), ("24.12.2026 18:00", "the year stands first"),
            ("12/24/2026 18:00", "the year stands first"), ("tomorrow 18:00", "'tomorrow' is no date"), ("2026-12-24 6pm", "7pm is 19:00"),
            ("2026-12-24 18:00 Europe/Berlin", "option tz"), ("2026-12-24T18:00:00.000Z", "no fractions"),
            ("2026-12-24", "the time is missing"),
            ("2026-02-30 18:00", "does not exist")
        ])
    func dates(text: String, message: String) { expect(message) { () throws(CalendarError) in _ = try WallTime(text) } }

    private func expect(_ message: String, _ read: () throws(CalendarError) -> Void) {
        let error = #expect(throws: CalendarError.self, performing: read)
        #expect(error?.description.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
    }
}
