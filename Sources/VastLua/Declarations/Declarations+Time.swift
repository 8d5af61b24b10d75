import FleetCalendar
import FleetRules
import VastAPI

/// Time, jobs and calendars.
extension Declaration {
    static let time = [
        Declaration("now", "the time, in Unix seconds", returns: [Returned("number")], example: "print(os.date(nil, vast.now() // 1))") {
            runtime, call in
            call.results.number(runtime.now)
            return .values
        },
        Declaration(
            "sleep", "waits; other tasks go on", [Parameter("length", .length, "for how long")], raises: [.cancelled],
            example: #"vast.sleep("2s")"#
        ) { _, call in call.sleep(try call.argument(1).length("\(call.name): length")) },
        Declaration(
            "every", "runs a function at a fixed rate",
            [
                Parameter("interval", .length(.length(from: 0.001)), "from one beginning to the next"), .jobFunction,
                .options([
                    .jobName, .jitter, Parameter("now", .boolean, "begin at once and not after the first interval", optional: true)
                ])
            ],
            returns: [Returned("vast.Job")], raises: [.conflict],
            example: #"vast.every("5m", function() print(#vast.instances()) end, {name = "count"})"#
        ) { try $0.jobs.every($1) },
        Declaration(
            "cron", "runs a function by a calendar",
            [
                Parameter("spec", .cron | ValueType("vast.Calendar", [.userdata]), "five fields, a name such as @daily, or a calendar"),
                .jobFunction,
                .options([.jobName, .zone, .catchUp, .maxLate, .jitter, .dst])
            ],
            returns: [Returned("vast.Job")], raises: [.conflict],
            example: #"vast.cron("0 22 * * mon-fri", function() vast.log.info("night") end, {tz = "Europe/Berlin"})"#
        ) { try $0.jobs.cron($1) },
        Declaration(
            "at", "runs a function once, at a date",
            [
                Parameter("when", .date | .number.within(.instantOfWall), "\"2026-12-24 18:00\", or Unix seconds"), .jobFunction,
                .options([.jobName, .zone, .catchUp, .maxLate])
            ],
            returns: [Returned("vast.Job")], raises: [.conflict],
            example: #"vast.at("2030-12-24 18:00", function() print("now") end, {tz = "Europe/Berlin"})"#
        ) { try $0.jobs.at($1) },
        Declaration(
            "calendar", "a cron expression in a zone, to ask for its instants",
            [Parameter("spec", .cron, "five fields, or a name such as @daily"), .options([.zone, .dst])],
            returns: [Returned("vast.Calendar")], example: #"print(vast.calendar("0 8 * * mon-fri", {tz = "Europe/Berlin"}):next())"#
        ) { try $0.calendars.new($1) },
        Declaration(
            "hours", "hours of the week, also in Cloud Custodian's off-hours form",
            [Parameter("hours", .hours, "such as mon-fri 08:00-19:00"), .options([.zone])], returns: [Returned("vast.Hours")],
            example: #"print(vast.hours("mon-fri 08:00-19:00", {tz = "Europe/Berlin"}):contains(vast.now()))"#
        ) { try $0.calendars.hours($1) }
    ]
}

extension Parameter {
    fileprivate static let jobFunction = Parameter("fn", .function("()"), "what is run; it may wait")
    fileprivate static let jobName = Parameter("name", .name, "tells jobs apart; default: file, line and when", optional: true)
    fileprivate static let jitter = Parameter("jitter", .length, "at most so much later, the same each time", optional: true)
    fileprivate static let zone = Parameter("tz", .zone, "an IANA zone; default: the configured or the machine's", optional: true)
    fileprivate static let catchUp = Parameter(
        "catch_up", .words(MissedRuns.CatchUp.allCases.map(\.rawValue)), "what becomes of runs missed while nothing ran (none)",
        optional: true)
    fileprivate static let maxLate = Parameter("max_late", .length, "the oldest run that is caught up with", optional: true)
    fileprivate static let dst = Parameter(
        "dst",
        ValueType(
            "{gap?: \"next\"|\"skip\", overlap?: \"first\"|\"last\"|\"both\"}", [.table],
            tables: .parts([
                Parameter("gap", .words(DSTRule.Gap.allCases.map(\.rawValue)), optional: true),
                Parameter("overlap", .words(DSTRule.Overlap.allCases.map(\.rawValue)), optional: true)
            ])),
        "what happens at hours that a change of the clocks skips or repeats", optional: true)
}

extension ValueType {
    /// The states of instances.
    static let states = ValueType("vast.State", [.string], expected: "string", texts: .words(InstanceState.allCases.map(\.rawValue)))
    /// A date.
    fileprivate static let date = ValueType("string", [.string], texts: .date)
    /// Hours of the week.
    fileprivate static let hours = ValueType("string", [.string], texts: .hours)
    /// A time zone.
    fileprivate static let zone = ValueType("string", [.string], texts: .zone)
    /// A cron expression.
    fileprivate static let cron = ValueType("string", [.string], texts: .cron)
}
