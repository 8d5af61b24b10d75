import VastJSON

/// A request that writes and is none of the verbs: what it does is not known.
struct RawVerb: ChangeVerb {
    let name = "other"
    let past = "changed"
    let noun = (one: "raw write", many: "raw writes")
    let aspect = ChangeAspect.other
    let permission: GuardPermission? = .allowRaw
    let leavesNoTrace = true
    let isVisible = false
    let whyFinal: String? = "vast-lua does not know what the request did"

    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect { ChangeEffect() }

    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint? { nil }

    func recognise(_ request: RequestShape) -> Change? { nil }

    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool { false }

    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool { false }

    func evidence(in row: Instance, _ payload: ChangePayload?) -> ChangeEvidence {
        .unknown("vast-lua does not know what the request does")
    }

    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk] { [.unknown] }
}
