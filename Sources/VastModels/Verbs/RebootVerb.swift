import VastJSON

/// `vast.reboot`: restarts the container; the GPUs are kept.
struct RebootVerb: ChangeVerb {
    let name = "reboot"
    let past = "rebooted"
    let boots = true
    let leavesNoTrace = true

    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect { interruption(under: .maxReboots, turnsOff: false) }

    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint? {
        Endpoint(
            .put, "/api/v0/instances/reboot/\(id)/", route: .reboot, body: [:], repetition: .never, change: Change(.reboot, [id]))
    }

    func recognise(_ request: RequestShape) -> Change? { request.bare(.reboot).map { Change(.reboot, $0) } }

    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool { row.actualStatus == "rebooting" }

    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool { row?.state == .running }

    func evidence(in row: Instance, _ payload: ChangePayload?) -> ChangeEvidence {
        isAccepted(by: row, nil) ? .applied : .unknown("the fleet does not show whether it was done")
    }

    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk] {
        [.interrupts]
    }
}
