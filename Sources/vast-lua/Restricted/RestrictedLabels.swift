import FleetCalendar
import FleetRules
import FleetStore
import Logging
import Synchronization
import VastAPI
import VastLua

/// The day in which labels still protect as they did in version 0.1, for a restricted script: the state says when it ends, and
/// only this process sees the state.
final class RestrictedLabels: Sendable {
    private static let day = 86_400.0

    /// Until when, in Unix seconds; nil: there is no such day, or it is over.
    let end: Double?
    private let store: LabelGrammarStore
    private let now: Double
    private let logger: Logger
    private let zone: Zone
    private let zones: ZoneCatalog
    /// Whether the day is to begin with the first reading of the whole fleet.
    private let isPending: Mutex<Bool>

    /// - Returns: nil where nothing is on disk that version 0.1 could have written.
    init?(_ context: ScriptContext, isPlanning: Bool) {
        guard let database = context.process.database, database.exists, let account = try? context.connection.accountName() else {
            return nil
        }
        let store = LabelGrammarStore(database, account: account)
        self.store = store
        let now = context.clock.unixTime
        (self.now, logger, zone, zones) = (now, context.logger, context.zone, context.zones)
        // Without an answer nothing is known of what somebody relies on: nil, and it ends in a day.
        let state = try? store.state()
        isPending = Mutex(state == .pending && !isPlanning)
        end =
            switch state {
            case .settled: nil
            case .begun(let transition): now < transition.end ? transition.end : nil
            case .pending, nil: now + Self.day
            }
    }

    /// Takes a reading: the first one of the whole fleet begins the day, as in any other run.
    func note(_ snapshot: FleetSnapshot) {
        guard snapshot.isAuthoritative else { return }
        let isFirst = isPending.withLock { isPending in
            defer { isPending = false }
            return isPending
        }
        guard isFirst else { return }
        let found = snapshot.instances.filter { !brackets(of: $0.label).isEmpty }
        let transition = LabelGrammarStore.Transition(since: now, labels: found.map { .init(id: $0.id, text: $0.label) })
        do {
            guard let kept = try store.begin(transition), kept.isNew, !found.isEmpty else { return }
            logger.warning("\(LabelTransition.text(found, brackets))")
        } catch {
            logger.warning("that labels protect for a day as in version 0.1 cannot be noted; in this run they do: \(error)")
        }
    }

    private func brackets(of label: String) -> [String] { EarlierLabelGrammar.brackets(of: label, now: now, zone: zone, zones: zones) }
}
