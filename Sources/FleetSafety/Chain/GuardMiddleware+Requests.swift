package import FleetRules
package import FleetStore
package import VastAPI
package import VastJSON

/// Requests that scripts write themselves. One that is a verb takes the verb's way; another one that writes needs a
/// permission, and is written down and counted all the same.
extension GuardMiddleware {
    package func request(_ order: RequestOrder) async throws -> JSON? {
        let known = try KnownRequest(order.method, path: order.path, query: order.query, body: order.body)
        guard let change = known.change else { return try await next.request(order) }
        guard change.verb == .other else { return try await perform(change, order) }
        return try await send(order, change)
    }

    /// - Throws: what the verb raises.
    private func perform(_ change: Change, _ order: RequestOrder) async throws -> JSON? {
        var verb = ChangeOrder(change.verb, change.instances, change.payload)
        (verb.confirmed, verb.decision) = (order.confirmed, order.decision)
        let outcomes = await self.change(verb)
        if let error = outcomes.failure(of: change.verb, isSingle: change.instances.count == 1) { throw error }
        return Self.success
    }

    /// What the service says to a change that it has accepted.
    private static let success = try? JSONDocument(parsing: #"{"success":true}"#).root

    private func send(_ order: RequestOrder, _ change: Change) async throws -> JSON? {
        let now = clock.unixTime
        var change = change
        let judged: JudgedCall
        let facts: [InstanceID: InstanceFacts]
        do {
            if let freeze = settings.freeze?.current(at: now) { throw freeze.refusal(at: now) }
            try await read(change.instances, at: now)
            // Nobody knows what it does, and to how many.
            if let refusal = settings.sanity.refusal(usesUtilization: order.decision.usesUtilization, usesCounts: true) { throw refusal }
            facts = books.facts(of: change.instances)
            // The other numbers in it are no instances of ours.
            change.instances.removeAll { facts[$0] == nil }
            if let id = FreezeLabel.frozen(change.instances, facts).first, let frozen = facts[id] { throw FreezeLabel.refusal(frozen) }
            judged = try await judge(GuardOrder(.other, change.instances, confirmed: order.confirmed), order.decision)
        } catch {
            var refused = ChangeOrder(.other, change.instances.isEmpty ? [0] : change.instances)
            refused.decision = order.decision
            let outcomes = ChangeOutcomes(refused.ids, endedBy: VastError(refusing: error))
            ledger.record(refused, outcomes, facts: books.facts(of: refused.ids), at: now)
            throw raised(outcomes, by: order)
        }
        var sent = order
        if change.instances.isEmpty { change.instances = [0] }
        var noted = ChangeOrder(.other, change.instances)
        noted.decision = order.decision
        var note = CallNote(call: judged.number, line: order.decision.line, reasons: order.decision.reasons, before: facts)
        note.reservation = Reservation(changes: [(change, false, nil)], judgedWith: judged.others, refusal: { judged.refusal(with: $0) })
        (noted.note, sent.note) = (note, note)
        ledger.reserve(noted, call: judged.number, facts: facts, at: now)
        var outcomes = ChangeOutcomes(noted.ids)
        defer {
            // What it has done is not known.
            if !outcomes.isNothingSent { books.knowledge.doubt(noted.ids) }
            ledger.note(noted, outcomes, call: judged.number, facts: facts, at: clock.unixTime)
        }
        do {
            let answer = try await next.request(sent)
            for id in noted.ids { outcomes.set(id, .accepted) }
            return answer
        } catch {
            let error = VastError(refusing: error)
            for id in noted.ids { outcomes.set(id, .init(error)) }
            throw raised(outcomes, by: order)
        }
    }

    /// One failure is about the whole request, and about each instance in it.
    private func raised(_ outcomes: ChangeOutcomes, by order: RequestOrder) -> VastError {
        let failures = outcomes.inOrder.compactMap { failure in failure.outcome.error.map { (failure.id, $0) } }
        var error = failures.first?.1 ?? VastError(.server, "the request failed")
        if outcomes.isNothingSent { error = error.sayingNothingWasSent }
        error.request = error.request ?? "\(order.method.rawValue) \(order.path)"
        error.instance = failures.count == 1 ? failures.first?.0 : nil
        if error.instance == 0 { error.instance = nil }
        error.results = failures.count > 1 ? outcomes.results : [:]
        return error
    }
}
