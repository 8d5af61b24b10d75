import LuaEngine
import Testing

@Suite("Calendars of a script") struct CalendarTests {
    /// 2026-01-05 00:00 UTC, a Monday.
    private static let monday = 1_767_571_200.0

    @Test("a calendar gives one instant, several, or tells whether it matches")
    func calendar() async throws {
        let (run, _) = try await runJobs(
            """
            local c = vast.calendar("0 22 * * mon-fri", {tz = "Europe/Berlin"})
            local list = c:next(1767571200, 6)
            out = {c:next(1767571200), math.type(c:next(1767571200.9)), #list, list[6] - list[5], tostring(c:matches(list[1])),
                tostring(c:matches(list[1] + 60)), tostring(c), tostring(vast.calendar("0 0 29 2 *", {tz = "UTC"}):next(1767571200))}
            """, for: .seconds(1))
        #expect(run.error == nil)
        #expect(
            run.texts == [
                "1767646800", "integer", "6", "259200", "true", "false", "calendar 0 22 * * mon-fri Europe/Berlin", "1835395200"
            ])
    }

    @Test(
        "dst says what becomes of minutes that do not exist or come twice",
        arguments: [
            ("{}", "1774746000"), ("{gap = 'skip'}", "1774830600")
        ])
    func dst(rule: String, next: String) async throws {
        // 02:30 does not exist on 2026-03-29 in Berlin.
        let (run, _) = try await runJobs(
            """
            out[1] = vast.calendar("30 2 * * *", {tz = "Europe/Berlin", dst = \(rule)}):next(1774700000)
            """, for: .seconds(1))
        #expect(run.error == nil)
        #expect(run.texts == [next])
    }

    @Test("cron takes a calendar")
    func cronCalendar() async throws {
        let (run, _) = try await runJobs(
            """
            local c = vast.calendar("0 */6 * * *", {tz = "UTC"})
            vast.cron(c, function() out[#out + 1] = os.date("!%H:%M", vast.now() // 1 | 0) end)
            """, for: .seconds(86_400 - 1), start: Self.monday)
        #expect(run.error == nil)
        #expect(run.texts == ["06:00", "12:00", "18:00"])
    }

    @Test(
        "hours know when they are on, in both forms",
        arguments: [
            "'mon-fri 08:00-19:00', {tz = 'Europe/Berlin'}", "'off=(M-F,19);on=(M-F,8);tz=Europe/Berlin'"
        ])
    func hours(arguments: String) async throws {
        let (run, _) = try await runJobs(
            """
            local h = vast.hours(\(arguments))
            local t = 1767571200
            out = {tostring(h:contains(t)), h:next_on(t) - t, h:next_off(t) - t, tostring(h:contains(h:next_on(t))),
                tostring(h:contains(h:next_off(t))), tostring(h:contains(h:next_off(t) - 1))}
            """, for: .seconds(1))
        #expect(run.error == nil)
        #expect(run.texts == ["false", "25200", "64800", "true", "false", "true"])
    }

    @Test(
        "what is wrong is named with its place",
        arguments: [
            ("vast.calendar('61 * * * *')", "minute"), ("vast.calendar('0 0 30 2 *')", "never"),
            ("vast.calendar('0 0 * * *', {tz = 'Europe/Berln'})", "Europe/Berlin"),
            ("vast.calendar('0 0 * * *', {dst = {gap = 'nxt'}})", "next"), ("vast.calendar('0 0 * * *', {zone = 'UTC'})", "option"),
            ("vast.hours('mon-fri 25:00-26:00')", "hours"), ("vast.hours('mon', {tz = 'IST'})", "IST"),
            ("vast.calendar('* * * * *'):next('x')", "number expected"), ("vast.calendar('* * * * *'):next(0, -1)", "from 0"),
            ("vast.calendar('* * * * *'):next(0/0)", "out of range"),
            ("vast.cron(vast.calendar('* * * * *'), print, {tz = 'UTC'})", "its own tz")
        ])
    func wrong(statement: String, hint: String) async throws {
        let (run, _) = try await runJobs("local x = \(statement)", for: .seconds(1))
        let error = try #require(run.error)
        #expect(error.contains(hint), "\(error)")
        #expect(error.contains("script.lua:1"))
    }
}
