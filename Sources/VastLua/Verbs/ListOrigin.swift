import LuaEngine
import VastAPI

/// How a script has come by a list of instances: what a verb that interrupts takes it for where the ids alone do not tell.
enum ListOrigin: Comparable, CaseIterable {
    /// It has named their ids.
    case ids
    /// By a query that could leave instances out, whether or not it did.
    case condition
    /// By a query that could leave nothing out.
    case everything
}

extension Query {
    /// Where its results come from.
    var origin: ListOrigin {
        if serverFilter.ids != nil { return .ids }
        return isRestricted ? .condition : .everything
    }
}

extension FleetModule {
    func makeListTypes() -> [ListOrigin: LuaTableType] {
        Dictionary(uniqueKeysWithValues: ListOrigin.allCases.map { ($0, makeListType()) })
    }

    /// Where a list comes from; nil for what is no list of `vast`.
    func origin(of view: LuaView) -> ListOrigin? {
        guard view.kind == .table else { return nil }
        return listTypes.first { view.isTable(of: $0.value) }?.key
    }

    /// Where the list comes from that a method is called on; the script may have put a table together itself.
    func origin(_ call: borrowing LuaCall, _ position: Int = 1) -> ListOrigin { origin(of: call.argument(position)) ?? .condition }
}
