import FleetRules
import LuaEngine
import VastAPI

/// `vast.on` and `vast.changes`.
final class EventsModule: RuntimeModule {
    private(set) lazy var subscriptionType = makeSubscriptionType()
    private(set) lazy var poller = FleetPoller(runtime)
    /// Whether the next run will want to know what the fleet looked like.
    private(set) var keepsFleet = false

    func on(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let event = try call.string(1, "event")
        guard FleetPoller.events.contains(event) else {
            throw call.wrong(1, "event", LuaSuggestion.unknown("event", event, among: FleetPoller.events))
        }
        let subscription = FleetPoller.Subscription(event, try call.function(2, "fn").reference())
        keepsFleet = true
        try poller.add(subscription)
        call.results.object(subscription, as: subscriptionType)
        return .values
    }

    private func makeSubscriptionType() -> LuaType<FleetPoller.Subscription> {
        LuaType(
            "vast.subscription",
            methods: runtime.methods(.subscription), metamethods: [ObjectDeclaration.subscription.absence])
    }

    func cancel(_ call: borrowing LuaCall) throws -> LuaOutcome {
        poller.cancel(try call.object(1, "subscription", subscriptionType))
        return .values
    }

    /// Reads the fleet, and compares it with what the script's last run saw.
    func changes(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let earlier = try runtime.memory?.lastFleet()
        keepsFleet = true
        return try runtime.fleet.read(call, Query()) { [self] call, rows in
            var history = FleetHistory()
            if let earlier { _ = history.note(earlier) }
            let changes = history.note(rows)
            call.results.openTable(array: changes.count)
            for (index, change) in changes.enumerated() {
                call.results.element(index + 1) { write(change, call.results) }
            }
            return .values
        }
    }

    func write(_ change: FleetChange, _ writer: LuaWriter) {
        writer.table(fields: 8, like: "vast.Change", runtime.types) {
            writer.field("event") { writer.string(change.event.rawValue) }
            writer.field("id") { writer.integer(change.id.rawValue) }
            if let before = change.before { writer.field("before") { runtime.write(before, writer) } }
            if let instance = change.now { writer.field("now") { runtime.write(instance, writer) } }
            writer.field("at") { writer.number(change.now?.observedAt.timeIntervalSince1970 ?? now) }
            writer.field("by") { writer.string(change.event == .notFollowed ? change.by.rawValue : author(of: change).rawValue) }
            if let verb = change.verb { writer.field("verb") { writer.string(verb.rawValue) } }
            if let why = change.why { writer.field("why") { writer.string(why) } }
        }
    }

    /// Ours when this run has sent such a change since the snapshot before. Of what the service or the market can do by
    /// itself nobody knows who did it, nor of what happened while nobody looked.
    private func author(of change: FleetChange) -> FleetChange.Author {
        if change.event == .contractEnding { return .unknown }
        guard let before = change.before else { return .other }
        let since = before.observedAt.timeIntervalSince1970
        let isOurs = runtime.ledger.changes(of: change.id).contains { own in
            switch own.verb.aspect {
            case .label: change.event == .label && own.time >= since
            case .state: change.event != .label && own.time >= since
            // A cut parks an instance, and a raise brings it back, some time later.
            case .price: change.event != .label && own.time >= since - Self.parkingTime
            default: false
            }
        }
        if isOurs { return .us }
        switch change.event {
        case .dead, .offline: return .unknown
        default: return since >= runtime.startedAt ? .other : .unknown
        }
    }

    /// How long it may take until the fleet shows what a changed bid does, in seconds.
    private static let parkingTime = 60.0
}
