import VastJSON

/// `vast.label`: replaces the label; an empty one removes it.
struct LabelVerb: ChangeVerb {
    let name = "label"
    let past = "labelled"
    let payload: ChangePayload.Kind? = .label
    let aspect = ChangeAspect.label
    let resending = ResendRule.whileUnchanged

    /// A label is protected as well: a script that could change it could lift the protection.
    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect { ChangeEffect(caps: [.maxLabels]) }

    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint? {
        guard case .label(let text)? = payload else { return nil }
        return Endpoint(
            .put, "/api/v0/instances/\(id)/", route: .manage, body: ["label": .string(text)], repetition: .never,
            change: Change(.label, [id], label: text))
    }

    /// A label for many at once is nothing that the contract knows.
    func recognise(_ request: RequestShape) -> Change? {
        guard request.route == .manage, case .string(let text)? = request.only("label"), let ids = request.ids else { return nil }
        return Change(.label, ids, label: text)
    }

    func perform(
        _ operations: any VerbOperations, _ ids: [InstanceID], _ payload: ChangePayload?, _ unavailable: UnavailableRule
    ) async -> ChangeOutcomes {
        let length = payload?.label?.unicodeScalars.count ?? 0
        guard length <= ChangePayload.longestLabel else {
            return ChangeOutcomes(
                ids,
                endedBy: VastError(
                    .invalidArgument,
                    "a label has \(ChangePayload.longestLabel) characters at most, this one has \(length); keep it under 128"))
        }
        return await operations.each(self, ids, payload)
    }

    func isSatisfied(_ facts: InstanceFacts, _ payload: ChangePayload?) -> Bool { .label(facts.label) == payload }

    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool { .label(row.label) == payload }

    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool { row.map { isAccepted(by: $0, payload) } ?? false }

    func overlay(on row: Instance, _ payload: ChangePayload?) -> JSONObject {
        guard case .label(let text)? = payload, !text.isEmpty else { return ["label": .null] }
        return ["label": .string(text)]
    }

    func changed(_ facts: InstanceFacts, _ payload: ChangePayload?) -> InstanceFacts? {
        var facts = facts
        if case .label(let text)? = payload { facts.label = text }
        return facts
    }

    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk] { [] }

    func present(_ facts: InstanceFacts) -> ChangePayload? { .label(facts.label) }
}
