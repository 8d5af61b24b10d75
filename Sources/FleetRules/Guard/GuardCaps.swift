import VastModels

/// What one rule says to a call.
enum GuardJudgement {
    case fine
    /// It cannot tell before the whole fleet is known.
    case unknown
    case objects(GuardRefusal.Objection)

    var objection: GuardRefusal.Objection? { if case .objects(let objection) = self { objection } else { nil } }
    var needsFleet: Bool { if case .unknown = self { true } else { false } }

    /// The objection of a limit.
    ///
    /// - Parameter wanted: the value that would let the call through.
    static func against(_ limit: GuardLimit, _ text: String, _ bound: GuardRules.Bound, wanted: Double) -> GuardJudgement {
        let setting = GuardRemedy.Setting.limit(limit, wanted)
        let remedy: GuardRemedy = if case .ceiling(let name) = bound.source { .ceiling(setting, name: name) } else { .own(setting) }
        let objection = GuardRefusal.Objection(rule: limit.rawValue, text: "\(text) (\(bound.source.text))", remedy: remedy)
        return .objects(objection)
    }
}

/// The changes that a cap counts together with a call: those of the run, or those of the last hour.
struct GuardScope {
    let name: String
    let entries: [GuardEntry]
    /// The instances that were interrupted.
    let interrupted: Set<InstanceID>
    /// How many instances are on, or were before they were interrupted; nil when the fleet is not known.
    let population: Int?

    init(name: String, entries: [GuardEntry], fleet: GuardFleet) {
        self.name = name
        self.entries = entries
        interrupted = Set(entries.lazy.filter { $0.effect.interrupts && $0.gpuCount != 0 }.map(\.id))
        population = fleet.isCountable ? fleet.on.union(interrupted).count : nil
    }
}

/// The caps, each on its own, of one call in one scope.
struct GuardCaps {
    let rules: GuardRules
    let order: GuardOrder
    let fleet: GuardFleet
    let scope: GuardScope

    /// The caps on numbers of what is asked for.
    var numbers: [GuardJudgement] {
        let effects = order.ids.map { order.effect(on: fleet[$0]) }
        let caps = GuardLimit.allCases.filter { cap in effects.contains { $0.caps.contains(cap) } }
        return caps.map { cap in number(cap, asked: effects.count { $0.caps.contains(cap) }) }
    }

    private func number(_ limit: GuardLimit, asked count: Int) -> GuardJudgement {
        let isShare = limit == .maxStops || limit == .maxReboots
        let bound = isShare ? rules.interruptions(limit, population: scope.population) : rules.bound(limit)
        let earlier = scope.entries.count { $0.counts(under: limit) }
        let total = Double(count + earlier)
        guard let bound, total > bound.value else { return .fine }
        // Half of the fleet may be more than the built-in number.
        if isShare, bound.source == .builtIn, scope.population == nil { return .unknown }
        return .against(limit, asked(count, earlier, bound), bound, wanted: total)
    }

    /// The cap of all changes together.
    var changes: GuardJudgement {
        guard let bound = rules.bound(.maxChanges) else { return .fine }
        let total = Double(order.count + scope.entries.count)
        guard total > bound.value else { return .fine }
        return .against(.maxChanges, "\(asked(order.count, scope.entries.count, bound)) of all changes", bound, wanted: total)
    }

    /// The part of what is on.
    var fraction: GuardJudgement {
        let interrupting = order.ids(in: fleet, where: \.interrupts)
        guard !interrupting.isEmpty, let bound = rules.bound(.maxFraction) else { return .fine }
        guard let population = scope.population else { return bound.value < 1 ? .unknown : .fine }
        let asked = fleet.on.intersection(interrupting)
        let total = scope.interrupted.union(asked).count
        guard !asked.isEmpty, population > 0 else { return .fine }
        // In whole instances: 0.8 of 10 is 8, whatever the last bit of 0.8 * 10 is.
        guard Double(total) > (bound.value * Double(population) + 1e-9).rounded(.down) else { return .fine }
        let text = "\(total) of \(population) that are on \(scope.name), limit \(GuardNumber.text(bound.value)) of them"
        return .against(.maxFraction, text, bound, wanted: Double(total) / Double(population))
    }

