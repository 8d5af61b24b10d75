import LuaEngine
import VastAPI

/// What a verb is given: an id, an instance, or a list of either; duplicates go once.
struct Targets {
    private(set) var ids: [InstanceID] = []
    /// The snapshots that were handed in; a bare id has none.
    private(set) var snapshots: [InstanceID: Instance] = [:]
    /// Whether it was one id or instance and no list.
    private(set) var isSingle = false
    /// Where a list of them comes from.
    private(set) var origin = ListOrigin.ids
    /// Whether it is a list of `vast`, and no table that the script has put together.
    private(set) var isOfQuery = false

    /// - Throws: `LuaArgumentError` for nil and everything else that is no target.
    init(_ call: borrowing LuaCall, _ position: Int, runtime: Runtime) throws {
        let argument = call.argument(position)
        if argument.kind == .table {
            let origin = runtime.fleet.origin(of: argument)
            isOfQuery = origin != nil
            var failure: LuaArgumentError?
            try argument.forEachElement { index, element in
                guard failure == nil else { return }
                failure =
                    add(element, runtime)
                    ? nil
                    : call.wrong(
                        position, "target", "instance or id expected at element \(index), got \(element.shown)")
            }
            if let failure { throw failure }
            self.origin = origin ?? (snapshots.isEmpty ? .ids : .condition)
            try Self.refuseHoles(call, position, count: argument.length)
        } else {
            isSingle = true
            guard add(argument, runtime) else {
                throw call.wrong(position, "target", "instance, id or list expected, got \(argument.shown)")
            }
        }
    }

    private mutating func add(_ view: LuaView, _ runtime: Runtime) -> Bool {
        if let object = view.object(runtime.fleet.instanceType) {
            let id = object.instance.id
            note(id)
            snapshots[id] = object.instance
            return true
        }
        guard let id = view.integer, id > 0 else { return false }
        note(InstanceID(id))
        return true
    }

    /// Whom errors are about.
    var subject: CallSubject { CallSubject(ids: ids, isSingle: isSingle) }

    /// An error about all that was asked for.
    func refusal(_ message: String) -> VastError {
        var error = VastError(.guard, message, instance: isSingle ? ids.first : nil)
        error.results = ChangeOutcomes(ids, endedBy: error).results
        return error
    }

    private var seen = Set<InstanceID>()

    private mutating func note(_ id: InstanceID) {
        if seen.insert(id).inserted { ids.append(id) }
    }

    /// A table with names as keys, or with holes, is a mistake that would act on less than was meant.
    private static func refuseHoles(_ call: borrowing LuaCall, _ position: Int, count: Int) throws {
        var fields = 0
        try call.argument(position).forEachField { _, _ in fields += 1 }
        guard fields == count else {
            throw call.wrong(position, "target", "a list of instances or ids expected, got a table with other keys or holes")
        }
    }
}
