package import FleetRules
package import VastModels
package import VastJSON

/// The changes that a script would make, to be reviewed, saved, and applied later as far as they still match.
package struct Plan: Sendable, Equatable {
    /// The version of the file's form. Version 1 has no limits.
    package static let version: Int64 = 2

    /// The account whose fleet was read; a plan is applied to no other.
    package var account: String
    /// The script's path.
    package var script: String
    /// SHA-256 of the script's text; nil when there is no one text.
    package var scriptHash: String?
    /// When it was made, in Unix seconds.
    package var created: Double
    /// When the fleet was read, in Unix seconds.
    package var observed: Double
    /// The limits under which it was made, as far as a plan can carry them; see ``GuardLimits/travelling``.
    package var limits: GuardLimits
    /// The changes, in the order in which the script asked for them.
    package var actions: [PlanAction]

    /// - Parameters:
    ///   - account: whose fleet was read.
    ///   - script: the script's path.
    ///   - scriptHash: SHA-256 of its text; nil when there is no one text.
    ///   - created: when it is made, in Unix seconds.
    ///   - observed: when the fleet was read, in Unix seconds.
    ///   - limits: those that a plan cannot carry are left out; see ``GuardLimits/travelling``.
    package init(
        account: String, script: String, scriptHash: String? = nil, created: Double, observed: Double, limits: GuardLimits = .none,
        actions: [PlanAction] = []
    ) {
        self.account = account
        self.script = script
        self.scriptHash = scriptHash
        self.created = created
        self.observed = observed
        self.limits = limits.travelling
        self.actions = actions
    }
}

/// One change of a plan.
package struct PlanAction: Sendable, Equatable {
    /// What is to be done.
    package var verb: Change.Verb
    /// What was known of the instance.
    package var before: InstanceFacts
    /// What is set beside the verb.
    package var payload: ChangePayload?
    /// The fields that the decision saw, by their names in scripts; what it saw as nil is null.
    package private(set) var seen: JSONObject
    /// Why, in the script's words.
    package var reason: String?
    /// Where in the script, such as `nightly.lua:9`.
    package var line: String?
    /// What the instance costs afterwards, in $/h.
    package var rateAfter: USDPerHour?
    /// What the change puts at risk; see ``ChangeRisk``.
    package var risks: [String]
    /// For `start`: what to do when the GPUs are rented to somebody else.
    package var unavailable = UnavailableRule.cancel

    /// The instance that it is done to.
    package var id: InstanceID { before.id }

    /// - Parameter seen: fields that can hold secrets are left out.
    package init(
        _ verb: Change.Verb, before: InstanceFacts, payload: ChangePayload? = nil, seen: JSONObject = [:], reason: String? = nil,
        line: String? = nil, rateAfter: USDPerHour? = nil, risks: [String] = []
    ) {
        self.verb = verb
        self.before = before
        self.payload = payload
        self.seen = JSONObject(seen.lazy.filter { !Instance.secretFields.contains($0.name) }.map { ($0.name, $0.value) })
        self.reason = reason
        self.line = line
        self.rateAfter = rateAfter
        self.risks = risks
    }
}
