import FleetClock
import FleetSafety
import Logging
import LuaEngine
import VastAPI

/// What becomes of jobs that are due.
package enum JobMode: Sendable {
    /// They wait until the script has taken the place of an older one.
    case staged
    case live
    /// Each runs once, when the main chunk is done.
    case once
    /// Nothing new begins.
    case ending
}

/// The jobs of a script. They belong to the host: a script that leaves some behind stays alive.
final class JobBoard: RuntimeModule {
    private(set) lazy var jobType = makeJobType()
    var mode: JobMode
    /// Those that can run again, in the order of their creation.
    private(set) var jobs: [Job] = []
    private var names: Set<String> = []
    /// What an older state of the script has handed over, by name.
    var carried: [String: JobMark] = [:]
    /// Called when the first job comes and when the last one goes.
    var onChange: (() -> Void)?
    /// Tasks whose error has been told already, by their numbers.
    var toldTasks: Set<UInt64> = []
    /// The first error of a job that nothing caught.
    var failure: LuaError?
    lazy var wall = ClockSetDetector(self)

    init(_ runtime: Runtime, mode: JobMode) {
        self.mode = mode
        super.init(runtime)
    }

    var isEmpty: Bool { jobs.isEmpty }

    /// Takes a job, and sets its first time.
    ///
    /// - Throws: `VastError` of kind `invalid_argument` when another one has its name.
    func add(_ job: Job) throws {
        guard names.insert(job.name).inserted else {
            throw VastError.invalidArgument("there is a job '\(job.name)' already; give this one a name of its own: {name = \"…\"}")
        }
        jobs.append(job)
        if mode == .live { begin(job) }
        if mode == .staged || mode == .once { show(job) }
        if jobs.count == 1 { onChange?() }
        drop(job)
    }

    /// It never begins again; a run under way goes on to its end.
    func cancel(_ job: Job) {
        guard !job.isCancelled else { return }
        job.isCancelled = true
        job.timer?.cancel()
        (job.nextUptime, job.nextInstant) = (nil, nil)
        drop(job)
    }

    /// Forgets a job that is over.
    func drop(_ job: Job) {
        guard job.isOver, mode != .once || job.isCancelled, let index = jobs.firstIndex(where: { $0 === job }) else { return }
        jobs.remove(at: index)
        names.remove(job.name)
        if jobs.isEmpty {
            wall.stop()
            onChange?()
        }
    }

    // MARK: the first time

    /// Sets the first time of a job, and makes up for what it has missed.
    func begin(_ job: Job) {
        switch job.trigger {
        case .every(let interval): beginRate(job, interval)
        case .calendar, .once: beginCalendar(job)
        }
    }

    private func beginRate(_ job: Job, _ interval: Duration) {
        let now = host.clock.uptime
        if let mark = carried[job.name], mark.specification == job.specification, let next = mark.nextUptime {
            (job.nextUptime, job.lastRun) = (next, mark.lastRun)
        } else {
            job.nextUptime = job.startsNow ? now : now + interval + job.delay
        }
        arm(job)
    }

    private func beginCalendar(_ job: Job) {
        let now = host.clock.unixTime
        let carriedMark = carried[job.name].flatMap { $0.specification == job.specification ? $0 : nil }
        job.lastRun = carriedMark?.lastRun
        if let next = carriedMark?.nextInstant {
            (job.nextInstant, job.handled) = (next, carriedMark?.handled)
        } else if let earlier = handledBefore(job, now: now) {
            catchUp(job, since: earlier.instant, hasRun: earlier.hasRun, now: now)
        } else {
            job.nextInstant = job.trigger.next(after: Int64(clampingNumber: now.rounded(.down)))
        }
        if job.nextInstant == nil, case .once(let due) = job.trigger, job.task == nil {
            logger.warning("job '\(job.name)' is in the past and never runs", metadata: ["due": "\(due)"])
        }
        arm(job)
    }

    /// Sets the next time for ``vast-lua next`` and for `job.next`, without arming anything.
    private func show(_ job: Job) {
        switch job.trigger {
        case .every(let interval): job.nextUptime = host.clock.uptime + (job.startsNow ? .zero : interval + job.delay)
        case .calendar, .once: job.nextInstant = job.trigger.next(after: Int64(clampingNumber: host.clock.unixTime.rounded(.down)))
        }
    }

    /// The last due time that earlier runs of the script have dealt with, or when they first set up the job.
    private func handledBefore(_ job: Job, now: Double) -> (instant: Int64, hasRun: Bool)? {
        guard !runtime.isPlanning, let store = runtime.memory?.jobs else { return nil }
        do {
            let memory = try store.see(job.name, at: now)
            return (Int64(clampingNumber: (memory.lastHandled ?? memory.firstSeen).rounded(.down)), memory.lastHandled != nil)
        } catch {
            logger.warning("job '\(job.name)': what it did before is unknown", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func catchUp(_ job: Job, since earlier: Int64, hasRun: Bool, now: Double) {
        let instant = Int64(clampingNumber: (now - job.delay.seconds).rounded(.down))
        if hasRun { job.handled = (earlier, host.clock.uptime) }
        settle(job, job.trigger.due(after: earlier, upTo: instant), now: now)
        // The clock may have been set back since: then an earlier run was ahead of now.
        job.nextInstant = hasRun ? job.trigger.next(after: instant, handled: earlier, ago: .zero) : job.trigger.next(after: instant)
    }

    /// Notes that a due time is dealt with, for later runs of the script.
    func remember(_ job: Job, handled: Int64) {
        job.handled = (handled, host.clock.uptime)
        guard !runtime.isPlanning, let store = runtime.memory?.jobs else { return }
        do {
            let now = host.clock.unixTime
            try store.remember(.init(firstSeen: now, lastHandled: Double(handled)), of: job.name, now: now)
        } catch {
            logger.warning("job '\(job.name)': this run cannot be remembered", metadata: ["error": "\(error)"])
        }
    }
}
