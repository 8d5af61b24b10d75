#if canImport(FoundationEssentials)
package import FleetRules
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import Synchronization
import VastAPI

/// Whether the last reading of the whole fleet may be believed, by what it looked like before.
package final class SanityTracker: Sendable {
    /// Where the size of the fleet is kept from run to run.
    package struct SizeStore: Sendable {
        /// How many instances there were when the fleet was last read whole and believed; nil: never. Throws when the
        /// place cannot be read.
        package var last: @Sendable () throws -> Int?
        /// The size, and when it was read, in Unix seconds.
        package var keep: @Sendable (Int, Double) throws -> Void

        /// - Parameters:
        ///   - last: the size that is kept; nil when there is none.
        ///   - keep: takes the size, and when it was read, in Unix seconds.
        package init(last: @escaping @Sendable () throws -> Int?, keep: @escaping @Sendable (Int, Double) throws -> Void) {
            self.last = last
            self.keep = keep
        }
    }

    private struct State {
        var lastSize: Int?
        var keptSize: Int?
        var isLoaded = false
        /// How many instances we had destroyed when the size was read.
        var destroyed = 0
        var doubts: [SanityDoubt] = []
    }

    private let sanity: FleetSanity
    private let store: SizeStore?
    private let clockOffset: @Sendable () -> Duration?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - store: nil: nothing is known of earlier runs.
    ///   - clockOffset: how far the service's clock is ahead of ours; nil when that is not known.
    package init(
        _ sanity: FleetSanity = FleetSanity(), store: SizeStore? = nil, clockOffset: @escaping @Sendable () -> Duration? = { nil }
    ) {
        self.sanity = sanity
        self.store = store
        self.clockOffset = clockOffset
    }

    /// Looks at a reading. What the store cannot say or keep is taken as not known: it guards nothing by itself.
    ///
    /// - Parameters:
    ///   - destroyed: how many instances we have destroyed ourselves so far.
    ///   - started: which instances we have started in the last ``FleetSanity/settlingTime``.
    func note(_ snapshot: FleetSnapshot, destroyed: Int, started: Set<InstanceID>) {
        guard !snapshot.isFiltered else { return }
        let loaded = state.withLock { $0.isLoaded } ? nil : try? store?.last()
        let size = snapshot.instances.count
        let isNew = state.withLock { state in
            if !state.isLoaded { (state.lastSize, state.keptSize, state.isLoaded) = (loaded, loaded, true) }
            let expected = state.lastSize.map { max(0, $0 - (destroyed - state.destroyed)) }
            state.doubts = sanity.doubts(about: snapshot, lastSize: expected, started: started, clockOffset: nil)
            guard state.doubts.allSatisfy({ $0.kind == .noUtilization }), snapshot.isAuthoritative else { return false }
            (state.lastSize, state.destroyed) = (size, destroyed)
            defer { state.keptSize = size }
            return state.keptSize != size
        }
        if isNew { try? store?.keep(size, snapshot.observedAt.timeIntervalSince1970) }
    }

    /// Whether somebody has said that a part of the fleet may be taken for the whole of it where instances are counted.
    var acceptsIncomplete: Bool { sanity.accepted.contains(.incomplete) }

    /// The error for changes while the last reading, or the service's clock, is doubted; nil when neither is.
    ///
    /// - Parameters:
    ///   - usesUtilization: whether the change rests on how busy an instance is.
    ///   - usesCounts: whether it rests on how many instances there are.
    func refusal(usesUtilization: Bool, usesCounts: Bool = false) -> VastError? {
        let doubts = state.withLock { $0.doubts }
            .filter { (usesUtilization || $0.kind != .noUtilization) && (usesCounts || !$0.concernsCounts) }
        return FleetSanity.refusal(of: doubts + sanity.doubts(aboutClock: clockOffset()))
    }
}
