import LuaEngine
import VastAPI

/// A verb that interrupts refuses a list that turns out to be the whole fleet, unless the script says that it may be.
///
/// What counts is who is in the list, compared with the fleet as it was read last: not how the list was made.
struct WholeFleetCheck {
    let verb: Change.Verb
    let payload: ChangePayload?
    let targets: Targets

    /// Whether there is anything to look at. Ids that a script names are what it means.
    var isNeeded: Bool {
        guard !targets.isSingle, targets.origin != .ids, !targets.ids.isEmpty else { return false }
        return targets.ids.contains { id in
            let facts = targets.snapshots[id].map { InstanceFacts($0) }
            return facts.map { verb.rules.isApplicable(to: $0) } ?? true && verb.rules.effect(payload, on: facts).interrupts
        }
    }

    /// Whether the fleet has to be read first, since it was not when the list was: the service has filtered the list.
    func needsReading(_ fleet: FleetMemory) -> Bool {
        targets.isOfQuery && fleet.whole.map { $0.readAt < newest } ?? true
    }

    /// When the newest of the snapshots was read, in Unix seconds.
    private var newest: Double { targets.snapshots.values.map(\.observedAt.timeIntervalSince1970).max() ?? 0 }

    /// - Throws: `VastError` of kind `guard` where nobody of the fleet is left out.
    func refuseWholeFleet(_ fleet: FleetMemory) throws {
        guard let whole = fleet.whole, whole.readAt >= newest, !whole.ids.isEmpty, whole.ids.isSubset(of: targets.ids) else { return }
        // The only instance there is may be just the one that was asked for.
        guard whole.ids.count > 1 || targets.origin == .everything else { return }
        throw targets.refusal(
            "\(verb.rawValue) of the whole fleet (\(targets.ids.count) instance\(targets.ids.count == 1 ? "" : "s")): the "
                + "\(targets.isOfQuery ? "query" : "list") left nothing out. Nothing was sent; {all = true} allows it")
    }
}

extension VerbsModule {
    /// Goes on when a verb may be done to all that it was asked for; see ``WholeFleetCheck``.
    func check(_ check: WholeFleetCheck, _ call: borrowing LuaCall, then body: @escaping LuaBinding) throws -> LuaOutcome {
        guard check.isNeeded else { return try body(call) }
        guard check.needsReading(runtime.fleet.memory) else {
            try check.refuseWholeFleet(runtime.fleet.memory)
            return try body(call)
        }
        return call.wait(for: try runtime.fleet.reading(.all, about: check.targets.subject)) { [self] call, snapshot in
            _ = runtime.fleet.note(snapshot)
            try check.refuseWholeFleet(runtime.fleet.memory)
            return try body(call)
        }
    }
}
