internal import VastAPI

/// A start of this run that may be queued at the service although it was to be withdrawn.
struct OpenStart {
    let call: Int
    let before: InstanceFacts?
    /// When its call ended, in Unix seconds.
    let time: Double
}

/// Starts of a run that lives on: they are withdrawn as soon as the fleet can be read again.
extension Journaled {
    func noteOpenStarts(_ order: ChangeOrder, _ outcomes: ChangeOutcomes) {
        guard order.verb.aspect == .state, let note = order.note else { return }
        let isWithdrawn = order.verb == .start && order.unavailable != .queue
        openStarts.withLock { starts in
            for (id, outcome) in outcomes.inOrder {
                if isWithdrawn, case .unknown = outcome, outcome.mayBeQueued || note.before[id]?.intendedStatus == "stopped" {
                    starts[id] = OpenStart(call: note.call, before: note.before[id], time: journal.clock.unixTime)
                } else if case .notSent = outcome {
                    continue
                } else {
                    starts[id] = nil
                }
            }
        }
    }

    /// Takes a reading of the whole fleet: what is still queued is withdrawn, and what became of the others is written down.
    func settleStarts(by snapshot: FleetSnapshot) async {
        let seen = openStarts.withLock { starts in
            let seen = starts.filter { $0.value.time <= snapshot.observedAt.timeIntervalSince1970 && snapshot[$0.key] != nil }
            for id in seen.keys { starts[id] = nil }
            return seen
        }
        let queued = seen.filter { snapshot[$0.key]?.isStartQueued ?? false }
        let withdrawn = queued.isEmpty ? nil : await withdraw(queued.keys.sorted(), before: queued.compactMapValues(\.before))
        var ends: [Int: [(id: InstanceID, outcome: ChangeOutcomes.Outcome)]] = [:]
        for (id, start) in seen.sorted(by: { $0.key < $1.key }) {
            let outcome = queued[id] == nil ? Self.shown(snapshot[id]) : withdrawn?[id]
            switch outcome {
            case .refused where queued[id] != nil: tell("the queued start of \(name(id, start)) is withdrawn after all")
            case .accepted where queued[id] != nil:
                alarm("the queued start of \(name(id, start)) has come about before it could be withdrawn: it runs and bills")
            case .refused, .accepted: break
            default:
                openStarts.withLock { $0[id] = $0[id] ?? start }
                continue
            }
            if let outcome { ends[start.call, default: []].append((id, outcome)) }
        }
        for (call, ended) in ends {
            var outcomes = ChangeOutcomes(ended.map(\.id))
            for end in ended { outcomes.set(end.id, end.outcome) }
            await journal.note(outcomes, of: .start, call: call)
        }
    }

    private func name(_ id: InstanceID, _ start: OpenStart) -> String { start.before?.name ?? "\(id)" }

    /// What a row that is not queued says of a start.
    private static func shown(_ row: Instance?) -> ChangeOutcomes.Outcome? {
        guard let row, row.intendedStatus != nil else { return nil }
        if Change.Verb.start.isAccepted(by: row) { return .accepted }
        return .refused(VastError(.unavailable, "it is not started, and not queued, as the fleet shows", instance: row.id))
    }
}
