package import FleetRules
package import FleetStore
internal import Synchronization
package import VastAPI
import VastJSON

/// Several orders that are one plan: judged together before the first of them is sent.
extension GuardMiddleware {
    /// Judges orders one after the other, each as if those before it had been made, and sends nothing.
    ///
    /// - Returns: the outcomes that single instances would have.
    /// - Throws: ``VastError`` of kind `guard` for the first that would be refused, and what reading raises.
    package func judge(_ orders: [ChangeOrder]) async throws -> [ChangeOutcomes] { try await rehearse(orders).map(\.outcomes) }

    /// Judges orders together and takes room for all of them, in this process and on disk, so that no other run takes it.
    /// The orders that come back are to be sent one by one, and to be handed to ``release(_:)`` in the end.
    ///
    /// - Throws: ``VastError`` of kind `guard`, with nothing sent.
    package func reserve(_ orders: [ChangeOrder]) async throws -> [ChangeOrder] {
        let judged = try await rehearse(orders).map(\.call)
        let now = clock.unixTime
        let reserved = zip(orders, judged).map { order, call in call.map { take(order, $0, at: now) } ?? order }
        let calls = judged.compactMap(\.self)
        var reservation = Reservation(judgedWith: calls.first?.others ?? OtherRuns())
        reservation.changes = zip(reserved, judged).compactMap { order, call in
            guard let call, let note = order.note else { return nil }
            return (order.only(call.order.ids).change, order.withdraws, note)
        }
        reservation.refusal = { others in calls.lazy.compactMap { $0.refusal(with: others) }.first }
        do {
            try await next.reserve(reserved, reservation)
        } catch {
            await release(reserved)
            throw VastError(refusing: error).sayingNothingWasSent
        }
        return reserved
    }

    /// Gives back what was reserved and not sent.
    package func release(_ orders: [ChangeOrder]) async {
        for order in orders { if let call = order.note?.call { ledger.release(call: call) } }
        await next.release(orders)
    }

    private func take(_ order: ChangeOrder, _ call: JudgedCall, at now: Double) -> ChangeOrder {
        let facts = Dictionary(call.order.ids.compactMap { id in call.fleet[id].map { (id, $0) } }) { first, _ in first }
        let entries = call.order.ids.map { GuardEntry(order.verb, $0, order.payload, facts: facts[$0]) }
        let number = ledger.admit(entries, scope: order.decision.scope, at: now) { _, _ in ((), true) }.call
        var order = order
        order.note = CallNote(call: number, line: order.decision.line, reasons: order.decision.reasons, before: facts)
        return order
    }

    /// - Returns: how each was judged; nil for one that has nothing to send.
    private func rehearse(_ orders: [ChangeOrder]) async throws -> [(call: JudgedCall?, outcomes: ChangeOutcomes)] {
        let last = LastJudged()
        let rehearsal = GuardMiddleware(Rehearsal(next), books: books.fork(), clock: clock, settings: settings) { last.call = $0 }
        _ = try rehearsal.limit(scriptLimits)
        var judged: [(call: JudgedCall?, outcomes: ChangeOutcomes)] = []
        for order in orders {
            last.call = nil
            let outcomes = await rehearsal.change(order)
            if let error = outcomes.endedBy { throw error.sayingNothingWasSent }
            judged.append((last.call, outcomes))
        }
        return judged
    }
}

/// Where a rehearsal leaves how it has judged.
private final class LastJudged: Sendable {
    private let value = Mutex<JudgedCall?>(nil)

    var call: JudgedCall? {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

/// The end of a chain that only judges: reads are real, every change is taken as made.
private struct Rehearsal: FleetService {
    private let next: any FleetService

    init(_ next: any FleetService) { self.next = next }

    func list(_ query: ListQuery) async throws -> FleetSnapshot { try await next.list(query) }

    func show(_ id: InstanceID) async throws -> Instance? { try await next.show(id) }

    func user() async throws -> User { try await next.user() }

    func request(_ order: RequestOrder) async throws -> JSON? { nil }

    func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        var outcomes = ChangeOutcomes(order.ids)
        for id in order.ids { outcomes.set(id, .accepted) }
        return outcomes
    }
}
