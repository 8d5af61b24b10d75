import FleetRules
import LuaEngine
import VastAPI

/// A rule of the script about instances: whom it is about, when it acts, and how.
final class Policy {
    enum Action {
        case verb(Change.Verb)
        /// A function of the script, called with one instance after the other.
        case function(LuaReference)
        /// What the hours ask for.
        case hours
    }

    let rules: PolicyRules
    /// How often it looks.
    let interval: Duration
    let match: Query
    let when: LuaReference?
    let notify: LuaReference?
    let before: LuaReference?
    let action: Action
    /// Why, as the script has it.
    let reason: String?
    /// Where it stands in the script.
    let position: String?
    /// Whether each instance's label says when it is to be up.
    let followsLabels: Bool
    var memory = PolicyMemory()
    var isLoaded = false
    var isCancelled = false
    /// Whether somebody was told that `when` returns what is not `true`.
    var isToldOfOtherThanTrue = false
    /// Whether somebody was told that it looks too seldom for what `when` asks.
    var isToldOfHoles = false

    init(
        rules: PolicyRules, interval: Duration, match: Query, when: LuaReference?, notify: LuaReference?,
        before: LuaReference?, action: Action, reason: String?, position: String?, followsLabels: Bool
    ) {
        self.rules = rules
        self.interval = interval
        self.match = match
        self.when = when
        self.notify = notify
        self.before = before
        self.action = action
        self.reason = reason
        self.position = position
        self.followsLabels = followsLabels
    }

    var name: String { rules.name }

    /// The name under which its memory is kept.
    var memoryName: String { "policy \(name)" }

    /// Whether it has such a function.
    func has(_ function: PolicyFunction) -> Bool {
        switch function {
        case .condition: when != nil || !match.functions.isEmpty
        case .notify: notify != nil
        case .before: before != nil
        case .action: if case .function = action { true } else { false }
        }
    }

    /// The rules for one instance: those whose hours stand in the label differ from instance to instance.
    func rules(for instance: Instance, _ runtime: Runtime) -> PolicyRules {
        guard followsLabels else { return rules }
        var rules = rules
        let wishes = runtime.labels.wishes(of: instance)
        (rules.hours, rules.only) = (wishes.hours, rules.only ?? wishes.only)
        return rules
    }
}
