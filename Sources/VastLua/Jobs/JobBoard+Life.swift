import LuaEngine

extension JobBoard {
    /// Takes the place of an older state of the script.
    ///
    /// - Parameter marks: what the older one's jobs hand over, by name.
    func goLive(carrying marks: [String: JobMark]) {
        guard mode == .staged else { return }
        mode = .live
        carried = marks
        runtime.policies.carried = marks.compactMapValues(\.policy)
        for job in jobs { begin(job) }
        carried = [:]
    }

    /// Begins nothing new; what runs ends as soon as it has finished what it is doing.
    ///
    /// - Returns: what a newer state of the script may carry on with.
    @discardableResult
    func end() -> [String: JobMark] {
        var marks = Dictionary(
            uniqueKeysWithValues: jobs.map { job in
                (
                    job.name,
                    JobMark(
                        specification: job.specification, nextUptime: job.nextUptime, nextInstant: job.nextInstant,
                        handled: job.handled, lastRun: job.lastRun)
                )
            })
        for (name, memory) in runtime.policies.memories { marks[name] = JobMark(specification: "", policy: memory) }
        mode = .ending
        for job in jobs { cancel(job) }
        wall.stop()
        return marks
    }

    /// Runs every job once, also those that these make.
    ///
    /// - Throws: `LuaError` of kind `interrupted`.
    func runOnce() throws {
        var done = 0
        while done < jobs.count {
            let fresh = Array(jobs[done...])
            done = jobs.count
            for job in fresh where !job.isCancelled { start(job) }
            try host.runUntilIdle()
        }
    }
}
