package import FleetRules
import FleetClock
import VastAPI

/// The one line at the end of a run: what was changed, what failed, what still bills, and what it does to the bill.
package struct RunReport: Sendable {
    /// What the fleet bills, in $/h; nil when it was never read whole.
    package struct Bill: Sendable, Equatable {
        /// Before the first change of the run.
        package var before: Double?
        /// As it was read last; nil when no reading is later than the last change that was confirmed.
        package var after: Double?
        /// Both in $/h.
        package init(before: Double? = nil, after: Double? = nil) {
            self.before = before
            self.after = after
        }
    }

    /// Everything that the script asked for, with how far it came.
    package var changes: [ChangeRecord]
    /// What the fleet billed at the beginning and at the end of the run.
    package var bill: Bill
    /// How long the run took.
    package var length: Duration
    /// Whether what is open is still being looked for.
    package var isConfirming = false
    /// How long was waited at the end for changes to be seen.
    package var waited: Duration

    /// - Parameters:
    ///   - length: how long the run took.
    ///   - waited: how much of that was spent at the end, waiting for changes to be seen.
    package init(changes: [ChangeRecord], bill: Bill, length: Duration, waited: Duration) {
        self.changes = changes
        self.bill = bill
        self.length = length
        self.waited = waited
    }

    /// The line, without the program's and the script's name; nil when nothing changed and nothing failed.
    package var line: String? {
        guard changes.contains(where: { $0.status != .satisfied }) else { return nil }
        let counts = doneParts + failedParts + openParts
        return ([counts.joined(separator: ", ")] + [billPart, "in \(DurationFormat.format(length))"].compactMap(\.self))
            .joined(separator: "; ")
    }

    private func changes(_ isIncluded: (ChangeRecord) -> Bool) -> [ChangeRecord] { changes.filter(isIncluded) }

    private var doneParts: [String] {
        Change.Verb.allCases.flatMap { verb in
            let isVisible = verb.rules.isVisible
            let done = changes { $0.verb == verb && $0.status == (isVisible ? .confirmed : .accepted) }.count
            let replaced = changes { $0.verb == verb && $0.status == .replaced(isCertain: true) }.count
            return [
                (done, isVisible ? "confirmed" : "accepted; what it did cannot be seen"), (replaced, "accepted, and changed again since")
            ].filter { $0.0 > 0 }.map { "\(verb.past) \($0) (\($1))" }
        }
    }

    private var failedParts: [String] {
        Change.Verb.allCases.flatMap { verb in
            let failed = changes.filter { $0.verb == verb }.compactMap { change -> (change: ChangeRecord, kind: String)? in
                if case .failed(let kind, _) = change.status { (change, kind) } else { nil }
            }
            var kinds: [String] = []
            for failure in failed where !kinds.contains(failure.kind) { kinds.append(failure.kind) }
            return kinds.map { kind in
                let same = failed.filter { $0.kind == kind }.map(\.change)
                return "\(verb.counted(same.count)) failed (\(Self.names(same)): \(kind))"
            }
        }
    }

    /// A stop that the fleet does not show is money: it says so, and what it costs.
    private var openParts: [String] {
        queuedParts + replacedParts
            + [(ChangeRecord.Status.accepted, "accepted"), (.sent, "sent, outcome unknown")].flatMap { status, word in
                Change.Verb.allCases.compactMap { verb in
                    openPart(verb, changes { $0.verb == verb && $0.status == status && $0.isUnconfirmed }, word)
                }
            }
    }

    private var queuedParts: [String] {
        let queued = changes { $0.status == .queued }
        return queued.isEmpty ? [] : ["STILL QUEUED \(Self.names(queued, most: .max)), may start and bill"]
    }

    /// Nothing that a reading can show says any more what became of these.
    private var replacedParts: [String] {
        Change.Verb.allCases.compactMap { verb in
            let open = changes { $0.verb == verb && $0.status == .replaced(isCertain: false) }
            return open.isEmpty ? nil : "\(verb.rawValue) of \(Self.names(open)) sent, outcome unknown; another change of it came after"
        }
    }

    private func openPart(_ verb: Change.Verb, _ open: [ChangeRecord], _ word: String) -> String? {
        guard !open.isEmpty else { return nil }
        let end = isConfirming ? "not seen yet" : "not seen after \(DurationFormat.format(waited))"
        let what = "\(verb.rawValue) of \(Self.names(open)) \(word), \(end)"
        if isConfirming { return what }
        if open.contains(where: { $0.isQueued && $0.status == .accepted }) { return "\(what), queued: it bills as soon as the GPU is free" }
        if verb == .start, open.contains(where: { $0.status == .sent }) { return "\(what), may be queued and bill later" }
        guard verb.rules.endsBilling else { return what }
        let rates = open.compactMap(\.rateBefore)
        return "STILL BILLING\(rates.isEmpty ? "" : " \(USDPerHour(rates.reduce(0, +)))"): \(what)"
    }

    private var billPart: String? {
        guard let after = bill.after else { return nil }
        return bill.before.map { "\(USDPerHour($0)) -> \(USDPerHour(after))" } ?? "now \(USDPerHour(after))"
    }

    /// A label may have 1024 characters; its id says which instance it is.
    private static let longestName = 40

    private static func names(_ changes: [ChangeRecord], most: Int = 3) -> String {
        let shown = changes.prefix(most).map { change in
            let name = PrintableText.safe(change.name, limit: longestName)
            return change.id == 0 ? "no instance" : name.isEmpty ? "\(change.id)" : "\(change.id) \(name)"
        }
        let more = changes.count - shown.count
        return shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
