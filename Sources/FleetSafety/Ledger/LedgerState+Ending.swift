import VastAPI

/// How changes end, and what that makes of those before them.
extension LedgerState {
    /// A change has ended. What did not happen leaves in place what was there before.
    ///
    /// - Parameter mayWait: whether a start whose GPU is taken stays queued, and counts as accepted.
    mutating func finish(_ record: ChangeRecord, _ outcome: ChangeOutcomes.Outcome, at now: Double, mayWait: Bool) {
        let key = Key(id: record.id, aspect: record.verb.aspect)
        var record = record
        (record.status, record.time) = (ChangeRecord.Status(outcome), now)
        switch outcome {
        case .satisfied:
            makeGood(record.verb, key)
            // Finding it stopped after a start in doubt: what was before that start stands again.
            if let doubt = latest[key], doubt.isInDoubt, doubt.verb != record.verb {
                latest[key] = doubted.removeValue(forKey: key)
                overtake(doubt, by: record, key)
            }
            // A stop that was sent before is not undone by finding it stopped.
            guard latest[key]?.verb != record.verb else { break }
            overtake(latest[key], by: record, key)
            put(record, key)
        case .accepted, .unknown:
            noteEarlier(record, outcome, key)
            if case .accepted = outcome, mayWait { record.isQueued = latest[key]?.call == record.call && latest[key]?.status == .queued }
            put(record, key)
            noteSwitch(record, outcome)
            if case .accepted = outcome { makeGood(record.verb, key) }
            touched.append((now, record.id))
            if case .accepted = outcome, record.verb.rules.endsRental { destroyed += 1 }
            return usage.noteAnswered(record.id, call: record.call, at: now)
        case .notSent, .refused:
            if let change = open[record.call]?[record.id], change.isSent, latest[key]?.call == record.call { latest[key] = change.replaced }
            touch(record, key)
            makeGood(record.verb, key)
            failures[key, default: []].append(record)
        }
        usage.remove(record.id, call: record.call)
    }

    /// A change was made, or may have been: what is to be said of the one before.
    private mutating func noteEarlier(_ record: ChangeRecord, _ outcome: ChangeOutcomes.Outcome, _ key: Key) {
        let known = latest[key]?.call == record.call ? nil : latest[key]
        let earlier = open[record.call]?[record.id]?.replaced ?? known
        overtake(doubted.removeValue(forKey: key), by: record, key)
        if case .unknown = outcome { doubted[key] = earlier } else { overtake(earlier, by: record, key) }
    }

    /// What a later change has taken the place of is no more to be seen, and was made all the same.
    mutating func overtake(_ earlier: ChangeRecord?, by later: ChangeRecord, _ key: Key) {
        guard let earlier, earlier.wasSent, !earlier.isLeftover else { return }
        overtaken[key, default: []].removeAll { $0.isCovered(by: later) || $0.isCovered(by: earlier) }
        guard !earlier.isCovered(by: later) else { return }
        // A reboot does not end it that a start waits for its GPU.
        let isWaiting = earlier.isQueued && later.verb.rules.switchesTo == nil && !later.verb.rules.endsRental
        overtaken[key, default: []].append(isWaiting ? earlier : earlier.replaced)
    }

    /// What became of a change of a call that has ended without knowing it.
    mutating func settle(_ id: InstanceID, _ verb: Change.Verb, _ outcome: ChangeOutcomes.Outcome, call: Int) {
        let key = Key(id: id, aspect: verb.aspect)
        guard var record = latest[key], record.call == call, record.verb == verb, record.isInDoubt else { return }
        if case .unknown = outcome { return }
        record.status = ChangeRecord.Status(outcome)
        if case .failed = record.status { return fail(record, key) }
        latest[key] = record
        overtake(doubted.removeValue(forKey: key), by: record, key)
    }

    /// What was in doubt has not happened: what it had taken the place of stands again.
    mutating func fail(_ record: ChangeRecord, _ key: Key) {
        latest[key] = doubted.removeValue(forKey: key)
        failures[key, default: []].append(record)
    }

    /// Earlier failures of a verb count no more. A stop does not make good a start that has failed.
    private mutating func makeGood(_ verb: Change.Verb, _ key: Key) {
        failures[key]?.removeAll { $0.verb == verb }
    }

    /// What is not known of a stop or a start says nothing any more, and neither does what was before it.
    private mutating func noteSwitch(_ record: ChangeRecord, _ outcome: ChangeOutcomes.Outcome) {
        guard record.verb.rules.switchesTo != nil else { return }
        if case .accepted = outcome { switches[record.id] = record } else { switches[record.id] = nil }
    }
}
