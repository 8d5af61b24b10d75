import FleetRules
import FleetStore
import FleetClock
import VastAPI

/// What of a call has to be sent, by what is known of its instances.
extension GuardMiddleware {
    /// How many ids one request may ask for.
    private static let largestQuery = 300

    /// Takes out of a call what has no need to be sent, or must not be; what is left is judged as a whole.
    ///
    /// - Returns: what is known of all of them.
    func prepare(_ order: inout ChangeOrder, _ outcomes: inout ChangeOutcomes) async throws -> [InstanceID: InstanceFacts] {
        let now = clock.unixTime
        if let freeze = settings.freeze?.current(at: now) { throw freeze.refusal(at: now) }
        for id in destroyed(order) {
            outcomes.set(id, .satisfied)
            order.ids.removeAll { $0 == id }
        }
        try await read(order.ids, at: now)
        if let refusal = settings.sanity.refusal(usesUtilization: order.decision.usesUtilization) { throw refusal }
        for id in books.knowledge.absent(order.ids, at: clock.unixTime) {
            outcomes.set(
                id, .notSent(VastError(.notFound, "there is no instance \(id), as a complete list of the fleet shows", instance: id)))
            order.ids.removeAll { $0 == id }
        }
        var facts = books.facts(of: order.ids)
        var satisfied = satisfied(order, facts)
        // What is left out must be so now, not a minute ago, and a price is compared with the present one.
        if try await readAgain(order.payload?.kind == .price ? order.ids : satisfied, at: now) {
            if let refusal = settings.sanity.refusal(usesUtilization: order.decision.usesUtilization) { throw refusal }
            facts = books.facts(of: order.ids)
            satisfied = self.satisfied(order, facts)
        }
        try await refuse(&order, &outcomes, facts, at: now)
        satisfied.removeAll { !order.ids.contains($0) }
        for id in FreezeLabel.frozen(order.ids, facts) {
            if let frozen = facts[id] { outcomes.set(id, .notSent(FreezeLabel.refusal(frozen))) }
            order.ids.removeAll { $0 == id }
            satisfied.removeAll { $0 == id }
        }
        if !satisfied.isEmpty {
            for id in satisfied { outcomes.set(id, .satisfied) }
            var noted = order.only(satisfied)
            noted.note = note(order, call: ledger.newCall(), facts)
            next.noteSatisfied(noted)
            order.ids.removeAll(where: Set(satisfied).contains)
        }
        return facts
    }

    /// Those that this run has destroyed already, as far as no reading shows them since.
    private func destroyed(_ order: ChangeOrder) -> [InstanceID] {
        guard order.verb.rules.endsRental else { return [] }
        let shown = books.facts(of: order.ids)
        return order.ids.filter { id in
            shown[id] == nil && ledger.changes(of: id).contains { $0.verb.rules.endsRental && $0.isAccepted }
        }
    }

    /// Takes out what the verb itself does not allow on an instance.
    private func refuse(
        _ order: inout ChangeOrder, _ outcomes: inout ChangeOutcomes, _ facts: [InstanceID: InstanceFacts], at now: Double
    ) async throws {
        guard order.payload?.kind == .price else { return }
        let others = try await settings.others(now - Self.priceMemory).entries.filter { $0.verb == order.verb }
        for id in order.ids {
            let times =
                others.filter { $0.id == id }.map(\.time)
                + ledger.changes(of: id).filter { $0.verb == order.verb && $0.wasSent }.map(\.time)
            let bounds = ChangeBounds(highest: order.highest, sinceLast: times.max().map { max(0, now - $0) })
            let gone = VastError(.notFound, "instance \(id) is gone, or no reading shows it", instance: id)
            guard let error = facts[id].map({ order.verb.rules.refusal(order.payload, bounds, on: $0) }) ?? gone else { continue }
            outcomes.set(id, .notSent(error))
            order.ids.removeAll { $0 == id }
        }
    }

    /// How far back changes of prices are looked for, in seconds.
    private static let priceMemory = 600.0

    private func satisfied(_ order: ChangeOrder, _ facts: [InstanceID: InstanceFacts]) -> [InstanceID] {
        order.ids.filter { id in facts[id].map { order.verb.rules.isSatisfied($0, order.payload) } ?? false }
    }

    /// - Returns: whether some of them had to be read again.
    private func readAgain(_ ids: [InstanceID], at now: Double) async throws -> Bool {
        let old = ids.filter { !books.knowledge.unread([$0], since: max(now - Self.satisfiedFreshness, lastPrice(of: $0))).isEmpty }
        for start in stride(from: 0, to: old.count, by: Self.largestQuery) {
            _ = try await list(.ids(old[start..<min(start + Self.largestQuery, old.count)]))
        }
        return !old.isEmpty
    }

    /// When this run last set a price of an instance: one that is on may have lost its GPUs by it.
    private func lastPrice(of id: InstanceID) -> Double {
        ledger.changes(of: id).lazy.filter { $0.verb.aspect == .price && $0.wasSent }.map(\.time).max() ?? -.infinity
    }

    /// How old a reading may be by which nothing is sent, in seconds.
    private static let satisfiedFreshness = 5.0

    /// Reads instances before they are acted on; when some of them are not shown, the whole fleet.
    func read(_ ids: [InstanceID], at now: Double) async throws {
        let unknown = books.knowledge.unknown(ids, at: now)
        for start in stride(from: 0, to: unknown.count, by: Self.largestQuery) {
            _ = try await list(.ids(unknown[start..<min(start + Self.largestQuery, unknown.count)]))
        }
        guard !unknown.isEmpty, !books.knowledge.unknown(unknown, at: clock.unixTime).isEmpty else { return }
        _ = try await list(.all)
    }
}
