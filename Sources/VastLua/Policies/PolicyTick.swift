import FleetSafety
import LuaEngine
import VastAPI

/// One look at the fleet for all policies of an interval: one reading, then every policy judges, then what they want is
/// compared, then they act.
final class PolicyTick {
    private let runtime: Runtime
    private let board: PolicyBoard
    private let runs: [PolicyRun]
    private var position = 0

    init(_ runtime: Runtime, _ board: PolicyBoard, _ runs: [PolicyRun]) {
        self.runtime = runtime
        self.board = board
        self.runs = runs
    }

    func begin(_ call: borrowing LuaCall) throws -> LuaOutcome {
        call.wait(for: try runtime.fleet.reading(.all)) { [self] call, snapshot in
            let rows = runtime.fleet.note(snapshot)
            guard snapshot.isAuthoritative || snapshot.lacksOnlyUnreadable || runtime.options.acceptsIncomplete else {
                throw VastError(
                    .server, "the fleet could not be read whole; no policy acts on what may be missing",
                    hint: "to allow   --accept incomplete")
            }
            // What is wrong with one policy is no reason for the others to rest.
            for run in runs { do { try run.take(rows, isWhole: snapshot.isAuthoritative) } catch { run.fail(error) } }
            return try runtime.labels.tell(call) { [self] call in try judge(call) }
        }
    }

    private func judge(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard position < runs.count else {
            position = 0
            compare()
            return try act(call)
        }
        return try runs[position].judge(call) { [self] call in
            position += 1
            return try judge(call)
        }
    }

    /// Policies that want different things leave an instance running.
    private func compare() {
        let started = Set(runs.flatMap(\.due).filter { $0.verb == .start }.map(\.instance.id))
        for run in runs {
            run.drop { decision in
                guard decision.verb == .stop else { return nil }
                if let keeper = board.keeper(of: decision.instance, against: run.policy, now: runtime.now) {
                    return "policy '\(keeper.name)' keeps it up"
                }
                return started.contains(decision.instance.id) ? "another policy starts it" : nil
            }
        }
    }

    private func act(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard position < runs.count, board.explained == nil, !runs.contains(where: \.endsTick) else { return try finish() }
        return try runs[position].act(call) { [self] call in
            position += 1
            return try act(call)
        }
    }

    private func finish() throws -> LuaOutcome {
        if runtime.isPlanning, runtime.jobs.mode == .once, board.explained == nil { board.notes += runs.compactMap(\.idleNote) }
        for run in runs { run.finish() }
        warnOfNewcomers()
        let failed = runs.filter { $0.failure != nil }
        for run in failed where !run.isFailureTold { run.tellFailure() }
        guard let failure = failed.first?.failure else { return .values }
        if let task = runtime.host.currentTask { runtime.jobs.toldTasks.insert(task.id) }
        throw failure
    }

    /// A run that looks once, with a state that knows nothing, does nothing: whoever forgets to keep the state never finds out.
    private func warnOfNewcomers() {
        let matched = runs.reduce(into: Set<InstanceID>()) { $0.formUnion($1.matched.all) }
        let new = runs.reduce(into: Set<InstanceID>()) { $0.formUnion($1.matched.new) }
        let count = matched.count
        guard runtime.jobs.mode == .once, runtime.samples.kept.isKept, count > 0, new == matched, board.explained == nil else { return }
        let them = count == 1 ? "the one instance that policies are about is" : "all \(count) instances that policies are about are"
        runtime.logger.warning(
            "\(them) seen for the first time: new ones are left alone, and nothing can be known to be idle. Keep the state directory (VAST_LUA_STATE) from run to run; docs/ci.md shows how"
        )
    }
}
