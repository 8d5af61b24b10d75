package import VastModels

/// Instances that are left alone.
package struct Protection: Sendable, Equatable {
    /// Instances whose label matches one of these.
    package var labels: [LabelGlob]
    /// Instances with one of these ids, whatever their label.
    package var ids: Set<InstanceID>

    /// An instance is protected when a label or an id names it.
    package init(labels: [LabelGlob] = [], ids: Set<InstanceID> = []) {
        self.labels = labels
        self.ids = ids
    }

    /// Protects nothing.
    package static let none = Protection()

    /// Why an instance is protected, such as `label prod*`; nil when it is not.
    ///
    /// - Parameter label: nil when it is not known.
    func reason(_ id: InstanceID, label: String?) -> String? {
        if ids.contains(id) { return "id \(id)" }
        guard let label, let glob = labels.first(where: { $0.matches(label) }) else { return nil }
        return "label \(glob.pattern)"
    }

    /// Protects what the other protects as well; a pattern that is there already is not added again.
    package mutating func formUnion(_ other: Protection) {
        labels += other.labels.filter { !labels.contains($0) }
        ids.formUnion(other.ids)
    }
}

/// Limits as one place gives them: a script, the config file, or the command line. What it does not name is not set;
/// zero means zero.
package struct GuardLimits: Sendable, Equatable {
    /// The limits with a number, in their own units; what is not here is not set.
    package var numbers: [GuardLimit: Double]
    /// What is allowed or forbidden in so many words; what is not here is not said.
    package var permissions: [GuardPermission: Bool]
    /// What is left alone.
    package var protect: Protection

    /// The numbers are taken as they are; ``check()`` refuses those that bound nothing.
    package init(
        _ numbers: [GuardLimit: Double] = [:], permissions: [GuardPermission: Bool] = [:], protect: Protection = .none
    ) {
        self.numbers = numbers
        self.permissions = permissions
        self.protect = protect
    }

    /// Sets no limit.
    package static let none = GuardLimits()

    /// - Throws: ``VastError`` of kind `invalid_argument` for a number that bounds nothing, such as one below zero.
    package func check() throws(VastError) {
        for (limit, value) in numbers {
            let name = limit.rawValue
            guard value.isFinite, value >= 0 else {
                throw VastError(.invalidArgument, "\(name) = \(value.plainText) is no limit; it is a number from 0 up")
            }
            guard limit != .maxFraction || value <= 1 else {
                throw VastError(.invalidArgument, "\(name) = \(value.plainText) is more than everything; it is a part, 0 to 1")
            }
        }
    }
}
