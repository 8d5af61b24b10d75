import FleetRules
import FleetStore
import VastAPI

/// How a call is judged, and counted when it is let through.
extension GuardMiddleware {
    /// Judges a call, counts it, and makes what goes with its requests.
    func admit(_ order: ChangeOrder, _ known: [InstanceID: InstanceFacts]) async throws -> ChangeOrder {
        let facts = order.verb == .start ? await beforeStarts(known) : known
        // It was judged with the others of its plan.
        if let note = order.note {
            ledger.reserve(order, call: note.call, facts: facts, at: clock.unixTime)
            return order
        }
        let judged = try await judge(GuardOrder(order.verb, order.ids, order.payload, confirmed: order.confirmed), order.decision)
        onJudged?(judged)
        var order = order
        var note = note(order, call: judged.number, facts)
        note.reservation = Reservation(
            changes: [(order.change, order.withdraws, nil)], judgedWith: judged.others,
            refusal: { judged.refusal(with: $0) })
        order.note = note
        ledger.reserve(order, call: judged.number, facts: facts, at: clock.unixTime)
        return order
    }

    /// How far back starts of other runs are looked for, in seconds.
    private static let startMemory = 600.0

    /// Facts as they were before starts that are on their way, ours and those of other runs: that such an instance is wanted is no
    /// wish that a start of ours would have to keep when it is taken back.
    private func beforeStarts(_ known: [InstanceID: InstanceFacts]) async -> [InstanceID: InstanceFacts] {
        let facts = ledger.beforeStarts(known)
        let wanted = facts.values.filter { $0.intendedStatus == "running" && !$0.isOn }.map(\.id)
        guard !wanted.isEmpty, let others = try? await settings.others(clock.unixTime - Self.startMemory) else { return facts }
        var copy = facts
        for id in wanted where others.takenBack.contains(id) { copy[id]?.intendedStatus = "stopped" }
        return copy
    }

    /// - Throws: ``VastError`` of kind `guard`, and what reading raises.
    func judge(_ order: GuardOrder, _ decision: Decision) async throws -> JudgedCall {
        var hasReadFleet = false
        while true {
            let (verdict, judged) = try await verdict(order, decision.scope)
            switch verdict {
            case .allowed: return judged
            case .refused(let refusal):
                guard case .tell(let tell) = settings.mode else { throw refusal.error(in: settings.place) }
                tell(refusal)
                return judged
            case .needsFleet, .needsInstances:
                guard !hasReadFleet else {
                    throw settings.sanity.refusal(usesUtilization: decision.usesUtilization, usesCounts: true)
                        ?? JudgedCall.unjudgeable(order)
                }
                hasReadFleet = true
                _ = try await list(.all)
                if let refusal = settings.sanity.refusal(usesUtilization: decision.usesUtilization) { throw refusal }
            }
        }
    }

    private func verdict(_ order: GuardOrder, _ scope: UInt64) async throws -> (Guard.Verdict, JudgedCall) {
        let now = clock.unixTime
        var judged = JudgedCall(
            judge: Guard(state.withLock { $0.rules }), order: order,
            fleet: books.fleet(at: now, acceptsIncomplete: settings.sanity.acceptsIncomplete),
            others: try await settings.others(now - 3_600), place: settings.place)
        let entries = (order.ids.isEmpty ? [0] : order.ids).map { GuardEntry(order.verb, $0, order.payload, facts: judged.fleet[$0]) }
        let (verdict, number) = ledger.admit(entries, scope: scope, at: now) { run, hour in
            (judged.run, judged.hour) = (run, hour)
            let verdict = judged.verdict(with: judged.others.entries)
            return (verdict, isAdmitted(verdict))
        }
        judged.number = number
        return (verdict, judged)
    }

    private func isAdmitted(_ verdict: Guard.Verdict) -> Bool {
        switch (verdict, settings.mode) {
        case (.allowed, _), (.refused, .tell): true
        case (.refused, .refuse), (.needsFleet, _), (.needsInstances, _): false
        }
    }
}
