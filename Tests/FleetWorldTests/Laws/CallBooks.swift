import FleetSafety
import FleetStore
import FleetWorld
import VastAPI
import VastSimulator

/// Compares what is said of the calls of a run by everybody who says something: the outcomes, the script, the ledger, the
/// journal and the service itself.
///
/// The calls must not overlap, and their reasons must be their numbers, as in ``LawScript``.
struct CallBooks {
    private let run: WorldRun
    private let records: [ExchangeRecord]
    private(set) var problems: [String] = []
    /// How many outcomes of ids were looked at.
    private(set) var compared = 0

    init(_ run: WorldRun, _ world: TestWorld) {
        (self.run, records) = (run, world.transport.records)
        for call in run.calls { compare(call) }
        compareTold()
        compareLedger()
        compareRows()
    }

    /// Everything that does not fit, or nil.
    var text: String? { problems.isEmpty ? nil : problems.prefix(6).joined(separator: "\n") }

    // MARK: the service

    private mutating func compare(_ call: WorldCall) {
        let sent = records.filter { call.exchanges.contains($0.number) && $0.change != nil }
        for (id, outcome) in call.outcomes.inOrder {
            compared += 1
            let own = sent.filter { $0.changes(id) && $0.change?.verb == call.order.verb }
            let isReached = own.contains { $0.isReached }
            let touched = run.changes.filter { call.exchanges.contains($0.exchange) && $0.instance == id.rawValue }
            let row = call.fleet[id.rawValue]
            switch outcome {
            case .satisfied:
                if !own.isEmpty { say(call, id, "is satisfied, and was sent") }
                if !Self.isWish(call.order, row) {
                    say(call, id, "is satisfied, and the service has \(row.map { "\($0.status.intended) \($0.label ?? "")" } ?? "nothing")")
                }
            case .notSent: if isReached || !touched.isEmpty { say(call, id, "was not sent, and reached the service: \(touched)") }
            case .refused:
                if own.isEmpty { say(call, id, "was refused, and never sent") }
                if !Self.isUndone(touched), !Self.waitsForItsBid(outcome, row) {
                    say(call, id, "was refused, and has changed something: \(touched)")
                }
            case .accepted: if !isReached, !Self.isWish(call.order, row) { say(call, id, "was accepted, and never reached the service") }
            case .unknown: if own.isEmpty { say(call, id, "is unknown, and was never sent") }
            }
            compare(call, id, outcome)
        }
        compareNothingSent(call, isReached: sent.contains { $0.isReached }, isAnswered: sent.contains { $0.isAnswered })
    }

    private mutating func compareNothingSent(_ call: WorldCall, isReached: Bool, isAnswered: Bool) {
        guard let error = Self.failure(call) else { return }
        let says = error.message.contains("Nothing was sent")
        if says, isReached { problems.append("\(Self.name(call)): \(error.message), and the service was reached") }
        let mayHave = call.outcomes.byID.values.contains { if case .unknown = $0 { true } else { false } }
        if !says, !isAnswered, !mayHave { problems.append("\(Self.name(call)): \(error.message), and nothing has reached the service") }
    }

    /// Whether what was changed of an instance was changed back.
    private static func isUndone(_ changes: [WorldChange]) -> Bool {
        if changes.contains(where: { $0.what == "destroyed" }) { return false }
        return ["intended ", "label ", "bid "].allSatisfy { name in
            let texts = changes.filter { $0.what.hasPrefix(name) }.map { $0.what.dropFirst(name.count) }
            guard let first = texts.first?.firstRange(of: " -> "), let last = texts.last?.firstRange(of: " -> ") else { return true }
            return texts[0][..<first.lowerBound] == texts[texts.count - 1][last.upperBound...]
        }
    }

    /// A start that a bid does not win is not withdrawn, and says so.
    private static func waitsForItsBid(_ outcome: ChangeOutcomes.Outcome, _ row: SimulatedInstance?) -> Bool {
        row?.bid != nil && outcome.error?.message.contains("so the start is not withdrawn") == true
    }

