import FleetRules
import FleetStore
import VastAPI

/// Joins the readings of this process with those that earlier runs and other processes have left on disk.
final class SampleHistory {
    /// What is needed from before a window, so that a start inside it is seen as one.
    private static let margin = 3_600.0
    /// How far back readings are kept in memory where nothing is on disk, in seconds: what `inst:history()` gives.
    private static let unkept = 86_400.0

    private let open: (() throws -> AccountState?)?
    private let warn: (String) -> Void
    private let retention: RetentionPeriods
    private lazy var state = opened()
    private lazy var store = state?.samples
    /// From when on everything on disk is known here, in Unix seconds; nil: nothing is.
    private var loadedFrom: Double?
    /// Up to when; what others have added since is fetched when it is asked for.
    private var loadedUpTo = 0.0
    private var lastAdded = 0.0
    private var lastPruned = 0.0
    private var hasWarned = false
    private lazy var known = readKnown()

    /// - Parameters:
    ///   - open: opens the store when it is first needed; nil, or nil from it: there is none.
    ///   - retention: how long is kept what nobody needs any more.
    ///   - warn: told what could not be kept or read, once.
    init(
        open: (() throws -> AccountState?)?, retention: RetentionPeriods = RetentionPeriods(), warn: @escaping (String) -> Void
    ) {
        (self.open, self.retention) = (open, retention)
        self.warn = warn
    }

    private func opened() -> AccountState? {
        do { return try open?() } catch { return fail(error) }
    }

    @discardableResult
    private func fail<Result>(_ error: any Error) -> Result? {
        if !hasWarned { warn("readings are not kept on disk, and idle times begin with this run: \(error)") }
        hasWarned = true
        return nil
    }

    /// Whether there is a place for readings that outlives the run.
    var isKept: Bool { store != nil }

    /// Keeps what a reading has said.
    func keep(_ samples: [(id: InstanceID, sample: Sample)], now: Double) {
        guard let store, !samples.isEmpty else { return }
        do {
            try store.add(samples)
            lastAdded = now
        } catch {
            let _: Void? = fail(error)
        }
        // A script that never comes to an end of its work is given none to wait for.
        prune(now: now, pause: 2 * Self.prunePause)
    }

    /// How often what is too old is dropped, in seconds.
    private static let prunePause = 3_600.0

    /// Drops what is too old from the disk, when that was not done for a while. It is called after the work.
    func prune(now: Double, pause: Double = prunePause) {
        guard isKept, let state, abs(now - lastPruned) >= pause else { return }
        lastPruned = now
        do { try state.prune(retention, now: now) } catch { warn("what is too old stays on disk: \(error)") }
    }

    /// Brings `readings` up to what is on disk from `since` on, and has them keep that; both times in Unix seconds.
    func load(into readings: inout Readings, since: Double, now: Double) {
        guard let store else { return readings.widen(to: max(Self.unkept, now - since)) }
        let from = ((since - Self.margin) / 3_600).rounded(.down) * 3_600
        // What has been forgotten since it was loaded is fetched again.
        loadedFrom = loadedFrom.map { max($0, now - readings.horizon) }
        readings.widen(to: now - since + Self.margin + 3_600)
        do {
            if let loadedFrom {
                if from < loadedFrom { readings.merge(try store.samples(since: from, until: loadedFrom)) }
                if lastAdded > loadedUpTo {
                    readings.merge(try store.samples(since: loadedUpTo - 60))
                    loadedUpTo = lastAdded
                }
            } else {
                let kept = try store.samples(since: from)
                readings.merge(kept)
                loadedUpTo = max(lastAdded, kept.values.compactMap { $0.last?.time }.max() ?? from)
            }
            loadedFrom = min(from, loadedFrom ?? from)
        } catch {
            let _: Void? = fail(error)
        }
    }

    /// What is on disk of one instance from `since` on (Unix seconds), the oldest first.
    func samples(of id: InstanceID, since: Double) -> [Sample] {
        do { return try store?.samples(since: since, of: id)[id] ?? [] } catch { return fail(error) ?? [] }
    }

    /// How far the account has come from the label grammar of version 0.1; nil where nothing is on disk.
    var labelGrammar: LabelGrammarStore? { state?.labelGrammar }

    /// How starts on an instance's machine have fared; nil where nothing is known.
    func starts(of instance: Instance) -> (tried: Int, refused: Int)? {
        do { return try state?.history.starts(onMachine: instance.machineID, or: instance.id) } catch { return fail(error) }
    }

    /// When an instance was read for the first time before this process began to read, in Unix seconds; nil: never.
    func firstSeen(_ id: InstanceID) -> Double? { known[id] }

    private func readKnown() -> [InstanceID: Double] {
        guard let store else { return [:] }
        do { return try store.firstSeen() } catch { return fail(error) ?? [:] }
    }

    /// Whether readings of any run have shown an instance in another state than this one.
    func wasOther(than state: InstanceState, _ id: InstanceID) -> Bool {
        do { return try store?.spells(of: id).contains { $0.state != state } ?? false } catch { return fail(error) ?? true }
    }

    /// Since when an instance has been in a state, as far as readings of any run have shown, in Unix seconds.
    ///
    /// - Returns: nil when that is not its last state, or nothing is on disk.
    func began(_ state: InstanceState, of id: InstanceID) -> Double? {
        guard let store else { return nil }
        do {
            guard let last = try store.spells(of: id).last, last.state == state else { return nil }
            return last.began
        } catch {
            return fail(error)
        }
    }
}
