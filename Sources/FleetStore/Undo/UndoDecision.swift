package import FleetRules
import FleetClock
import VastModels

/// What undoing the changes of one aspect of one instance takes.
struct UndoDecision {
    enum Outcome {
        case step(UndoPlan.Step)
        case lost(UndoPlan.Remark)
        case unneeded(UndoPlan.Remark)
    }

    private let first: JournalChange
    private let last: JournalChange
    private let changes: [JournalChange]
    private let row: Instance?
    private let isWhole: Bool
    private let now: Double

    /// - Parameter changes: at least one, in their order.
    init(_ changes: [JournalChange], _ snapshot: FleetSnapshot, now: Double) {
        self.changes = changes
        first = changes[0]
        last = changes[changes.count - 1]
        row = snapshot[first.instance]
        isWhole = snapshot.isAuthoritative
        self.now = now
    }

    /// nil when there is nothing to undo and nothing to say.
    var outcome: Outcome? {
        for change in changes { if let why = change.verb.rules.whyFinal { return lost(change, why) } }
        guard let row else { return lost(last, isWhole ? "the instance is gone" : "the instance was not read") }
        if let kind = last.verb.rules.payload { return value(row, kind) }
        // A reboot leaves things as they were, apart from what ran.
        let switches = changes.filter { $0.verb.rules.switchesTo != nil }
        guard let from = switches.first, let to = switches.last else { return lost(last, "what a reboot interrupted does not come back") }
        return state(row, from, to)
    }

    /// Puts back what a verb has set.
    private func value(_ row: Instance, _ kind: ChangePayload.Kind) -> Outcome {
        let rules = last.verb.rules
        guard let before = first.before.flatMap(rules.present) else { return lost(last, "what the \(kind) was before is not known") }
        guard let now = rules.present(InstanceFacts(row)) else { return lost(last, "what the \(kind) is now is not known") }
        if now == before { return unneeded(last, "the \(kind) is \(before.shown) as before") }
        guard changes.contains(where: { $0.payload == now }) else {
            return lost(last, "changed since by someone else: the run set \(last.payload?.shown ?? "nothing"), now it is \(now.shown)")
        }
        return step(last.verb, row, before)
    }

    private func state(_ row: Instance, _ from: JournalChange, _ to: JournalChange) -> Outcome? {
        // Without knowledge of before, a stop was of something that ran.
        let wasWanted = from.before.map { $0.isWanted ?? $0.isOn } ?? (from.verb.rules.switchesTo == false)
        guard let intended = row.intendedStatus else { return lost(to, "its intended status is not known") }
        let isWanted = intended == "running"
        if isWanted, from.before?.state == .outbid {
            return unneeded(to, "it was outbid, and would run as soon as its bid wins; stop it if it shall not")
        }
        if isWanted == wasWanted {
            return wasWanted == to.verb.rules.switchesTo ? nil : unneeded(to, "it is \(row.state.rawValue): it was put back since")
        }
        // Of several changes the last one may have come to nothing: what the row shows is of one of them.
        guard changes.contains(where: { $0.verb.rules.switchesTo == isWanted }) else {
            return lost(to, "changed since by someone else: it is \(row.state.rawValue)")
        }
        guard wasWanted else { return step(.stop, row) }
        if let end = InstanceFacts(row).endDate, end <= now {
            return lost(to, "its contract ended \(DurationFormat.format(Duration(clampingSeconds: now - end))) ago")
        }
        return step(.start, row)
    }

    private func step(_ verb: Change.Verb, _ row: Instance, _ payload: ChangePayload? = nil) -> Outcome {
        .step(
            UndoPlan.Step(
                verb: verb, facts: InstanceFacts(row), payload: payload, risks: risks(verb, InstanceFacts(row), payload),
                reason: "undo of \(last.verb.rawValue) by run \(last.run)"))
    }

    /// The bid of what was on before its bid was cut comes back; the instance does so when the market wants.
    private func risks(_ verb: Change.Verb, _ now: InstanceFacts, _ payload: ChangePayload?) -> [ChangeRisk] {
        let risks = verb.rules.risks(now, payload, ChangeRisk.Circumstances(now: self.now))
        let wasOn = first.before?.isOn == true
        guard verb.aspect == .price, wasOn, !now.isOn, !risks.contains(.offUntilBidWins) else { return risks }
        return risks + [.offUntilBidWins]
    }

    private func lost(_ change: JournalChange, _ why: String) -> Outcome { .lost(remark(change, why)) }

    private func unneeded(_ change: JournalChange, _ why: String) -> Outcome { .unneeded(remark(change, why)) }

    private func remark(_ change: JournalChange, _ why: String) -> UndoPlan.Remark {
        UndoPlan.Remark(id: change.instance, name: row.map { InstanceFacts($0).name } ?? change.name, verb: change.verb, why: why)
    }
}
