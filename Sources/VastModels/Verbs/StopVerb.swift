import VastJSON

/// `vast.stop`: the GPUs are given back, and the storage goes on billing.
struct StopVerb: ChangeVerb {
    let name = "stop"
    let past = "stopped"
    let endsBilling = true
    let resending = ResendRule.whileUnchanged
    let switchesTo: Bool? = false

    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect { interruption(under: .maxStops, turnsOff: true) }

    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint? { .setState(.stopped, of: id) }

    func recognise(_ request: RequestShape) -> Change? {
        request.state == .string("stopped") ? request.ids.map { Change(.stop, $0) } : nil
    }

    func perform(
        _ operations: any VerbOperations, _ ids: [InstanceID], _ payload: ChangePayload?, _ unavailable: UnavailableRule
    ) async -> ChangeOutcomes { await operations.stop(ids) }

    /// One that would come up by itself, queued or interruptible, is never stopped enough.
    func isSatisfied(_ facts: InstanceFacts, _ payload: ChangePayload?) -> Bool {
        facts.state == .stopped && facts.isInterruptible == false
    }

    func isUnderWay(_ row: Instance) -> Bool { row.state == .stopping || isSatisfied(InstanceFacts(row), nil) }

    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool { row.intendedStatus == "stopped" }

    /// The rows of what was outbid and of what was stopped are the same, and only what was stopped stays so (Vast API contract, part
    /// 2, section C).
    func isProvable(from intendedStatus: String?, isInterruptible: Bool?) -> Bool {
        intendedStatus != "stopped" || isInterruptible == false
    }

    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool {
        guard let row else { return true }
        // What is wanted on and outbid is off, and comes back by itself.
        return row.intendedStatus != "running" && row.billing != .gpu && [.stopped, .outbid, .failed].contains(row.state)
    }

    func evidence(in row: Instance, _ payload: ChangePayload?) -> ChangeEvidence { .ofSwitch(row, isApplied: isAccepted(by: row, nil)) }

    func overlay(on row: Instance, _ payload: ChangePayload?) -> JSONObject {
        row.switched(to: "stopped", actual: "exited", rate: row.rateOff)
    }

    func changed(_ facts: InstanceFacts, _ payload: ChangePayload?) -> InstanceFacts? {
        var facts = facts
        (facts.state, facts.intendedStatus) = (.stopped, "stopped")
        return facts
    }

    func rateAfter(_ row: Instance, _ payload: ChangePayload?) -> USDPerHour? { row.rateOff }

    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk] {
        let loss: ChangeRisk = facts.isInterruptible.map { $0 ? .losesBid : .gpuMayBeTaken } ?? .gpuOrBidMayBeLost
        return [loss] + ChangeRisk.ending(facts, circumstances) + [.diskKeepsBilling(facts.rateOff)] + ChangeRisk.refusals(circumstances)
    }
}
