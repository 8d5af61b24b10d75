/// What the options of a table have to be together.
package struct TableRule: Sendable, Equatable {
    /// How options depend on each other.
    package enum Form: Sendable, Equatable {
        /// One of them, or several.
        case some([String])
        /// One of them, and no more.
        case one([String])
        /// All of them, or none.
        case together([String])
        /// Some go only with another one, and that has to be a certain word if one is named.
        case only([String], with: String, word: String?)
    }

    /// How the options depend on each other.
    package let form: Form
    /// What is said where it does not hold.
    package let message: String

    init(_ form: Form, _ message: String) {
        self.form = form
        self.message = message
    }

    /// Whether it cannot hold.
    ///
    /// - Parameter given: the names of the options that are there, with those texts that are known.
    package func isBroken(by given: [String: String?]) -> Bool {
        switch form {
        case .some(let names): !names.contains { given[$0] != nil }
        case .one(let names): names.count { given[$0] != nil } != 1
        case .together(let names): ![0, names.count].contains(names.count { given[$0] != nil })
        case .only(let names, let other, let word):
            names.contains { given[$0] != nil } && (given[other] == nil || word.map { Self.differs(given[other], from: $0) } ?? false)
        }
    }

    private static func differs(_ text: String??, from word: String) -> Bool {
        guard let text = text ?? nil else { return false }
        return text != word
    }
}

extension TableRule {
    /// Of a policy.
    static let match = TableRule(
        .some(["match", "all"]), "match says whom it is about, such as {label = \"dev*\"}; all = true is about every instance")
    static let occasion = TableRule(.one(["when", "up"]), "it has when = function(inst) … end or up = vast.hours(…), and not both")
    static let action = TableRule(
        .together(["when", "action"]),
        "an action, \"stop\", \"start\" or a function, goes with when, and when with an action; up says what to do")
    static let hours = TableRule(.only(["enforce", "only"], with: "up", word: nil), "enforce and only go with up")
    /// Of a budget.
    static let bound = TableRule(.some(["per_day", "per_month", "runway"]), "it has a per_day, per_month or runway")
    /// Of a start.
    static let retry = TableRule(
        .only(["every", "within", "max_rate"], with: "unavailable", word: "retry"),
        "every, within and max_rate go with unavailable = \"retry\"")
}
