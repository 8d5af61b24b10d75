extension Change {
    /// What can be done to an instance. All that there is to know of a verb is in its ``ChangeVerb``.
    public struct Verb: Hashable, Sendable, CaseIterable, RawRepresentable, CustomStringConvertible {
        /// Its place among ``allRules``.
        private let index: Int

        private static let allRules: [any ChangeVerb] = [
            StartVerb(), StopVerb(), LabelVerb(), RebootVerb(), RecycleVerb(), DestroyVerb(), BidVerb(), RawVerb()
        ]
        private static let indices = Dictionary(uniqueKeysWithValues: allRules.enumerated().map { ($0.element.name, $0.offset) })

        private init(index: Int) { self.index = index }

        /// nil for a name that no verb has.
        public init?(rawValue: String) {
            guard let index = Self.indices[rawValue] else { return nil }
            self.index = index
        }

        private init(_ name: String) { index = Self.indices[name] ?? Self.allRules.count - 1 }

        /// Asks for a stopped instance to run again; it does so when its GPUs are free.
        public static let start = Verb("start")
        /// Ends the container and frees the GPUs; the disk stays, and is billed.
        public static let stop = Verb("stop")
        /// Sets the user's text.
        public static let label = Verb("label")
        /// Restarts the container; what is on its disk stays.
        public static let reboot = Verb("reboot")
        /// Makes the container anew from its image: what was in it is lost.
        public static let recycle = Verb("recycle")
        /// Ends the rental: the disk is lost.
        public static let destroy = Verb("destroy")
        /// Sets the price that is bid for an interruptible instance.
        public static let bid = Verb("bid")
        /// A change that this library has no name for.
        public static let other = Verb("other")

        /// Every verb that has rules, ``other`` too.
        public static let allCases = allRules.indices.map { Verb(index: $0) }

        /// What it means.
        package var rules: any ChangeVerb { Self.allRules[index] }

        /// As scripts, plans and the journal write it.
        public var rawValue: String { rules.name }
        public var description: String { rawValue }
    }
}

/// The questions that are asked most, without the payload where none is needed.
extension Change.Verb {
    /// The past tense for reports: "stopped 2".
    package var past: String { rules.past }

    /// The part of an instance that it is about.
    package var aspect: ChangeAspect { rules.aspect }

    /// For counting: `27 stops`.
    package func counted(_ count: Int) -> String { "\(count) \(count == 1 ? rules.noun.one : rules.noun.many)" }

    /// With what it sets, for people: `label 'spot'`.
    package func shown(_ payload: ChangePayload?) -> String { payload.map { "\(rawValue) \($0.shown)" } ?? rawValue }

    /// Whether it takes a running instance away from whoever uses it, or may.
    package var mayInterrupt: Bool { rules.effect(nil, on: nil).interrupts }

    /// See ``ChangeVerb/isAccepted(by:_:)``.
    public func isAccepted(by row: Instance, _ payload: ChangePayload? = nil) -> Bool { rules.isAccepted(by: row, payload) }

    /// See ``ChangeVerb/isSettled(by:_:)``.
    public func isSettled(by row: Instance?, _ payload: ChangePayload? = nil) -> Bool { rules.isSettled(by: row, payload) }
}

extension Instance {
    /// Whether a start is wanted and the GPU is not there.
    public var isStartQueued: Bool { intendedStatus == "running" && curState == "stopped" }
}
