import LuaEngine
import VastAPI

/// What a verb is given: an id, an instance, or a list of either; duplicates go once.
struct Targets {
    private(set) var ids: [InstanceID] = []
    /// The snapshots that were handed in; a bare id has none.
    private(set) var snapshots: [InstanceID: Instance] = [:]
    /// Whether it was one id or instance and no list.
    private(set) var isSingle = false
    /// Whether it is the result of a query that left nothing out.
    private(set) var isUnrestricted = false

    /// - Throws: `LuaArgumentError` for nil and everything else that is no target.
    init(_ call: borrowing LuaCall, _ position: Int, runtime: Runtime) throws {
        let argument = call.argument(position)
        if argument.kind == .table {
            isUnrestricted = argument.isTable(of: runtime.fleet.unrestrictedListType)
            var failure: LuaArgumentError?
            try argument.forEachElement { index, element in
                guard failure == nil else { return }
                failure =
                    add(element, runtime)
                    ? nil
                    : call.wrong(
                        position, "target", "instance or id expected at element \(index), got \(Self.show(element))")
            }
            if let failure { throw failure }
            try Self.refuseHoles(call, position, count: argument.length)
        } else {
            isSingle = true
            guard add(argument, runtime) else {
                throw call.wrong(position, "target", "instance, id or list expected, got \(Self.show(argument))")
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

    private var seen = Set<InstanceID>()

    private mutating func note(_ id: InstanceID) {
        if seen.insert(id).inserted { ids.append(id) }
    }

    private static func show(_ view: LuaView) -> String {
        if let number = view.number { return "\(number)" }
        return view.typeName
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
