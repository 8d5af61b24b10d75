internal import FleetClock
internal import FleetControl
internal import Logging
internal import LuaEngine
internal import Synchronization
internal import VastLua

extension TestWorld {
    private static let account = "world"

    /// Runs a script as a process of its own would, from the opening of the state to its end.
    ///
    /// - Parameter wait: for how long its changes are confirmed at the end.
    /// - Throws: what making the Lua state throws; what the script raises is in the result.
    package func run(script: String, wait: Duration = .seconds(120)) async throws -> WorldRun {
        let before = (transport.trace.count, transport.changes.count)
        let database = StateDatabase(directory: folder.path, vfs: files.name)
        let chain = try makeChain(database)
        var run = try await perform(script, chain, wait)
        end(chain, run)
        database.close()
        run.trace = Array(transport.trace.dropFirst(before.0))
        run.changes = Array(transport.changes.dropFirst(before.1))
        run.journal = journalLines(of: chain.journal.run.id)
        run.ended = clock.uptime - origin
        run.messages = state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
        return run
    }

    private func makeChain(_ database: StateDatabase) throws -> WorldChain {
        let number = state.withLock { state in
            state.runs += 1
            return state.runs
        }
        let run = RunInfo(id: "run-\(number)", script: "script.lua", started: clock.unixTime)
        return try WorldChain(
            WorldChain.Parts(
                database: database, run: run, account: Self.account, freeze: freeze, clock: clock,
                makeClient: { [self] in try client($0) }, tell: { [weak self] in self?.tell($0) }))
    }

    private func perform(_ script: String, _ chain: WorldChain, _ wait: Duration) async throws -> WorldRun {
        let lua = try await LuaService.open(clock: clock)
        state.withLock { $0.interrupt = { lua.interrupter?.interrupt(.cancelled) } }
        let logger = Logger(label: "world") { [self] _ in WorldLog { [weak self] in self?.tell($0) } }
        var run = try await lua.perform { host in
            let options = Runtime.Options(confirm: wait, limit: chain.limit)
            let runtime = try Runtime(host: host, service: { chain.service }, logger: logger, options: options)
            var run = WorldRun()
            do {
                run.values = try host.run(script, name: "@script.lua").map(Self.text)
            } catch let error as LuaError {
                run.errorKind = runtime.errorKind(error) ?? Self.kind(error)
                run.errorText = runtime.describe(error)
            }
            runtime.finish(wait: wait)
            run.report = runtime.report.line
            run.ledger = runtime.ledger
            host.close()
            return run
        }
        state.withLock { $0.interrupt = nil }
        await lua.close()
        // Calls that were cancelled may still have something to write down.
        await clock.run(for: .zero)
        run.folder = folder.path
        return run
    }

    private func end(_ chain: WorldChain, _ run: WorldRun) {
        do {
            try chain.journal.end(exitCode: run.errorKind == nil ? 0 : 1)
        } catch {
            tell("the journal could not be completed: \(error)")
        }
        if let problem = chain.journal.problem { tell("the journal is not complete: \(problem)") }
    }

    private static func kind(_ error: LuaError) -> String {
        if case .interrupted(let reason) = error.kind { reason.name } else { "\(error.kind)" }
    }

    private static func text(_ value: LuaValue) -> String {
        if case .reference = value { "(reference)" } else { "\(value)" }
    }
}
