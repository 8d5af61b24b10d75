import FleetRules
import LuaEngine
import VastAPI

/// Who wants to know what happens to the fleet, and the job that reads it for them.
///
/// Every whole reading counts, whoever asked for it: what it shows is told once.
final class FleetPoller: RuntimeModule {
    /// One function of the script and the events that it wants.
    final class Subscription {
        let event: String
        let function: LuaReference
        fileprivate(set) var isCancelled = false

        init(_ event: String, _ function: LuaReference) {
            self.event = event
            self.function = function
        }
    }

    static let creditEvent = "credit"
    static let events = FleetChange.Event.allCases.map(\.rawValue) + [creditEvent]
    static let jobName = "vast.on"
    static let interval = Duration.seconds(60)

    private var subscriptions: [Subscription] = []
    private var job: Job?
    /// The last account that was read, for `credit`.
    private var account: User?

    /// - Throws: `LuaError` of kind `memory`.
    func add(_ subscription: Subscription) throws {
        subscriptions.append(subscription)
        guard job == nil else { return }
        let function = try runtime.host.build { writer in
            writer.function(Self.jobName, bound { try $0.read($1) })
        }
        // A script that runs its jobs once has but one reading: what it saw last time is the other.
        if runtime.jobs.mode == .once, let earlier = try runtime.memory?.lastFleet() { runtime.fleet.memory.resume(from: earlier) }
        let job = Job(
            name: Self.jobName, specification: "every \(DurationFormat.format(Self.interval))", trigger: .every(Self.interval),
            function: function, startsNow: true)
        self.job = job
        job.isLook = true
        try runtime.jobs.add(job)
    }

    func cancel(_ subscription: Subscription) {
        subscription.isCancelled = true
        subscriptions.removeAll { $0 === subscription }
        guard subscriptions.isEmpty, let job else { return }
        self.job = nil
        runtime.jobs.cancel(job)
    }

    private func wants(_ event: String) -> Bool { subscriptions.contains { $0.event == event } }

    // MARK: reading

    /// The job: one reading of the whole fleet, and of the account when somebody wants to know of it.
    private func read(_ call: borrowing LuaCall) throws -> LuaOutcome {
        try runtime.fleet.read(call, Query()) { [self] call, _ in
            guard wants(Self.creditEvent) else { return .values }
            let service = try runtime.service()
            return call.wait(for: { try await service.user() }) { [self] _, user in
                note(user)
                return .values
            }
        }
    }

    /// Tells what a reading of the fleet has shown.
    func note(_ changes: [FleetChange]) {
        for change in changes {
            if change.event == .notFollowed {
                runtime.logger.warning("not followed: \(change.now.map { "\($0)" } ?? "\(change.id)"): \(change.why ?? "")")
            }
            tell(change.event.rawValue) { [runtime] in runtime.events.write(change, $0) }
        }
    }

    private func note(_ user: User) {
        defer { account = user }
        guard let account, let old = account.credit, let new = user.credit, old != new else { return }
        tell(Self.creditEvent) { [runtime] writer in
            writer.table(fields: 5) {
                writer.field("event") { writer.string(Self.creditEvent) }
                writer.field("before") { runtime.fleet.write(account, writer) }
                writer.field("now") { runtime.fleet.write(user, writer) }
                writer.field("at") { writer.number(runtime.now) }
                writer.field("by") { writer.string(FleetChange.Author.unknown.rawValue) }
            }
        }
    }

    private func tell(_ event: String, _ write: (LuaWriter) throws -> Void) {
        for subscription in subscriptions where subscription.event == event {
            runtime.jobs.run(subscription.function, name: "vast.on \(event)", arguments: write)
        }
    }
}
