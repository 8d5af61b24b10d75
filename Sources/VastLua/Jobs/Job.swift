import FleetRules
import LuaEngine

/// A function of the script that runs again and again, or once at some time.
///
/// It belongs to its ``JobBoard``: dropping the object in Lua does not end it.
final class Job {
    let name: String
    /// What was asked for, for people: `every 5m`, `cron 0 22 * * mon-fri Europe/Berlin`.
    let specification: String
    let trigger: JobTrigger
    let function: LuaReference
    let missed: MissedRuns.Rule
    /// How much later than due it runs, so that jobs do not all begin at once.
    let delay: Duration
    /// Whether a fixed rate begins with a run at once.
    let startsNow: Bool
    /// Whether it is no job of the script's own, but the look at the fleet that its events or policies need.
    var isLook = false

    /// The next due time of a fixed rate, on the clock's uptime.
    var nextUptime: Duration?
    /// The next due time of the calendar, in Unix seconds, without the delay.
    var nextInstant: Int64?
    /// The last due time of the calendar that was dealt with, and when, on the clock's uptime.
    var handled: (instant: Int64, uptime: Duration)?
    var timer: LuaTimer?
    var task: LuaTask?
    var startedAt = Duration.zero
    /// When it last began, in Unix seconds.
    var lastRun: Double?
    var runs = 0
    var failures = 0
    var skipped = 0
    var isCancelled = false

    init(
        name: String, specification: String, trigger: JobTrigger, function: LuaReference,
        missed: MissedRuns.Rule = .init(), jitter: Duration = .zero, startsNow: Bool = false
    ) {
        self.name = name
        self.specification = specification
        self.trigger = trigger
        self.function = function
        self.missed = missed
        self.startsNow = startsNow
        delay = Jitter.delay(of: name, upTo: jitter)
    }

    var isRunning: Bool { task.map { !$0.isEnded } ?? false }

    /// Whether it will never run again.
    var isOver: Bool { isCancelled || (nextUptime == nil && nextInstant == nil && !isRunning) }
}

/// What a job hands over to the one of the same name after a reload.
package struct JobMark: Sendable {
    var specification: String
    var nextUptime: Duration?
    var nextInstant: Int64?
    var handled: (instant: Int64, uptime: Duration)?
    var lastRun: Double?
    /// What a policy remembers.
    var policy: PolicyMemory?
}
