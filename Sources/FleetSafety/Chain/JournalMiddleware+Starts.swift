package import FleetStore
internal import VastAPI

/// A start of this run that may be queued at the service although it was to be withdrawn.
struct OpenStart {
    let call: Int
    let before: InstanceFacts?
    /// When its call ended, in Unix seconds.
    let time: Double
}

/// Starts of a run that lives on: they are withdrawn as soon as the fleet can be read again.
extension JournalMiddleware {
    func noteOpenStarts(_ order: ChangeOrder, _ outcomes: ChangeOutcomes) {
        guard order.verb.aspect == .state, let note = order.note else { return }
        let isWithdrawn = order.verb == .start && order.unavailable != .queue
        openStarts.withLock { starts in
            for (id, outcome) in outcomes.inOrder {
                switch outcome {
                case .unknown where isWithdrawn && (outcome.mayBeQueued || note.before[id]?.isWanted == false):
                    starts[id] = OpenStart(call: note.call, before: note.before[id], time: journal.clock.unixTime)
                // What has failed leaves an earlier start as it is.
                case .notSent, .refused: continue
                case .satisfied, .accepted, .unknown: starts[id] = nil
                }
            }
        }
    }

    /// A start of an earlier run that could not be withdrawn is tried again like one of this run.
    func noteLeftover(_ start: JournalChange, call: Int) {
        let now = journal.clock.unixTime
        ledger.noteLeftover(start.instance, before: start.before, at: now)
        openStarts.withLock { $0[start.instance] = OpenStart(call: call, before: start.before, time: now) }
    }

    /// What has become of a start of an earlier run is known.
    func forgetLeftover(_ start: JournalChange) {
        openStarts.withLock { $0[start.instance] = nil }
        ledger.forgetLeftover(start.instance)
    }

    /// Takes a reading of the whole fleet: what is still queued is withdrawn, and what became of the others is written down.
    ///
    /// - Returns: whether any was withdrawn, so that the reading is out of date.
    func settleStarts(by snapshot: FleetSnapshot) async -> Bool {
        let seen = openStarts.withLock { starts in
            let seen = starts.filter { $0.value.time <= snapshot.observedAt.timeIntervalSince1970 && snapshot[$0.key] != nil }
            for id in seen.keys { starts[id] = nil }
            return seen
        }
        var isChanged = false
        for (call, starts) in Dictionary(grouping: seen, by: \.value.call).sorted(by: { $0.key < $1.key }) {
            let settled = await settle(Dictionary(uniqueKeysWithValues: starts.map { ($0.key, $0.value) }), of: call, by: snapshot)
            isChanged = isChanged || settled
        }
        return isChanged
    }

    private func settle(_ starts: [InstanceID: OpenStart], of call: Int, by snapshot: FleetSnapshot) async -> Bool {
        let queued = starts.keys.filter { snapshot[$0]?.isStartQueued ?? false }
        var settled = ChangeOutcomes(starts.keys.filter { !queued.contains($0) })
        for id in settled.byID.keys {
            if let outcome = Self.shown(snapshot[id]) {
                settled.set(id, outcome)
            } else {
                openStarts.withLock { $0[id] = $0[id] ?? starts[id] }
            }
        }
        await journal.note(settled, of: .start, call: call)
        ledger.settle(settled, of: .start, call: call)
        let open = await stillOwn(queued)
        guard !open.isEmpty else { return false }
        let outcomes = await withdraw(open.sorted(), before: starts.compactMapValues(\.before), call: call)
        ledger.settle(outcomes, of: .start, call: call)
        for (id, outcome) in outcomes.inOrder {
            let name = starts[id]?.before?.name ?? "\(id)"
            switch outcome {
            case .refused: tell("the queued start of \(name) is withdrawn after all")
            case .accepted: alarm("the queued start of \(name) has come about before it could be withdrawn: it runs and bills")
            default: openStarts.withLock { $0[id] = $0[id] ?? starts[id] }
            }
        }
        return outcomes.byID.values.contains { if case .unknown = $0 { false } else { true } }
    }

    /// Without those that another run has done something to since: what it has queued is its own.
    private func stillOwn(_ ids: [InstanceID]) async -> Set<InstanceID> {
        guard !ids.isEmpty, let run = journal.runNumber else { return [] }
        return (try? await journal.database.perform { [reconciler] in try reconciler.areOpen(ids, ofRun: run) }) ?? []
    }

    /// What a row that is not queued says of a start.
    private static func shown(_ row: Instance?) -> ChangeOutcomes.Outcome? {
        guard let row, row.intendedStatus != nil else { return nil }
        if Change.Verb.start.isAccepted(by: row) { return .accepted }
        return .refused(VastError(.unavailable, "it is not started, and not queued, as the fleet shows", instance: row.id))
    }
}
