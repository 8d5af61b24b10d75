package import VastModels

/// Decides whether a call may go ahead: on its final list, before anything of it is sent. Pure values, no I/O.
package struct Guard: Sendable {
    /// What is to become of a call.
    package enum Verdict: Sendable, Equatable {
        case allowed
        /// It cannot be judged before these instances have been read.
        case needsInstances([InstanceID])
        /// It cannot be judged before the whole fleet has been read.
        case needsFleet
        case refused(GuardRefusal)
    }

    /// The limits that it judges by.
    package var rules: GuardRules

    /// A guard knows nothing but its rules: the fleet and what counts so far come with each call.
    package init(_ rules: GuardRules) {
        self.rules = rules
    }

    /// Judges a call.
    ///
    /// - Parameters:
    ///   - order: what is asked; instances with a freeze label are taken out before (``FreezeLabel``).
    ///   - fleet: what is known of the fleet.
    ///   - run: what counts in this run so far.
    ///   - hour: what counts in the account's last hour so far, this run's own included.
    package func judge(_ order: GuardOrder, fleet: GuardFleet, run: [GuardEntry], hour: [GuardEntry]) -> Verdict {
        if order.isCompensation || order.count == 0 { return .allowed }
        let unknown = order.ids.filter { fleet[$0] == nil }
        if !unknown.isEmpty, !fleet.isWhole { return .needsInstances(unknown) }
        if let refusal = permission(order, fleet) { return .refused(refusal) }
        let scopes = [
            GuardScope(name: "in this run", entries: run, fleet: fleet),
            GuardScope(name: "in the last hour", entries: hour, fleet: fleet)
        ]
        let judgements = scopes.flatMap { judge(order, fleet, in: $0) } + [keepAtLeast(order, fleet)]
        if judgements.contains(where: \.needsFleet) { return .needsFleet }
        return refusal(judgements.compactMap(\.objection), order, fleet).map { .refused($0) } ?? .allowed
    }

    private func judge(_ order: GuardOrder, _ fleet: GuardFleet, in scope: GuardScope) -> [GuardJudgement] {
        let caps = GuardCaps(rules: rules, order: order, fleet: fleet, scope: scope)
        return caps.numbers + [caps.changes, caps.fraction, caps.rateAdded, caps.rateInterrupted, caps.gpusInterrupted]
    }

    private func keepAtLeast(_ order: GuardOrder, _ fleet: GuardFleet) -> GuardJudgement {
        let turnedOff = order.ids(in: fleet, where: \.turnsOff)
        guard !turnedOff.isEmpty, let bound = rules.bound(.keepAtLeast) else { return .fine }
        guard fleet.isCountable else { return bound.value > 0 ? .unknown : .fine }
        let on = fleet.on
        let left = on.subtracting(turnedOff).count
        guard left < on.count, Double(left) < bound.value else { return .fine }
        return .against(
            .keepAtLeast, "\(left) of \(on.count) would stay on, at least \(GuardNumber.text(bound.value)) must", bound,
            wanted: Double(left))
    }

    // MARK: what is not done at all

    private func permission(_ order: GuardOrder, _ fleet: GuardFleet) -> GuardRefusal? {
        protected(order, fleet) ?? forbidden(order, fleet) ?? unconfirmed(order, fleet)
    }

    private func protected(_ order: GuardOrder, _ fleet: GuardFleet) -> GuardRefusal? {
        let reasons = order.ids(in: fleet, where: { !$0.isAllowedOnProtected }).compactMap { id -> (id: InstanceID, why: String)? in
            rules.protect.reason(id, label: fleet[id]?.label).map { (id, $0) }
        }
        guard let first = reasons.first else { return nil }
        let text =
            "\(reasons.count) of \(order.verb.counted(order.count)) asked \(reasons.count == 1 ? "is" : "are") "
            + "protected (\(first.why)\(reasons.contains { $0.why != first.why } ? ", …" : ""))"
        return GuardRefusal(
            objections: [.init(rule: "protect", text: text, remedy: .advice("leave them out of the list"))],
            matched: reasons.map { Self.name($0.id, fleet) })
    }

    private func forbidden(_ order: GuardOrder, _ fleet: GuardFleet) -> GuardRefusal? {
        guard let permission = order.verb.rules.permission, !rules.allows(permission) else { return nil }
        let source = rules.forbidder(of: permission)
        let setting = GuardRemedy.Setting.permission(permission)
        let remedy: GuardRemedy = if case .ceiling = source { .ceiling(setting, name: source.text) } else { .own(setting) }
        return refusal(
            [
                .init(
                    rule: permission.rawValue, text: "\(order.verb.counted(order.count)) asked, not allowed (\(source.text))",
                    remedy: remedy)
            ], order, fleet)
    }

    private func unconfirmed(_ order: GuardOrder, _ fleet: GuardFleet) -> GuardRefusal? {
        guard order.verb.rules.needsConfirmation else { return nil }
        let missing = order.ids.filter { !order.confirmed.contains($0) }
        guard !missing.isEmpty else { return nil }
        let ids = missing.map(\.description)
        let list = ids.prefix(8).joined(separator: ", ") + (ids.count > 8 ? ", …" : "")
        return GuardRefusal(
            objections: [
                .init(
                    rule: "confirm", text: "\(order.verb.counted(missing.count)) asked without confirming the id",
                    remedy: .advice("vast.\(order.verb.rawValue)(…, {confirm = \(ids.count == 1 ? list : "{\(list)}")})"))
            ], matched: missing.map { Self.name($0, fleet) })
    }

    private func refusal(
        _ objections: [GuardRefusal.Objection], _ order: GuardOrder, _ fleet: GuardFleet
    ) -> GuardRefusal? {
        guard !objections.isEmpty else { return nil }
        // Run and hour often object to the same: once is enough.
        var seen: Set<String> = []
        return GuardRefusal(
            objections: objections.filter { seen.insert($0.rule).inserted }, matched: order.ids.map { Self.name($0, fleet) })
    }

    private static func name(_ id: InstanceID, _ fleet: GuardFleet) -> String { fleet[id]?.name ?? "\(id)" }
}
