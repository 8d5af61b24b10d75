import FleetCalendar
import FleetClock
import FleetRules
import LuaEngine
import VastAPI

/// `vast.every`, `vast.cron`, `vast.at`, and the jobs that they return.
extension JobBoard {
    // MARK: making jobs

    func every(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let interval = try call.argument(1).length("\(call.name): interval")
        guard interval >= .milliseconds(1) else { throw call.wrong(1, "interval", "an interval of at least a millisecond expected") }
        return try add(call) { _ in ("every \(DurationFormat.format(interval))", .every(interval)) }
    }

    func cron(_ call: borrowing LuaCall) throws -> LuaOutcome {
        try add(call) { call in
            let calendar = try runtime.calendars.calendar(call, 1, optionsAt: 3)
            return ("cron \(calendar.expression) \(calendar.zone.name)", .calendar(calendar))
        }
    }

    func at(_ call: borrowing LuaCall) throws -> LuaOutcome {
        try add(call) { call in
            let (due, text) = try dueDate(call)
            return ("at \(text)", .once(due))
        }
    }

    /// Adds the job of a call that has the function second and the options third.
    ///
    /// - Parameter schedule: when it runs, and the same for people.
    private func add(
        _ call: borrowing LuaCall, _ schedule: (borrowing LuaCall) throws -> (specification: String, trigger: JobTrigger)
    ) throws -> LuaOutcome {
        let function = try call.function(2, "fn").reference()
        var options = JobOptions()
        try call.options(3, "options") { try options.read($0, $1, call.name) }
        let (specification, trigger) = try schedule(call)
        let job = Job(
            name: options.name ?? defaultName(call, specification), specification: specification, trigger: trigger, function: function,
            missed: options.missed, jitter: options.jitter, startsNow: options.startsNow)
        try add(job)
        write(job, call.results)
        return .values
    }

    /// A date of the wall clock, or Unix seconds.
    private func dueDate(_ call: borrowing LuaCall) throws -> (due: Int64, text: String) {
        if let seconds = call.argument(1).number {
            guard seconds.isFinite, abs(seconds) < 1e12 else { throw call.wrong(1, "when", "Unix seconds out of range") }
            return (Int64(seconds.rounded(.up)), "\(Int64(seconds.rounded(.up)))")
        }
        let text = try call.string(1, "when")
        let zone = try runtime.calendars.zone(call, optionsAt: 3)
        do {
            return (try WallTime(text).instant(in: zone), "\(text) \(zone.name)")
        } catch {
            throw call.wrong(1, "when", "\(error)")
        }
    }

    /// A name that stays the same as long as the job stays where it is in the script.
    private func defaultName(_ call: borrowing LuaCall, _ specification: String) -> String {
        [call.position?.description, specification].compactMap(\.self).joined(separator: " ")
    }

    // MARK: job objects

    func write(_ job: Job, _ writer: LuaWriter) { writer.object(job, as: jobType) }

    func makeJobType() -> LuaType<Job> {
        LuaType(
            "vast.job",
            methods: runtime.methods(.job),
            metamethods: [
                ("__index", bound { try $0.jobField($1) }),
                shown { board, call in "job \(try call.object(1, "job", board.jobType).name)" }
            ])
    }

    func cancel(_ call: borrowing LuaCall) throws -> LuaOutcome {
        cancel(try call.object(1, "job", jobType))
        return .values
    }

    private func jobField(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let job = try call.object(1, "job", jobType)
        switch call.argument(2).string {
        case "name": call.results.string(job.name)
        case "spec": call.results.string(job.specification)
        case "next": writeNext(of: job, call.results)
        case "last": if let last = job.lastRun { call.results.number(last) } else { call.results.nil() }
        case "running": call.results.boolean(job.isRunning)
        case "runs": call.results.integer(job.runs)
        case "failures": call.results.integer(job.failures)
        case "skipped": call.results.integer(job.skipped)
        case let name:
            throw VastError.invalidArgument(LuaSuggestion.unknown("field of a job", name ?? "?", among: ObjectDeclaration.job.names))
        }
        return .values
    }

    /// Unix seconds: an integer for calendars, without the jitter.
    private func writeNext(of job: Job, _ writer: LuaWriter) {
        if let instant = job.nextInstant {
            writer.integer(instant)
        } else if let uptime = job.nextUptime {
            writer.number(now + (uptime - clock.uptime).seconds)
        } else {
            writer.nil()
        }
    }
}

/// The options that the three verbs share; `tz` and `dst` are read with the calendar.
private struct JobOptions {
    var name: String?
    var jitter = Duration.zero
    var startsNow = false
    var missed = MissedRuns.Rule()

    mutating func read(_ option: String, _ value: LuaView, _ function: String) throws {
        switch option {
        case "name":
            guard let text = value.string, !text.isEmpty else { throw wrong(function, "name is a text that is not empty") }
            name = text
        case "jitter": jitter = try value.length("\(function): jitter")
        case "now":
            guard let flag = value.boolean else { throw wrong(function, "now is true or false, not a \(value.typeName)") }
            startsNow = flag
        case "catch_up": try readCatchUp(value, function)
        case "max_late": missed.maxLate = try value.length("\(function): max_late")
        default: return
        }
    }

    private mutating func readCatchUp(_ value: LuaView, _ function: String) throws {
        let words = MissedRuns.CatchUp.allCases.map(\.rawValue)
        guard let word = value.string else { throw wrong(function, "catch_up is \(words.joined(separator: " or "))") }
        guard let rule = MissedRuns.CatchUp(rawValue: word) else {
            throw wrong(function, LuaSuggestion.unknown("catch_up", word, among: words))
        }
        missed.catchUp = rule
    }

    private func wrong(_ function: String, _ reason: String) -> VastError { .invalidArgument("\(function): \(reason)") }
}
