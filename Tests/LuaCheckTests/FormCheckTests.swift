import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` says of texts and numbers that the function refuses when the script runs.
@Suite struct FormCheckTests {
    private func misuses(_ source: String) -> [String] {
        VastNames(Declaration.names).misuses(in: Array(source.utf8)).map { "\($0.line): \($0.message)" }
    }

    @Test(
        "hours, dates, zones and names that cannot be read are found",
        arguments: [
            ("vast.hours('mon-fry 08:00-19:00')", "bad argument #1 'hours' to 'vast.hours' ("),
            ("vast.hours('mon-fri 08:00-25:00')", "bad argument #1 'hours'"), ("vast.hours('off=(M-F,99)')", "bad argument #1 'hours'"),
            ("vast.policy{all = true, up = vast.hours('mon 08:00-19:00')}", nil),
            ("vast.at('2026-13-24 18:00', g)", "bad argument #1 'when' to 'vast.at' ("),
            ("vast.at('tomorrow', g)", "bad argument #1 'when'"),
            ("vast.cron('@daily', g, {tz = 'Europe/Berln'})", "(tz: "), ("vast.hours('sat 00:00-24:00', {tz = 'CEST'})", "(tz: "),
            ("vast.calendar('@daily', {tz = ''})", "(tz: "),
            ("vast.every('5m', g, {name = ''})", "(name: a text that is not empty expected)"),
            ("vast.every('5m', g, {jitter = '5x'})", "(jitter: \"5x\" is not a length"),
            ("vast.hours('mon-fri 08:00-19:00', {tz = 'Europe/Berlin'})", nil), ("vast.hours('off=(M-F,19);on=(M-F,7);tz=pt')", nil),
            ("vast.at('2026-12-24 18:00', g, {tz = 'UTC'})", nil), ("vast.at('2026-12-24T18:00:05Z', g)", nil), ("vast.at(1e9, g)", nil),
            ("vast.http.request('GTE', u)", "(unknown method 'GTE', did you mean 'GET'?)"),
            ("vast.request('PATCH', '/api/v0/x')", "'PATCH'"),
            ("vast.http.get('example.org')", "(a URL begins with http:// or https:// and a host)"),
            ("vast.http.request('get', 'https://example.org/x')", nil), ("vast.request('get', '/api/v0/x')", nil),
            ("vast.http.get(base .. '/x')", nil), ("vast.hours(text)", nil), ("vast.cron('@daily', g, {tz = zone})", nil)
        ])
    func texts(source: String, message: String?) { expect(source, message) }

    @Test(
        "a number out of range is found",
        arguments: [
            ("vast.sleep(-5)", "bad argument #1 'length' to 'vast.sleep' (length of time from 0s up expected, got -5)"),
            ("vast.guard{max_fraction = 80}", "(max_fraction: number from 0 to 1 expected, got 80)"),
            ("vast.guard{max_stops = -1}", "(max_stops: number from 0 up expected, got -1)"),
            ("vast.every(0, g)", "length of time from 0.001s up expected, got 0"), ("vast.every('0s', g)", "from 0.001s up expected"),
            ("vast.policy{all = true, every = 0.5, up = h}", "(every: length of time from 1s up expected, got 0.5)"),
            ("vast.policy{all = true, max = -1, up = h}", "(max: "),
            ("vast.budget{per_day = -3, order = {}}", "(per_day: "), ("vast.bid(12, 0)", "number above 0 expected, got 0"),
            ("i:bid(-0.5)", "'price'"), ("vast.bid(12, 1, {max = 0})", "(max: "), ("i:is_idle(0)", "length of time above 0s expected"),
            ("i:is_idle('5m', {coverage = 80})", "(coverage: number from 0 to 1 expected, got 80)"),
            ("i:is_idle('5m', {below = 101})", "(below: "), ("f:take(-1)", "'count'"),
            ("f:take(1.5)", "number has no integer representation"),
            ("vast.observe('5m', {every = 0})", "(every: "), ("vast.map({}, g, {concurrency = 0})", "(concurrency: "),
            ("vast.inspect(x, {depth = 101})", "(depth: number from 1 to 100 expected, got 101)"),
            ("vast.stop(-1)", "(id from 1 up expected, got -1)"), ("vast.stop(1.5)", "number has no integer representation"),
            ("vast.stop{12, 0}", "(id from 1 up expected, got 0)"), ("vast.stop{'a'}", "(instance or id expected in the list, got string)"),
            ("vast.stop(1, {wait = -1})", "(wait: "), ("vast.http.get(u, {limit = 0})", "(limit: "),
            ("vast.http.get(u, {timeout = '2h'})", "(timeout: length of time above 0s to 3600s expected, got 7200)"),
            ("vast.start(1, {unavailable = 'retry', every = 0})", "(every: "), ("vast.destroy(1, {confirm = {0}})", "(confirm: "),
            ("vast.sleep(0)", nil), ("vast.sleep(-n)", nil), ("vast.sleep(5 - 6)", nil), ("vast.sleep(0x10)", nil),
            ("vast.sleep(1e-3)", nil),
            ("vast.guard{max_fraction = 0.8, max_stops = 0}", nil), ("vast.bid(12, 0.01)", nil), ("f:take(0)", nil), ("f:take(3.0)", nil),
            ("i:is_idle(60, {below = 0, coverage = 1})", nil), ("vast.stop{12, i, x}", nil), ("vast.stop{}", nil), ("vast.stop(12)", nil),
            ("vast.inspect(x, {depth = 100})", nil), ("vast.calendar('@daily'):next(-86400)", nil), ("vast.at(-5, g)", nil),
            ("vast.each({-1, 'a'}, g)", nil)
        ])
    func numbers(source: String, message: String?) { expect(source, message) }

    @Test("the reference says what a number has to be")
    func reference() throws {
        let guardHelp = try #require(Reference.help(for: "guard"))
        #expect(guardHelp.contains("as a part of those that are on; from 0 to 1"))
        #expect(Reference.markdown.contains("how often it looks (5m); from 1s up"))
    }

    private func expect(_ source: String, _ message: String?) {
        let found = misuses("local f, i = vast.instances(), vast.instances{}:one() " + source)
        #expect(found.count == (message == nil ? 0 : 1), "\(found)")
        if let message { #expect(found.first?.contains(message) == true, "\(found)") }
    }
}
