package import VastJSON

/// Everything that the chain of a change has to know of one verb. Each verb is one file; nothing else tells verbs apart.
///
/// What most verbs have in common is in the extension below.
package protocol ChangeVerb: Sendable {
    // MARK: words

    /// As scripts, plans, the journal and the command line write it.
    var name: String { get }
    /// For reports: `stopped 2`.
    var past: String { get }
    /// What it is counted as: one, and several.
    var noun: (one: String, many: String) { get }
    /// What it sets beside the verb; nil: nothing.
    var payload: ChangePayload.Kind? { get }
    /// The part of an instance that it is about: a later change of the same part replaces an earlier one.
    var aspect: ChangeAspect { get }

    // MARK: limits

    /// Without which it is not done at all.
    var permission: GuardPermission? { get }
    /// Whether its ids have to be repeated, since it loses data.
    var needsConfirmation: Bool { get }
    /// What it does to an instance.
    ///
    /// - Parameter facts: nil when nothing is known of it; the effect is then the worst one.
    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect

    /// Whether there is anything for it in such an instance; false: it is refused, and nothing is done to it.
    func isApplicable(to facts: InstanceFacts) -> Bool

    /// For so long after one of ours none of the same instance leaves, in seconds: what the fleet shows may be an echo.
    var pause: Double { get }
    /// Why it is not even asked for; nil when nothing in it is wrong.
    func refusal(_ payload: ChangePayload?, _ bounds: ChangeBounds, on facts: InstanceFacts) -> VastError?

    // MARK: requests

    /// The request for one instance; nil for what is no verb.
    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint?
    /// The change that a request is, when it is exactly what this verb sends.
    func recognise(_ request: RequestShape) -> Change?
    /// When it may be sent once more after its answer was lost.
    var resending: ResendRule { get }
    /// Carries it out on many instances.
    func perform(_ operations: any VerbOperations, _ ids: [InstanceID], _ payload: ChangePayload?, _ unavailable: UnavailableRule) async
        -> ChangeOutcomes

    // MARK: evidence

    /// Whether an instance is as the change wants it, so that nothing has to be sent.
    func isSatisfied(_ facts: InstanceFacts, _ payload: ChangePayload?) -> Bool
    /// Whether it would change nothing now, or is under way: a policy leaves the instance alone.
    func isUnderWay(_ row: Instance) -> Bool
    /// Whether the row shows the wish of the change: the service has accepted it. What it leads to may take a while, or
    /// never come.
    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool
    /// Whether a row that shows the wish can prove that the change was made: not where the wish was there before, and means more
    /// than it did then.
    ///
    /// - Parameters:
    ///   - intendedStatus: before the change; nil: not known.
    ///   - isInterruptible: nil: not known.
    func isProvable(from intendedStatus: String?, isInterruptible: Bool?) -> Bool
    /// Whether a row cannot tell whether the change was made: what runs may have run all the time.
    var leavesNoTrace: Bool { get }
    /// Whether readings of the fleet can show what it has done: not what a request does that is no verb.
    var isVisible: Bool { get }
    /// Whether a reading shows what the user pays for to have happened.
    ///
    /// - Parameter row: nil when the instance is gone: a complete reading of the whole fleet lacks it.
    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool
    /// What a row says of a change whose outcome nobody knows.
    func evidence(in row: Instance, _ payload: ChangePayload?) -> ChangeEvidence
    /// Whether the instance is gone afterwards.
    var endsRental: Bool { get }
    /// Whether what it is about goes on billing until it is settled.
    var endsBilling: Bool { get }
    /// Whether the container begins anew.
    var boots: Bool { get }

    // MARK: plans

    /// The fields of a row that it changes, as if the service had made it at once.
    func overlay(on row: Instance, _ payload: ChangePayload?) -> JSONObject
    /// What an instance is afterwards; nil when it is gone.
    func changed(_ facts: InstanceFacts, _ payload: ChangePayload?) -> InstanceFacts?
    /// What the instance costs afterwards, in $/h.
    func rateAfter(_ row: Instance, _ payload: ChangePayload?) -> USDPerHour?
    /// What it puts at risk, for plans; empty: nothing.
    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk]

    // MARK: undoing

    /// Whether the instance is wanted on afterwards; nil when that is not what the verb is about.
    var switchesTo: Bool? { get }
    /// Why it cannot be undone; nil when it can.
    var whyFinal: String? { get }
    /// For verbs with a payload: the one that instance has now; nil when that is not known.
    func present(_ facts: InstanceFacts) -> ChangePayload?
}

extension ChangeVerb {
    package var noun: (one: String, many: String) { (name, "\(name)s") }
    package var payload: ChangePayload.Kind? { nil }
    package var aspect: ChangeAspect { .state }
    package var permission: GuardPermission? { nil }
    package var needsConfirmation: Bool { false }
    package func refusal(_ payload: ChangePayload?, _ bounds: ChangeBounds, on facts: InstanceFacts) -> VastError? { nil }
    package func isApplicable(to facts: InstanceFacts) -> Bool { true }
    package var pause: Double { 0 }
    package var resending: ResendRule { .never }
    package func isProvable(from intendedStatus: String?, isInterruptible: Bool?) -> Bool { true }
    package var leavesNoTrace: Bool { false }
    package var isVisible: Bool { true }
    package var endsRental: Bool { false }
    package var endsBilling: Bool { false }
    package var boots: Bool { false }
    package var switchesTo: Bool? { nil }
    package var whyFinal: String? { nil }

    package func perform(
        _ operations: any VerbOperations, _ ids: [InstanceID], _ payload: ChangePayload?, _ unavailable: UnavailableRule
    ) async -> ChangeOutcomes {
        await operations.each(self, ids, payload)
    }

    package func isSatisfied(_ facts: InstanceFacts, _ payload: ChangePayload?) -> Bool { false }
    package func isUnderWay(_ row: Instance) -> Bool { false }
    package func evidence(in row: Instance, _ payload: ChangePayload?) -> ChangeEvidence {
        isAccepted(by: row, payload) ? .applied : .notApplied
    }
    package func overlay(on row: Instance, _ payload: ChangePayload?) -> JSONObject { [:] }
    package func changed(_ facts: InstanceFacts, _ payload: ChangePayload?) -> InstanceFacts? { facts }
    package func rateAfter(_ row: Instance, _ payload: ChangePayload?) -> USDPerHour? { row.rate }
    package func present(_ facts: InstanceFacts) -> ChangePayload? { nil }

    /// What a verb does that interrupts an instance, whatever its state.
    func interruption(under cap: GuardLimit, turnsOff: Bool) -> ChangeEffect {
        var effect = ChangeEffect(caps: [cap])
        (effect.interrupts, effect.turnsOff) = (true, turnsOff)
        return effect
    }
}
