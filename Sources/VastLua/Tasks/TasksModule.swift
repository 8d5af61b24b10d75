import LuaEngine
import VastAPI

/// `vast.spawn`, `vast.all`, `vast.map`.
final class TasksModule: RuntimeModule {
    /// The type of `vast.task` objects.
    private(set) lazy var taskType = makeTaskType()
    let scopes = TaskScopes()
    private(set) lazy var unjoined = UnjoinedFailures { [weak runtime] in runtime?.jobs.tell($0, $1) }

    /// How many elements `vast.map` works on at a time.
    static let defaultConcurrency: Int64 = 8

    private func makeTaskType() -> LuaType<ScriptTask> {
        LuaType(
            "vast.task",
            methods: runtime.methods(.task),
            metamethods: [
                ("__index", bound { try $0.taskField($1) }),
                shown { module, call in
                    let task = try module.task(call).task
                    return "\(task.name ?? "task \(task.id)"): \(Self.word(task))"
                }
            ])
    }

    func cancel(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let task = try self.task(call).task
        unjoined.settle(task)
        host.cancel(task)
        return .values
    }

    private func taskField(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let task = try self.task(call).task
        switch call.argument(2).string {
        case "status": call.results.string(Self.word(task))
        case "name": call.results.string(task.name ?? "")
        case let name:
            throw VastError.invalidArgument(
                LuaSuggestion.unknown("field of a task", name ?? "?", among: ObjectDeclaration.task.names))
        }
        return .values
    }

    private static func word(_ task: LuaTask) -> String {
        switch task.state {
        case .ready, .running, .waiting: "running"
        case .finished: "done"
        case .failed: task.isCancelled ? "cancelled" : "failed"
        }
    }

    private func task(_ call: borrowing LuaCall) throws -> ScriptTask { try call.object(1, "task", taskType) }

    func spawn(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let function = try call.function(1, "fn").reference()
        let (place, count) = (call.position, call.count)
        let task = try host.spawn(function, name: "task" + (place.map { " at \($0)" } ?? ""), place: place) { writer in
            for position in stride(from: 2, through: count, by: 1) { writer.value(try call.argument(position).value()) }
        }
        scopes.adopt(task, into: scopes.scope(of: host.currentTask))
        task.onEnd = { [weak self] in self?.taskEnded($0) }
        call.results.object(ScriptTask(task) { [weak self] in self?.unjoined.tell(task) }, as: taskType)
        return .values
    }

    private func taskEnded(_ task: LuaTask) {
        scopes.end(task)
        guard let error = task.failure, !task.isCancelled else { return }
        if case .interrupted = error.kind { return }
        if error.kind == .invalidState { return }  // the state is closed, and the task has not run to its end
        unjoined.note(task, error)
    }

    func join(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let task = try self.task(call).task
        return call.join(task) { [self] call in
            unjoined.settle(task)
            return try call.returnResults(of: task)
        }
    }

    func all(_ call: borrowing LuaCall) throws -> LuaOutcome {
        var functions: [LuaReference] = []
        try call.table(1, "functions").forEachElement { position, element in
            guard element.kind == .function else {
                throw call.wrong(1, "functions", "function expected at \(position), got \(element.typeName)")
            }
            functions.append(try element.reference())
        }
        let (keys, place) = (functions.indices.map { Int64($0 + 1) }, call.position)
        return try ConcurrentRun(
            runtime, keys: keys, concurrency: max(1, functions.count), name: call.name,
            spawn: { [host] index, name in try host.spawn(functions[index], name: name, place: place) }
        ).begin(call)
    }

    func map(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let list = try call.table(1, "list")
        let function = try call.function(2, "fn").reference()
        var concurrency = Self.defaultConcurrency
        try call.options(3, "options") { _, value in
            guard let number = value.integer, number >= 1 else {
                throw call.wrong(3, "options", "concurrency is a whole number from 1")
            }
            concurrency = number
        }
        var (elements, keys) = ([LuaValue](), [Int64]())
        try list.forEachElement { position, element in
            elements.append(try element.value())
            keys.append(key(of: element, at: position))
        }
        let (values, place) = (elements, call.position)
        return try ConcurrentRun(
            runtime, keys: keys, concurrency: Int(min(concurrency, 1_000_000)), name: call.name,
            spawn: { [host] index, name in try host.spawn(function, name: name, place: place) { $0.value(values[index]) } }
        ).begin(call)
    }

    /// Under which key `results` of a `partial` has an element: an instance's id, a number, else its position.
    func key(of element: LuaView, at position: Int) -> Int64 {
        element.object(runtime.fleet.instanceType)?.instance.id.rawValue ?? element.integer ?? Int64(position)
    }
}