    private static func isWish(_ order: ChangeOrder, _ row: SimulatedInstance?) -> Bool {
        switch order.verb {
        case .stop: row?.status.intended == "stopped"
        case .start: row?.status.intended == "running"
        case .label: row.map { ($0.label ?? "") == order.payload?.label ?? "" } ?? false
        case .destroy: row == nil
        case .bid: row?.bid == order.payload?.price?.rawValue
        case .reboot: row?.status.actual == "rebooting"
        case .recycle: row?.status.actual == "recycling"
        default: false
        }
    }

    // MARK: the journal

    private mutating func compare(_ call: WorldCall, _ id: InstanceID, _ outcome: ChangeOutcomes.Outcome) {
        let reason = call.order.decision.reasons[id]
        let rows = run.rows.filter { $0.instance == id && $0.reason == reason }
        let own = rows.filter { !$0.isCompensation }
        let touched = run.changes.contains { call.exchanges.contains($0.exchange) && $0.instance == id.rawValue }
        guard run.isJournalComplete else {
            // What could not be noted stays in doubt, and is never lost.
            if touched, own.allSatisfy({ [.failed, .satisfied, .notApplied].contains($0.status) }), !Self.isRefused(outcome) {
                say(call, id, "has changed something, and the journal has \(own.map(\.status))")
            }
            return
        }
        if own.count > 1 { say(call, id, "has \(own.count) rows") }
        let fitting: [JournalChange.Status?] =
            switch outcome {
            case .satisfied: [nil, .satisfied]
            case .accepted: [.accepted, .confirmed]
            case .notSent: [nil, .failed]
            case .refused: [.failed]
            case .unknown: [.unknown, .confirmed]
            }
        if !fitting.contains(own.first?.status) { say(call, id, "has a row \(own.first.map { "\($0.status)" } ?? "none")") }
        let withdrawals = rows.filter(\.isCompensation)
        if case .unknown = outcome { return }
        if withdrawals.contains(where: { $0.status != .confirmed }) {
            say(call, id, "has a withdrawal that is \(withdrawals.map(\.status))")
        }
    }

    private static func isRefused(_ outcome: ChangeOutcomes.Outcome) -> Bool { if case .refused = outcome { true } else { false } }

    private mutating func compareRows() {
        guard run.isJournalComplete else { return }
        for row in run.rows where row.status == .reserved || row.status == .sent && !row.isCompensation {
            problems.append("a row of \(row.verb) \(row.instance) is left \(row.status)")
        }
    }

    // MARK: the script

