package import FleetCalendar
import FleetClock

/// One coming run of a job.
package struct UpcomingRun: Sendable {
    /// The name of the job.
    package let job: String
    /// When it runs.
    package let firing: Firing
}

/// What the jobs of a script do next.
package struct UpcomingRuns {
    private let jobs: JobBoard

    /// Those of the jobs that a script has made so far.
    package init(_ runtime: Runtime) { jobs = runtime.jobs }

    /// The next runs of all jobs together, in the order of their times.
    ///
    /// - Throws: `CalendarError` when the machine's zone cannot be read.
    package func first(_ count: Int) throws -> [UpcomingRun] {
        let zone = try jobs.runtime.calendars.defaultZone()
        let runs = jobs.jobs.flatMap { job in
            firings(of: job, count: count, zone).map { UpcomingRun(job: job.name, firing: $0) }
        }
        return Array(runs.sorted { ($0.firing.instant, $0.job) < ($1.firing.instant, $1.job) }.prefix(count))
    }

    private func firings(of job: Job, count: Int, _ zone: Zone) -> [Firing] {
        switch job.trigger {
        case .calendar(let calendar):
            return calendar.preview(after: Int64(clampingNumber: jobs.now.rounded(.down)), count: count)
        case .once(let due):
            return Double(due) > jobs.now ? [zone.firing(at: due)] : []
        case .every(let interval):
            guard let next = job.nextUptime else { return [] }
            let first = jobs.now + (next - jobs.clock.uptime).seconds
            return (0..<count).map { zone.firing(at: Int64(clampingNumber: (first + interval.seconds * Double($0)).rounded())) }
        }
    }
}
