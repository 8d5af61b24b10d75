package import VastAPI

/// Every change of a run, the last of each instance and aspect: what still has to be confirmed, and what the report
/// at the end says.
package struct ChangeLedger: Sendable {
    private struct Key: Hashable {
        let id: InstanceID
        let aspect: ChangeAspect
    }

    private var latest: [Key: ChangeRecord] = [:]
    private var order: [Key] = []

    package init() {}

    /// The changes in the order in which their instances were first touched.
    package var changes: [ChangeRecord] { order.compactMap { latest[$0] } }

    /// Notes a change; it replaces an earlier one of the same aspect of the instance, so that a later success settles
    /// an earlier failure.
    package mutating func record(_ change: ChangeRecord) {
        let key = Key(id: change.id, aspect: change.verb.aspect)
        var change = change
        if let earlier = latest[key] {
            // A stop that had been confirmed is not undone by finding it still stopped.
            if change.status == .satisfied, earlier.verb == change.verb { return }
            if earlier.rateBefore != nil { change.rateBefore = earlier.rateBefore }
        } else {
            order.append(key)
        }
        latest[key] = change
    }

    /// The script handled this instance's failure on purpose: it no longer counts against the run.
    package mutating func settleFailures(of ids: some Sequence<InstanceID>) {
        for id in ids {
            for aspect in ChangeAspect.allCases { latest[Key(id: id, aspect: aspect)]?.isSettled = true }
        }
    }

    /// The ids whose accepted changes the fleet has not shown yet.
    package var unconfirmed: [InstanceID] {
        var seen = Set<InstanceID>()
        return changes.filter { $0.isUnconfirmed && seen.insert($0.id).inserted }.map(\.id)
    }

    /// Marks what a reading of the fleet shows.
    ///
    /// - Parameters:
    ///   - instances: the rows by id.
    ///   - isComplete: whether a row that is missing means that the instance is gone.
    package mutating func confirm(with instances: [InstanceID: Instance], isComplete: Bool) {
        for key in order {
            guard var change = latest[key], change.isUnconfirmed else { continue }
            let row = instances[key.id]
            guard row != nil || isComplete, change.isShown(by: row) else { continue }
            change.status = .confirmed
            latest[key] = change
        }
    }

    /// Whether a change failed, or is not confirmed, and nobody dealt with it.
    package var hasOpenChanges: Bool {
        changes.contains { change in
            switch change.status {
            case .accepted, .sent: true
            case .failed: !change.isSettled
            case .satisfied, .confirmed: false
            }
        }
    }

    /// Whether anything was sent or failed: a run without is silent.
    package var isEmpty: Bool {
        changes.allSatisfy { $0.status == .satisfied }
    }
}
