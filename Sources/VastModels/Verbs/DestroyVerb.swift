import VastJSON

/// `vast.destroy`: ends the rental; everything on the instance is lost.
struct DestroyVerb: ChangeVerb {
    let name = "destroy"
    let past = "destroyed"
    let permission: GuardPermission? = .allowDestroy
    let needsConfirmation = true
    let resending = ResendRule.whileThere
    let endsRental = true
    let endsBilling = true
    let switchesTo: Bool? = false
    let whyFinal: String? = "a destroyed instance does not come back"

    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect { interruption(under: .maxDestroys, turnsOff: true) }

    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint? {
        Endpoint(
            .delete, "/api/v0/instances/\(id)/", route: .destroy, body: [:], repetition: .never, change: Change(.destroy, [id]))
    }

    func recognise(_ request: RequestShape) -> Change? {
        if request.route == Route(.delete, "/api/v0/instances/") { return request.listed("instance_ids").map { Change(.destroy, $0) } }
        return request.bare(.destroy).map { Change(.destroy, $0) }
    }

    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool { false }

    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool { row == nil }

    func changed(_ facts: InstanceFacts, _ payload: ChangePayload?) -> InstanceFacts? { nil }

    func rateAfter(_ row: Instance, _ payload: ChangePayload?) -> USDPerHour? { .zero }

    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk] { [.allLost] }
}
