import FleetClock
import FleetRules
import LuaEngine
import VastAPI

extension JobBoard {
    /// Waits for the next time of a job.
    func arm(_ job: Job) {
        job.timer?.cancel()
        guard let deadline = deadline(of: job) else { return drop(job) }
        if job.trigger.followsWallClock { wall.start() }
        job.timer = host.schedule(atUptime: deadline) { [weak self, weak job] in if let job { self?.fire(job) } }
    }

    /// The wall clock was set. Set forward, what it has jumped over is late; set back, it does not wait until the clock is
    /// where it was before, and does not run a second time for what it has just run for.
    func replan(_ job: Job, isSetBack: Bool) {
        if isSetBack, job.nextInstant != nil, let handled = job.handled {
            job.nextInstant = job.trigger.next(
                after: Int64(clampingNumber: host.clock.unixTime.rounded(.down)), handled: handled.instant,
                ago: host.clock.uptime - handled.uptime)
        } else if isSetBack, case .calendar = job.trigger, job.nextInstant != nil {
            job.nextInstant = job.trigger.next(after: Int64(clampingNumber: host.clock.unixTime.rounded(.down)))
        }
        arm(job)
    }

    /// On the clock's uptime; nil when it has no next time.
    private func deadline(of job: Job) -> Duration? {
        if let instant = job.nextInstant {
            return host.clock.uptime + Duration(clampingSeconds: Double(instant) - host.clock.unixTime) + job.delay
        }
        return job.nextUptime
    }

    /// The time of a job has come.
    private func fire(_ job: Job) {
        guard mode == .live, !job.isCancelled else { return }
        if job.trigger.followsWallClock { fireCalendar(job) } else { fireRate(job) }
    }

    private func fireRate(_ job: Job) {
        guard case .every(let interval) = job.trigger, let due = job.nextUptime else { return }
        let now = host.clock.uptime
        let first = job.startsNow && job.runs == 0 && job.skipped == 0 ? job.delay : .zero
        var next = due + interval + first
        if next <= now {
            let missed = Int64(clampingNumber: ((now - next) / interval).rounded(.down)) + 1
            next += interval * Double(missed)
            skip(job, Int(missed), "the machine or the script was busy")
        }
        job.nextUptime = next
        start(job)
        arm(job)
    }

    private func fireCalendar(_ job: Job) {
        guard let due = job.nextInstant else { return }
        // Timers run on the uptime: the wall clock may have been set back meanwhile. A millisecond is rounding.
        let now = host.clock.unixTime - job.delay.seconds + 0.001
        guard now >= Double(due) else { return arm(job) }
        let instant = Int64(clampingNumber: now.rounded(.down))
        if now - Double(due) < MissedRuns.punctual.seconds {
            job.nextInstant = job.trigger.next(after: due)
            start(job)
            remember(job, handled: due)
        } else {
            settle(job, job.trigger.due(after: due - 1, upTo: instant), now: now)
            job.nextInstant = job.trigger.next(after: instant)
        }
        arm(job)
    }

    /// Deals with all that was due and may be late.
    func settle(_ job: Job, _ due: DueInstants, now: Double) {
        guard let last = due.last else { return }
        let missed = MissedRuns(due, now: now, rule: job.missed)
        if missed.skipped > 0 { skip(job, missed.skipped, "missed") }
        if missed.run != nil { start(job) }
        remember(job, handled: last)
    }

    private func skip(_ job: Job, _ count: Int, _ why: String) {
        job.skipped += count
        logger.warning("job '\(job.name)': \(count) \(count == 1 ? "run" : "runs") skipped: \(why)")
    }

    /// Runs a job, unless it still runs.
    func start(_ job: Job) {
        if job.isRunning {
            let length = DurationFormat.format(host.clock.uptime - job.startedAt)
            return skip(job, 1, "the one before still runs, since \(length)")
        }
        do {
            let task = try host.spawn(job.function, name: job.name) { [self] in write(job, $0) }
            job.task = task
            job.startedAt = host.clock.uptime
            job.lastRun = host.clock.unixTime
            job.runs += 1
            runtime.tasks.scopes.begin(task)
            runtime.fleet.readings.begin(task, at: job.startedAt)
            task.onEnd = { [weak self] in self?.ended(job, $0) }
        } catch {
            job.failures += 1
            logger.error("job '\(job.name)' could not begin", metadata: ["error": "\(error)"])
        }
    }

    private func ended(_ job: Job, _ task: LuaTask) {
        runtime.fleet.readings.end(task)
        runtime.tasks.scopes.end(task)
        if job.task === task { job.task = nil }
        let isTold = toldTasks.remove(task.id) != nil
        if let error = task.failure { tell(job, error, isTold: isTold) }
        drop(job)
        if !runtime.isPlanning { runtime.samples.kept.prune(now: runtime.now) }
    }

    /// Runs a function beside the jobs; an error is told, and ends nothing.
    func run(_ function: LuaReference, name: String, arguments: (LuaWriter) throws -> Void) {
        guard mode == .live || mode == .once else { return }
        do {
            let task = try host.spawn(function, name: name, arguments: arguments)
            runtime.tasks.scopes.begin(task)
            task.onEnd = { [weak self] in
                self?.runtime.tasks.scopes.end($0)
                if let error = $0.failure { self?.tell(name, error) }
            }
        } catch {
            logger.error("\(name) could not begin", metadata: ["error": "\(error)"])
        }
    }

    private func tell(_ job: Job, _ error: LuaError, isTold: Bool) {
        if tell("job '\(job.name)'", error, isTold: isTold) { job.failures += 1 }
    }

    /// Tells what nobody has caught, with its traceback; the script has failed when it ends by itself.
    ///
    /// - Parameter isTold: whether it was logged where it was found.
    /// - Returns: whether it is a failure: being ended is none.
    @discardableResult
    func tell(_ name: String, _ error: LuaError, isTold: Bool = false) -> Bool {
        if case .interrupted = error.kind { return false }
        if mode == .ending, runtime.errors.publicKind(error) == VastError.Kind.cancelled.rawValue {
            logger.warning("\(name) was ended before it was done")
            return false
        }
        if failure == nil { failure = error }
        if !isTold { logger.error("\(name) failed: \(runtime.errors.trace(error))") }
        return true
    }
}
