package import VastModels

/// Why a policy does or does not act on an instance: what `vast-lua explain` shows.
package struct PolicyFinding: Sendable {
    /// One predicate.
    package struct Line: Sendable {
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
        package var verdict: Verdict

        package init(_ name: String, value: String, threshold: String = "", age: Double? = nil, _ verdict: Verdict) {
            self.name = name
            self.value = value
            self.threshold = threshold
            self.age = age
            self.verdict = verdict
        }
    }

    package let policy: String
    package let id: InstanceID
    package var lines: [Line] = []
    /// What it comes to, such as `would stop it`.
    package var conclusion = ""
    /// When it would act if nothing changed, in Unix seconds; nil: never, or not known.
    package var wouldActAt: Double?

    package init(policy: String, id: InstanceID) {
        self.policy = policy
        self.id = id
    }
}