    /// What the script has returned, a line for each call.
    private mutating func compareTold() {
        guard run.errorKind == nil, let value = run.values.first else { return }
        let text = value.dropFirst(#"string(""#.count).dropLast(2)
        let lines = text.split(separator: #"\n"#).map(String.init)
        guard lines.count == run.calls.count else {
            return problems.append("\(lines.count) calls were told, \(run.calls.count) made: \(lines)")
        }
        for (line, call) in zip(lines, run.calls) {
            let words = line.split(separator: " ").map(String.init)
            guard let error = Self.failure(call) else {
                if words != ["ok"] { problems.append("\(Self.name(call)): told \(line), and all is done") }
                continue
            }
            var wanted = [error.kind.rawValue, error.endedBy ?? "-", error.message.contains("Nothing was sent") ? "nothing" : "something"]
            // For one instance alone the error says it all.
            if !error.results.isEmpty {
                wanted += call.outcomes.inOrder.map { "\($0.id)=\($0.outcome.error.map { $0.kind.rawValue } ?? "true")" }
            }
            if words != wanted { problems.append("\(Self.name(call)): told \(words), and the outcomes are \(wanted)") }
        }
    }

    // MARK: the ledger and its report

    private struct Subject: Hashable {
        let id: InstanceID
        let aspect: ChangeAspect
    }

    private mutating func compareLedger() {
        var last: [Subject: (verb: Change.Verb, outcome: ChangeOutcomes.Outcome)] = [:]
        var failing: [Subject: Change.Verb] = [:]
        for call in run.calls {
            for (id, outcome) in call.outcomes.inOrder {
                let subject = Subject(id: id, aspect: call.order.verb.aspect)
                last[subject] = (call.order.verb, outcome)
                switch outcome {
                case .satisfied, .accepted: failing[subject] = nil
                case .notSent, .refused: failing[subject] = call.order.verb
                case .unknown: break
                }
            }
        }
        for (subject, (verb, outcome)) in last.sorted(by: { $0.key.id < $1.key.id }) {
            let records = run.ledger.changes.filter { $0.id == subject.id && $0.verb.aspect == subject.aspect }
            if !Self.fits(verb, outcome, records) {
                problems.append("\(verb) \(subject.id) is \(outcome) and the ledger has \(records.map { "\($0.verb) \($0.status)" })")
            }
        }
        if !failing.isEmpty, !run.ledger.hasOpenChanges { problems.append("\(failing.count) changes failed, and nothing is open") }
        let isSilent = last.values.allSatisfy { if case .satisfied = $0.outcome { true } else { false } }
        if isSilent, run.calls.allSatisfy({ $0.outcomes.failed.isEmpty }), run.calls.allSatisfy({ Self.isSatisfied($0.outcomes) }),
            run.report != nil
        {
            problems.append("nothing was to be done, and the report is \(run.report ?? "")")
        }
        for verb in Change.Verb.allCases {
            let count = failing.values.count { $0 == verb }
            guard count > 0 else { continue }
            let words = [" \(verb.rawValue) failed", " \(verb.rawValue)s failed"]
            let said = words.map { Self.number(before: $0, in: run.report ?? "") }.reduce(0, +)
            if said < count { problems.append("\(count) \(verb) failed, and the report says \(run.report ?? "nothing")") }
        }
    }

    /// The sum of the numbers that stand before these words: each kind of failure has one.
    private static func number(before words: String, in text: String) -> Int {
        text.ranges(of: words).reduce(0) { sum, place in
            let digits = text[..<place.lowerBound].reversed().prefix { $0.isNumber }
            return sum + (Int(String(digits.reversed())) ?? 0)
        }
    }

    private static func isSatisfied(_ outcomes: ChangeOutcomes) -> Bool {
        outcomes.byID.values.allSatisfy { if case .satisfied = $0 { true } else { false } }
    }

    private static func fits(_ verb: Change.Verb, _ outcome: ChangeOutcomes.Outcome, _ records: [ChangeRecord]) -> Bool {
        records.contains { record in
            switch (outcome, record.status) {
            case (.satisfied, _): true
            case (.accepted, .accepted), (.accepted, .confirmed): record.verb == verb
            case (.accepted, .failed(let kind, _)): record.verb == verb && kind == "not_found"
            case (.notSent, .failed), (.refused, .failed): record.verb == verb
            case (.unknown, .satisfied): false
            case (.unknown, .failed(let kind, _)): record.verb == verb && ["not_found", "unavailable"].contains(kind)
            case (.unknown, _): record.verb == verb
            default: false
            }
        }
    }

    // MARK: words

    /// What the script gets to see.
    private static func failure(_ call: WorldCall) -> VastError? {
        call.outcomes.failure(of: call.order.verb, isSingle: LawScript.isSingle(call.order.decision.reasons.values.first))
    }

    private mutating func say(_ call: WorldCall, _ id: InstanceID, _ what: String) {
        problems.append("\(Self.name(call)): \(id) \(what) [\(call.outcomes[id].map { "\($0)" } ?? "")]")
    }

    private static func name(_ call: WorldCall) -> String {
        "call \(call.order.decision.reasons.values.first ?? "?") \(call.order.verb) of \(call.order.ids.count), exchanges \(call.exchanges)"
    }
}
