import FleetClock
package import VastModels

/// A reason not to believe what was read of the fleet, so that nothing is changed until somebody says otherwise.
package struct SanityDoubt: Sendable, Equatable {
    /// What is doubtful; the raw value is how a person names it to accept it.
    package enum Kind: String, Sendable, CaseIterable {
        /// Not every row was read.
        case incomplete
        /// Half of the fleet or more is gone since it was last read.
        case halved
        /// No running instance has a utilisation, those that we have just started left out. It stands in the way of what rests on
        /// it, and of nothing else.
        case noUtilization = "no-utilization"
        /// The service's clock and ours are minutes apart.
        case clock
    }

    /// What is doubtful.
    package var kind: Kind
    /// What was seen, and what to do.
    package var text: String
    /// Whether it stands only in the way of what depends on how many instances there are.
    package var concernsCounts = false
}

/// Looks at a reading of the whole fleet for signs that it must not be acted on.
package struct FleetSanity: Sendable {
    /// A fleet smaller than this may halve without a word: one instance ends.
    static let smallFleet = 4
    /// So many running instances without any utilisation are no coincidence.
    static let enoughRunning = 3
    /// How long an instance that was started may go without a utilisation, in seconds.
    package static let settlingTime = 900.0
    /// How far clocks may be apart.
    static let clockTolerance = Duration.seconds(120)

    /// What somebody said is all right.
    package var accepted: Set<SanityDoubt.Kind>

    /// - Parameter accepted: what is not doubted, since somebody has looked at it and said so.
    package init(accepting accepted: Set<SanityDoubt.Kind> = []) {
        self.accepted = accepted
    }

    /// - Parameters:
    ///   - snapshot: the reading.
    ///   - lastSize: how many instances there were when it was last read whole and believed, less those that we
    ///     destroyed since; nil when that is not known.
    ///   - started: which instances we have started in the last ``settlingTime``: they have no utilisation yet.
    ///   - clockOffset: how far the service's clock is ahead of ours; nil when that is not known.
    /// - Returns: what is doubtful and not accepted.
    package func doubts(
        about snapshot: FleetSnapshot, lastSize: Int?, started: Set<InstanceID> = [], clockOffset: Duration?
    ) -> [SanityDoubt] {
        [incomplete(snapshot), halved(snapshot, lastSize), noUtilization(snapshot, started)]
            .compactMap(\.self).filter { !accepted.contains($0.kind) } + doubts(aboutClock: clockOffset)
    }

    /// - Parameter offset: how far the service's clock is ahead of ours; nil when that is not known.
    package func doubts(aboutClock offset: Duration?) -> [SanityDoubt] {
        clock(offset).map { [$0] }?.filter { !accepted.contains($0.kind) } ?? []
    }

    /// The error for changes that are refused because of doubts; nil without any.
    package static func refusal(of doubts: [SanityDoubt]) -> VastError? {
        guard let first = doubts.first else { return nil }
        let names = doubts.map(\.kind.rawValue).joined(separator: ",")
        return VastError(
            .guard, doubts.map(\.text).joined(separator: "; "), code: first.kind.rawValue, hint: "to allow   --accept \(names)")
    }

    private func incomplete(_ snapshot: FleetSnapshot) -> SanityDoubt? {
        guard !snapshot.isFiltered, !snapshot.isComplete else { return nil }
        if snapshot.lacksOnlyUnreadable {
            let (count, rows) = (snapshot.unreadable.count, snapshot.instances.count + snapshot.unreadable.count)
            return SanityDoubt(
                kind: .incomplete,
                text:
                    "the fleet could not be read whole: \(count) of \(rows) rows \(count == 1 ? "has" : "have") no usable id of \(count == 1 ? "its" : "their") own",
                concernsCounts: true)
        }
        let total = snapshot.total.map { " of \($0)" } ?? ""
        return SanityDoubt(kind: .incomplete, text: "the fleet could not be read whole: \(snapshot.instances.count)\(total) instances")
    }

    private func halved(_ snapshot: FleetSnapshot, _ lastSize: Int?) -> SanityDoubt? {
        // A row that cannot be read is an instance all the same.
        let size = snapshot.instances.count + snapshot.unreadable.count
        guard snapshot.isAuthoritative || snapshot.lacksOnlyUnreadable, let lastSize, lastSize >= Self.smallFleet, size * 2 <= lastSize
        else { return nil }
        return SanityDoubt(
            kind: .halved, text: "the fleet has \(size) instances and had \(lastSize) when it was last read")
    }

    private func noUtilization(_ snapshot: FleetSnapshot, _ started: Set<InstanceID>) -> SanityDoubt? {
        let running = snapshot.instances.filter { $0.state == .running && !started.contains($0.id) }
        guard running.count >= Self.enoughRunning, running.allSatisfy({ $0.gpuUtilization == nil }) else { return nil }
        return SanityDoubt(kind: .noUtilization, text: "none of \(running.count) running instances has a GPU utilisation")
    }

    private func clock(_ offset: Duration?) -> SanityDoubt? {
        guard let offset, abs(offset.seconds) > Self.clockTolerance.seconds else { return nil }
        let (length, word) = offset < .zero ? (Duration.zero - offset, "behind") : (offset, "ahead of")
        return SanityDoubt(kind: .clock, text: "the service's clock is \(DurationFormat.format(length)) \(word) this machine's")
    }
}
