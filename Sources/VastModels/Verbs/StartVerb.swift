import VastJSON

/// `vast.start`: when the GPUs are rented to somebody else, the service queues it, and it may bill at any time later.
struct StartVerb: ChangeVerb {
    let name = "start"
    let past = "started"
    let boots = true
    let resending = ResendRule.whileWantedStopped
    let switchesTo: Bool? = true

    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect {
        var effect = ChangeEffect(caps: [.maxStarts])
        (effect.addsToBill, effect.rateAdded, effect.isAllowedOnProtected) = (true, facts?.rateAdded, true)
        return effect
    }

    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint? { .setState(.running, of: id) }

    func recognise(_ request: RequestShape) -> Change? {
        if request.route == Route(.post, "/api/v0/instances/start/") { return request.listed("IDs").map { Change(.start, $0) } }
        return request.state == .string("running") ? request.ids.map { Change(.start, $0) } : nil
    }

    func perform(
        _ operations: any VerbOperations, _ ids: [InstanceID], _ payload: ChangePayload?, _ unavailable: UnavailableRule
    ) async -> ChangeOutcomes { await operations.start(ids, unavailable: unavailable) }

    func isSatisfied(_ facts: InstanceFacts, _ payload: ChangePayload?) -> Bool { facts.state == .running }

    func isUnderWay(_ row: Instance) -> Bool { row.state == .running || row.state == .starting }

    /// Without its GPU a start is queued, and may bill later.
    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool {
        row.intendedStatus == "running" && row.curState == "running"
    }

    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool { row?.state == .running }

    func evidence(in row: Instance, _ payload: ChangePayload?) -> ChangeEvidence {
        .ofSwitch(row, isApplied: isAccepted(by: row, nil) || row.isStartQueued)
    }

    func overlay(on row: Instance, _ payload: ChangePayload?) -> JSONObject {
        row.switched(to: "running", actual: "running", rate: row.rateOn)
    }

    func changed(_ facts: InstanceFacts, _ payload: ChangePayload?) -> InstanceFacts? {
        var facts = facts
        (facts.state, facts.intendedStatus) = (.starting, "running")
        return facts
    }

    func rateAfter(_ row: Instance, _ payload: ChangePayload?) -> USDPerHour? { row.rateOn }

    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk] {
        [.gpuMayBeRented] + ChangeRisk.ending(facts, circumstances)
    }
}
