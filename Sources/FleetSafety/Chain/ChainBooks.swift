package import FleetRules
package import VastAPI

/// What a chain judges by: what readings have shown, and what was changed. A chain that only plans has books of its own,
/// so that nothing planned changes what is allowed.
package struct ChainBooks: Sendable {
    /// What the readings have shown of the fleet.
    package let knowledge: FleetKnowledge
    /// What was changed, and what counts against limits.
    package let ledger: ChangeLedger
    let outbid: OutbidTracker

    /// Empty books: nothing was read and nothing changed.
    package init() {
        self.init(FleetKnowledge(), ChangeLedger(), OutbidTracker())
    }

    private init(_ knowledge: FleetKnowledge, _ ledger: ChangeLedger, _ outbid: OutbidTracker) {
        (self.knowledge, self.ledger, self.outbid) = (knowledge, ledger, outbid)
    }

    /// Books that begin with what is in these, and go their own way.
    package func fork() -> ChainBooks { ChainBooks(knowledge.fork(), ledger.fork(), outbid.fork()) }

    /// The facts of some instances as far as they are known, with what we have made of them since they were read.
    package func facts(of ids: [InstanceID]) -> [InstanceID: InstanceFacts] {
        let known = knowledge.facts(of: ids)
        return known.compactMapValues { ledger.shown($0.facts, readAt: $0.readAt) }
    }

    /// The fleet as the guard sees it; whole when it was read whole not long ago.
    ///
    /// - Parameter acceptsIncomplete: whether it may count what a reading has shown that was not whole.
    func fleet(at now: Double, acceptsIncomplete: Bool = false) -> GuardFleet {
        let seen = knowledge.fleet(at: now, acceptsIncomplete: acceptsIncomplete)
        let changed = ledger.touched(since: seen.readAt ?? -.infinity)
        guard !changed.isEmpty else { return seen }
        let known = knowledge.facts(of: Array(changed))
        return seen.changed(known.mapValues { ledger.shown($0.facts, readAt: $0.readAt) })
    }
}