    /// What starts add to the bill.
    var rateAdded: GuardJudgement {
        let adding = order.ids(in: fleet, where: \.addsToBill)
        guard !adding.isEmpty else { return .fine }
        return rate(.maxRateAdded, "added", adding.map { ($0, order.effect(on: fleet[$0]).rateAdded) }) { $0.effect.addsToBill }
    }

    /// What is interrupted, by its price.
    var rateInterrupted: GuardJudgement {
        let rates = interruptedFacts.map { ($0.id, $0.rateInterrupted) }
        return rate(.maxRateInterrupted, "interrupted", rates) { $0.effect.interrupts }
    }

    /// What is interrupted, by its GPUs.
    var gpusInterrupted: GuardJudgement {
        let facts = interruptedFacts
        guard !facts.isEmpty, let bound = rules.bound(.maxGPUsInterrupted) else { return .fine }
        if let unknown = facts.first(where: { $0.gpuCount == nil }) {
            return .against(
                .maxGPUsInterrupted,
                "how many GPUs \(unknown.name) has is not known, and \(GuardNumber.text(bound.value)) may be interrupted", bound,
                wanted: bound.value
            )
            .withoutRemedy
        }
        // In floating point: what a file says may be any number.
        let earlier = scope.entries.filter(\.effect.interrupts).compactMap { $0.gpuCount.map(Double.init) }.reduce(0, +)
        let asked = facts.compactMap { $0.gpuCount.map(Double.init) }.reduce(0, +)
        guard asked > 0, asked + earlier > bound.value else { return .fine }
        let text =
            "\(GuardNumber.text(asked)) GPUs to be interrupted"
            + "\(after(earlier == 0 ? nil : GuardNumber.text(earlier))), limit \(GuardNumber.text(bound.value))"
        return .against(.maxGPUsInterrupted, text, bound, wanted: asked + earlier)
    }

    private var interruptedFacts: [InstanceFacts] {
        order.ids(in: fleet, where: \.interrupts).compactMap { fleet[$0] }.filter(\.isOn)
    }

    private func rate(
        _ limit: GuardLimit, _ word: String, _ rates: [(id: InstanceID, rate: USDPerHour?)], _ counts: (GuardEntry) -> Bool
    ) -> GuardJudgement {
        guard let bound = rules.bound(limit) else { return .fine }
        if let unknown = rates.first(where: { $0.rate == nil }) {
            let text =
                "the rate of \(fleet[unknown.id]?.name ?? "\(unknown.id)") is not known, and \(USDPerHour(bound.value)) may be \(word)"
            return .against(limit, text, bound, wanted: bound.value).withoutRemedy
        }
        let earlier = scope.entries.filter(counts).compactMap(\.rate).reduce(.zero, +)
        let asked = rates.compactMap(\.rate).reduce(.zero, +)
        let total = earlier + asked
        // Less than a hundredth of a cent is rounding.
        guard asked > .zero, total.rawValue > bound.value + 1e-4 else { return .fine }
        let text = "\(asked) to be \(word)\(after(earlier > .zero ? "\(earlier)" : nil)), limit \(USDPerHour(bound.value))"
        return .against(limit, text, bound, wanted: total.rawValue)
    }

    private func asked(_ count: Int, _ earlier: Int, _ bound: GuardRules.Bound) -> String {
        "\(order.verb.counted(count)) asked\(after(earlier == 0 ? nil : "\(earlier)")), limit \(GuardNumber.text(bound.value))"
    }

    private func after(_ earlier: String?) -> String { earlier.map { " after \($0) \(scope.name)" } ?? "" }
}

extension GuardJudgement {
    /// For what no larger number would allow.
    fileprivate var withoutRemedy: GuardJudgement {
        guard case .objects(var objection) = self else { return self }
        objection.remedy = nil
        return .objects(objection)
    }
}
