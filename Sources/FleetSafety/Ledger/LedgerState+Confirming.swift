#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
import VastAPI

/// What readings of the fleet make of changes.
extension LedgerState {
    /// What a reading shows. One that began before a change says nothing about it.
    mutating func confirm(with snapshot: FleetSnapshot) {
        let time = snapshot.observedAt.timeIntervalSince1970
        for (_, key) in order {
            guard var record = latest[key], record.isUnconfirmed, record.time <= time else { continue }
            let row = snapshot[key.id]
            guard row != nil || snapshot.isAuthoritative else { continue }
            if let row { noteShown(row, key, at: time) }
            record.note(row)
            if row != nil, !record.isLeftover, case .failed = record.status {
                fail(record, key)
                guard let earlier = latest[key], earlier.isUnconfirmed else { continue }
                record = earlier
                record.note(row)
            }
            if record.status == .confirmed { bill.noteConfirmed(at: time) }
            latest[key] = record
            if !record.isInDoubt { overtake(doubted.removeValue(forKey: key), by: record, key) }
        }
    }

    /// A label or a price whose fate was unknown, and that others came after, has arrived when it is the one shown.
    private mutating func noteShown(_ row: Instance, _ key: Key, at time: Double) {
        func isShown(_ change: ChangeRecord) -> Bool {
            change.isOfUnknownFate && change.payload != nil && change.time <= time && change.verb.isSettled(by: row, change.payload)
        }
        for index in overtaken[key, default: []].indices where overtaken[key].map({ isShown($0[index]) }) ?? false {
            overtaken[key]?[index].status = .confirmed
        }
        guard var doubt = doubted[key], isShown(doubt) else { return }
        doubted[key] = nil
        doubt.status = .confirmed
        overtaken[key, default: []].append(doubt)
    }
}
