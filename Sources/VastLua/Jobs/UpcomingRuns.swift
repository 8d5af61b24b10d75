package import FleetCalendar
package import FleetClock
import FleetRules

/// One coming run of a job, or one coming switch of a policy.
package struct UpcomingRun: Sendable {
    /// The name of the job, or of the policy and what it switches to.
    package let job: String
    /// When it runs.
    package let firing: Firing
    /// How often it runs after that, where only its first run is shown.
    package var interval: Duration?
}

/// What the jobs of a script do next, and when the hours of its policies begin and end.
package struct UpcomingRuns {
    private let jobs: JobBoard
    private let policies: PolicyBoard

    /// Those of the jobs and policies that a script has made so far.
    package init(_ runtime: Runtime) { (jobs, policies) = (runtime.jobs, runtime.policies) }

    /// The next runs of all jobs together, in the order of their times. Beside what follows a calendar, what runs at a fixed rate
    /// is shown once, and so is what looks at the fleet for events and policies: else nothing else would be seen.
    ///
    /// - Throws: `CalendarError` when the machine's zone cannot be read.
    package func first(_ count: Int) throws -> [UpcomingRun] {
        let zone = try jobs.runtime.calendars.defaultZone()
        var runs = policies.policies.flatMap { switches(of: $0, count: count) }
        for job in jobs.jobs {
            if case .every = job.trigger { continue }
            runs += firings(of: job, count: count, zone).map { UpcomingRun(job: job.name, firing: $0) }
        }
        let isAlone = runs.isEmpty
        for job in jobs.jobs {
            guard case .every(let interval) = job.trigger else { continue }
            let isShownOnce = job.isLook || !isAlone
            runs += firings(of: job, count: isShownOnce ? 1 : count, zone).map {
                UpcomingRun(job: job.name, firing: $0, interval: isShownOnce && !job.name.hasSuffix(job.specification) ? interval : nil)
            }
        }
        return Array(runs.sorted { ($0.firing.instant, $0.job) < ($1.firing.instant, $1.job) }.prefix(count))
    }

    /// The switches that a policy follows; those of labels differ from instance to instance.
    private func switches(of policy: Policy, count: Int) -> [UpcomingRun] {
        guard !policy.followsLabels, let hours = policy.rules.hours else { return [] }
        var found: [UpcomingRun] = []
        var instant = Int64(clampingNumber: jobs.now.rounded(.down))
        while found.count < count, let edge = hours.nextEdge(after: instant) {
            instant = edge.instant
            if let only = policy.rules.only, only != (edge.isOn ? .start : .stop) { continue }
            found.append(UpcomingRun(job: "policy '\(policy.name)': \(edge.isOn ? "up" : "down")", firing: hours.zone.firing(at: instant)))
        }
        return found
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
