import FleetClock
import FleetRules
import VastAPI

/// What `vast-lua explain` is told, predicate by predicate, about the one instance that it asks about.
extension PolicyRun {
    func explain(_ instance: Instance, _ edit: (inout PolicyFinding) -> Void) {
        guard board.explained == instance.id else { return }
        if board.findings.last?.policy != policy.name || board.findings.last?.id != instance.id {
            board.findings.append(PolicyFinding(policy: policy.name, id: instance.id))
        }
        edit(&board.findings[board.findings.count - 1])
    }

    func explain(_ instance: Instance, _ hold: PolicyHold) {
        explain(instance) { finding in
            finding.lines.append(.init("left alone", value: hold.description, .no))
            finding.conclusion = "the policy leaves it alone: \(hold)"
            finding.wouldActAt = hold.end
        }
    }

    func explainMatch(_ rows: [Instance]) {
        guard let id = board.explained, let instance = rows.first(where: { $0.id == id }) else { return }
        let age = now - instance.observedAt.timeIntervalSince1970
        explain(instance) { finding in
            for (field, condition) in policy.match.conditions {
                let value = InstanceFields.value(field, of: instance) ?? FieldValue.none
                let isMet = condition.matches(value)
                finding.lines.append(
                    .init("match \(field)", value: shown(value, field), threshold: condition.shown, age: max(0, age), isMet ? .yes : .no))
                guard !isMet, finding.conclusion.isEmpty else { continue }
                finding.conclusion = "the policy is not about it: \(field) is \(shown(value, field))"
            }
        }
    }

    func explainWhen(_ instance: Instance, _ evidence: [Evidence]) {
        explain(instance) { finding in
            finding.lines += evidence.flatMap(\.lines)
            let (isTrue, why) = answer
            let isUnknown = !isTrue && evidence.contains { $0.lines.contains { $0.verdict == .unknown } }
            finding.lines.append(
                .init("when", value: why ?? (isTrue ? "true" : "not true"), threshold: "true", isTrue ? .yes : isUnknown ? .unknown : .no))
            finding.conclusion = isTrue ? "its condition holds" : "its condition does not hold" + (why.map { ": \($0)" } ?? "")
            finding.wouldActAt = evidence.compactMap(\.expected).max().map { $0 + policy.rules.grace.seconds }
        }
    }

    func explainHours(_ instance: Instance, _ rules: PolicyRules, _ verb: Change.Verb?) {
        explain(instance) { finding in
            let instant = Int64(clampingNumber: now.rounded(.down))
            let isUp = rules.hours?.contains(instant) ?? false
            let next = rules.hours?.nextEdge(after: instant)
            finding.lines.append(
                .init(
                    "up", value: isUp ? "up now" : "down now", threshold: rules.hours.map { "\($0)" } ?? "no hours",
                    verb == nil ? .no : .yes))
            finding.conclusion = verb.map { "is to \($0.rawValue) it" } ?? "has nothing to do until the next switch"
            if verb == nil { finding.wouldActAt = next.map { Double($0.instant) } }
        }
    }

    func explainGrace(_ instance: Instance, _ since: Double) {
        explain(instance) { finding in
            let end = since + policy.rules.grace.seconds
            if policy.rules.grace > .zero {
                finding.lines.append(
                    .init(
                        "grace", value: "held for \(DurationFormat.format(Duration(clampingSeconds: max(0, now - since))))",
                        threshold: DurationFormat.format(policy.rules.grace), end <= now ? .yes : .no))
            }
            finding.wouldActAt = max(end, now)
            if case .verb(.stop) = policy.action {
                finding.lines.append(.init("stop risk", value: runtime.samples.stopRisks(of: instance).joined(separator: "; "), .yes))
            }
            finding.conclusion = end <= now ? "acts on it now" : "acts when it has held long enough"
        }
    }

    private func shown(_ value: FieldValue, _ field: String) -> String {
        Instance.secretFields.contains(field)
            ? "(not shown)" : value.text.map { "'\($0)'" } ?? value.double.map { shownNumber($0) } ?? value.bool.map { "\($0)" } ?? "nil"
    }

}

extension Query.Condition {
    /// What was asked for, in words.
    var shown: String {
        switch self {
        case .texts(let patterns): patterns.map(\.shown).joined(separator: " or ")
        case .numbers(let numbers): numbers.map { shownNumber($0) }.joined(separator: " or ")
        case .boolean(let flag): "\(flag)"
        case .any(let conditions): conditions.map(\.shown).joined(separator: " or ")
        case .function: "a function of the script"
        }
    }
}

extension Query.TextPattern {
    var shown: String {
        switch self {
        case .exactly(let text): "'\(text)'"
        case .glob(let glob): "'\(glob.pattern)'"
        }
    }
}

/// A number without a needless fraction.
private func shownNumber(_ number: Double) -> String {
    if let whole = Int64(exactly: number) { return "\(whole)" }
    return abs(number) < 1e12 ? "\((number * 1_000).rounded() / 1_000)" : "\(number)"
}
