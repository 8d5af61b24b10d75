package import VastModels

/// Why a policy does or does not act on an instance: what `vast-lua explain` shows.
package struct PolicyFinding: Sendable {
    /// One predicate.
    package struct Line: Sendable {
        /// What a predicate comes to; unknown keeps a policy from acting.
        package enum Verdict: String, Sendable {
            case yes, no, unknown
        }

        /// Such as `match label`, `when`, `grace`.
        package var name: String
        /// What was found, in words.
        package var value: String
        /// What it is compared with; empty where there is nothing.
        package var threshold: String
        /// How old the datum is, in seconds; nil where that means nothing.
        package var age: Double?
        /// Whether it holds.
        package var verdict: Verdict

        /// - Parameters:
        ///   - name: such as `match label`.
        ///   - value: what was found, in words.
        ///   - threshold: what it is compared with; empty where there is nothing.
        ///   - age: how old the datum is, in seconds; nil where that means nothing.
        package init(_ name: String, value: String, threshold: String = "", age: Double? = nil, _ verdict: Verdict) {
            self.name = name
            self.value = value
            self.threshold = threshold
            self.age = age
            self.verdict = verdict
        }
    }

    /// The name of the policy.
    package let policy: String
    /// The instance that is looked at.
    package let id: InstanceID
    /// The predicates in the order in which the policy asks them.
    package var lines: [Line] = []
    /// What it comes to, such as `would stop it`.
    package var conclusion = ""
    /// When it would act if nothing changed, in Unix seconds; nil: never, or not known.
    package var wouldActAt: Double?

    /// A finding that says nothing yet.
    package init(policy: String, id: InstanceID) {
        self.policy = policy
        self.id = id
    }
}
