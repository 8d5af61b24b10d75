import VastJSON

/// `vast.recycle`: makes the container again from a fresh image; its data is lost.
struct RecycleVerb: ChangeVerb {
    let name = "recycle"
    let past = "recycled"
    let boots = true
    let leavesNoTrace = true
    let permission: GuardPermission? = .allowRecycle
    let needsConfirmation = true
    let whyFinal: String? = "the data of a recycled container does not come back"

    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect { interruption(under: .maxRecycles, turnsOff: false) }

    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint? {
        Endpoint(
            .put, "/api/v0/instances/recycle/\(id)/", route: .recycle, body: [:], repetition: .never, change: Change(.recycle, [id]))
    }

    func recognise(_ request: RequestShape) -> Change? { request.bare(.recycle).map { Change(.recycle, $0) } }

    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool { row.actualStatus == "recycling" }

    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool { row?.state == .running }

    func evidence(in row: Instance, _ payload: ChangePayload?) -> ChangeEvidence {
        isAccepted(by: row, nil) ? .applied : .unknown("the fleet does not show whether it was done")
    }

    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk] {
        [.containerDataLost]
    }
}
