internal import FleetClock
package import FleetStore
internal import Logging
internal import LuaEngine
internal import Synchronization
internal import VastLua

extension TestWorld {
    package static let account = "world"

    /// Runs a script as a process of its own would, from the opening of the state to its end.
    ///
    /// - Parameters:
    ///   - wait: for how long its changes are confirmed at the end.
    ///   - plans: scripts that are only planned before, each by a chain of its own with a copy of the run's books.
    /// - Throws: what making the Lua state throws; what the script raises is in the result.
    package func run(script: String, wait: Duration = .seconds(120), plans: [String] = []) async throws -> WorldRun {
        let before = (transport.trace.count, transport.changes.count)
        let database = StateDatabase(directory: folder.path, vfs: files.name)
        let chain = try makeChain(database)
        var planned: [PlanAction] = []
        for plan in plans { planned += try await perform(plan: plan, chain) }
        var run = try await perform(script, chain, wait)
        run.isJournalComplete = end(chain, run)
        run.planned = planned
        (run.calls, run.requests) = (chain.log.calls, chain.log.requests)
        run.usage = run.ledger.usage(at: clock.unixTime)
        database.close()
        run.trace = Array(transport.trace.dropFirst(before.0))
        run.changes = Array(transport.changes.dropFirst(before.1))
        (run.rows, run.counted) = journalRows(of: chain.journal.run.id)
        run.journal = journalLines(of: chain.journal.run.id)
        run.ended = clock.uptime - origin
        run.messages = state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
        return run
    }

    /// A chain as a process of its own has it, with the state of this world.
    package func makeChain(_ database: StateDatabase) throws -> WorldChain {
        let number = state.withLock { state in
            state.runs += 1
            return state.runs
        }
        let run = RunInfo(id: "run-\(number)", script: "script.lua", started: clock.unixTime)
        return try WorldChain(
            WorldChain.Parts(
                database: database, run: run, account: Self.account, freeze: freeze, clock: clock, executor: transport.executor,
                makeClient: { [self] in try client($0) }, tell: { [weak self] in self?.tell($0) },
                log: CallLog(transport, service)))
    }

    private func perform(_ script: String, _ chain: WorldChain, _ wait: Duration) async throws -> WorldRun {
        let lua = try await LuaService.open(clock: clock)
        state.withLock { $0.interrupt = { lua.interrupter?.interrupt(.cancelled) } }
        let logger = logger
        var (run, report) = try await lua.perform { host in
            let options = Runtime.Options(confirm: wait, limit: { try chain.limit($0) })
            let runtime = try Runtime(host: host, service: { chain.service }, logger: logger, options: options)
            var run = WorldRun()
            do {
                run.values = try host.run(script, name: "@script.lua").map(Self.text)
            } catch let error as LuaError {
                run.errorKind = runtime.errors.errorKind(error) ?? Self.kind(error)
                run.errorText = runtime.errors.describe(error)
            }
            // As the program does: what is under way ends first. The interrupt stays, so that nothing is confirmed after it.
            host.finishAbandonedOperations()
            runtime.finish(wait: wait)
            run.ledger = runtime.ledger
            let report = runtime.report
            host.close()
            return (run, report)
        }
        state.withLock { $0.interrupt = nil }
        await lua.close()
        // Calls that were cancelled may still have something to write down, and to say.
        await untilWithdrawn(chain)
        await clock.run(for: .zero)
        report.changes = chain.guarded.ledger.changes
        run.ledger = chain.guarded.ledger
        run.report = report.line
        run.folder = folder.path
        return run
    }

    private func perform(plan script: String, _ chain: WorldChain) async throws -> [PlanAction] {
        let lua = try await LuaService.open(clock: clock)
        let planning = chain.planning()
        let logger = logger
        try await lua.perform { host in
            let options = Runtime.Options(isPlanning: true, limit: { try planning.guarded.limit($0) })
            let runtime = try Runtime(host: host, service: { planning.service }, logger: logger, options: options)
            // What a plan raises is nothing to the run that follows.
            _ = try? host.run(script, name: "@plan.lua")
            runtime.finish(wait: .zero)
            host.close()
        }
        await lua.close()
        await clock.run(for: .zero)
        return planning.planned.actions
    }

    private var logger: Logger { Logger(label: "world") { [self] _ in WorldLog { [weak self] in self?.tell($0) } } }

    /// The end waits for starts that are being taken back until the client's patience ends, so that nothing of a run goes on
    /// beside the next one.
    private func untilWithdrawn(_ chain: WorldChain) async {
        let end = clock.uptime + options.patience + .seconds(120)
        while chain.guarded.ledger.isWithdrawing, clock.uptime < end { try? await clock.sleep(for: .milliseconds(250)) }
    }

    /// - Returns: whether everything is in the journal.
    private func end(_ chain: WorldChain, _ run: WorldRun) -> Bool {
        do {
            try chain.journal.end(exitCode: run.errorKind == nil ? 0 : 1)
        } catch {
            tell("the journal could not be completed: \(error)")
            return false
        }
        if let problem = chain.journal.problem { tell("the journal is not complete: \(problem)") }
        return chain.journal.problem == nil
    }

    private static func kind(_ error: LuaError) -> String {
        if case .interrupted(let reason) = error.kind { reason.name } else { "\(error.kind)" }
    }

    private static func text(_ value: LuaValue) -> String {
        if case .reference = value { "(reference)" } else { "\(value)" }
    }
}
