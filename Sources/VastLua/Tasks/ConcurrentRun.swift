import LuaEngine
import VastAPI

/// Runs functions side by side, some at a time, until all have ended; then returns the first result of each, or raises
/// one `partial` if some of them failed.
final class ConcurrentRun {
    private let runtime: Runtime
    private let keys: [Int64]
    private let concurrency: Int
    private let name: String
    private let spawn: (Int, String) throws -> LuaTask
    private let scope: UInt64
    private var tasks: [LuaTask?]
    private var errors: [LuaError?]
    /// The first that has not begun.
    private var next = 0
    /// An error after which nothing new begins.
    private var ending: LuaError?

    /// - Parameters:
    ///   - keys: what `results` of the error is keyed by, one for each function.
    ///   - concurrency: how many run at a time.
    ///   - spawn: makes the task of the function at an index, with a name.
    init(
        _ runtime: Runtime, keys: [Int64], concurrency: Int, name: String, spawn: @escaping (Int, String) throws -> LuaTask
    ) {
        self.runtime = runtime
        self.keys = keys
        self.concurrency = concurrency
        self.name = name
        self.spawn = spawn
        scope = runtime.tasks.scopes.scope(of: runtime.host.currentTask)
        tasks = Array(repeating: nil, count: keys.count)
        errors = Array(repeating: nil, count: keys.count)
    }

    func begin(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let caller = call.host.currentTask
        let earlier = caller?.onCancel
        caller?.onCancel = { [self] in
            earlier?()
            cancel()
        }
        for _ in 0..<min(concurrency, keys.count) { beginNext() }
        return try join(call, 0) { caller?.onCancel = earlier }
    }

    private func beginNext() {
        guard next < keys.count, ending == nil else { return }
        let index = next
        next += 1
        do {
            let task = try spawn(index, "\(name) #\(index + 1)")
            tasks[index] = task
            runtime.tasks.scopes.adopt(task, into: scope)
            task.onEnd = { [self] in ended(index, $0) }
        } catch {
            errors[index] = error as? LuaError ?? LuaError(message: "\(error)")
            beginNext()
        }
    }

    private func ended(_ index: Int, _ task: LuaTask) {
        runtime.tasks.scopes.end(task)
        if let error = task.failure {
            errors[index] = error
            // Whatever comes next would fail the same way.
            if ending == nil, runtime.errors.endsList(error) { ending = error }
        }
        beginNext()
    }

    private func cancel() {
        next = keys.count
        for task in tasks { if let task { runtime.host.cancel(task) } }
    }

    private func join(_ call: borrowing LuaCall, _ index: Int, then done: @escaping () -> Void) throws -> LuaOutcome {
        var index = index
        while index < tasks.count {
            if let task = tasks[index], !task.isEnded {
                return call.join(task) { [self] call in try join(call, index + 1, then: done) }
            }
            index += 1
        }
        done()
        return try finish(call)
    }

    private func finish(_ call: borrowing LuaCall) throws -> LuaOutcome {
        if let ending {
            let tried = zip(keys, zip(tasks, errors)).filter { $0.1.0 != nil }.map { (key: $0.0, error: $0.1.1) }
            throw runtime.errors.endedList(name, of: keys.count, by: ending, tried) ?? ending
        }
        let failed = errors.compactMap(\.self)
        if let first = failed.first {
            throw EachFailure(
                message: "\(failed.count) of \(keys.count) failed; the first: \(first.message.aboutOneOfMany)",
                results: zip(keys, errors).map { ($0, $1?.value) })
        }
        call.results.openTable(array: tasks.count)
        for (index, task) in tasks.enumerated() {
            guard let task, let result = try call.host.results(of: task).first else { continue }
            call.results.element(index + 1) { call.results.value(result) }
        }
        return .values
    }
}
