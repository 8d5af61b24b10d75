/// What a change puts at risk on Vast.ai (Vast API contract, sections 4 and 5, part 2, section C).
package enum ChangeRisk: Sendable, Equatable {
    case gpuMayBeTaken
    /// A start that may find its GPU rented to somebody else.
    case gpuMayBeRented
    case losesBid
    case gpuOrBidMayBeLost
    /// A bid that others may be above, so that the instance is parked.
    case mayBeOutbid
    /// A raise that may bring up an instance that is off.
    case mayStart
    /// A bid alone brings nothing back that has lost its GPUs.
    case offUntilBidWins
    case interrupts
    case containerDataLost
    case allLost
    case unknown
    /// How many of so many starts on the machine were refused.
    case refusedStarts(Int, of: Int)
    /// The contract has ended: it cannot start again.
    case contractEnded
    /// In how many seconds the contract ends, and whether that is before the next start.
    case contractEnds(in: Double, isBeforeStart: Bool)
    /// What the disk costs while it is off; nil when unknown.
    case diskKeepsBilling(USDPerHour?)

    /// What the risks of a change are judged by.
    package struct Circumstances: Sendable {
        /// Unix seconds.
        package var now: Double
        /// How starts on the machine have fared; nil: not known.
        package var starts: (tried: Int, refused: Int)?
        /// When the instance is to be started again, in Unix seconds; nil when that is not known.
        package var nextStart: Double?

        /// - Parameters:
        ///   - now: in Unix seconds.
        ///   - starts: how many starts of the machine were tried, and how many refused; nil when that is not known.
        ///   - nextStart: when the instance is to be started again, in Unix seconds; nil when that is not known.
        package init(now: Double, starts: (tried: Int, refused: Int)? = nil, nextStart: Double? = nil) {
            (self.now, self.starts, self.nextStart) = (now, starts, nextStart)
        }
    }

    /// A contract that ends sooner than this is worth a word even if no next start is known, in seconds.
    private static let soon = 48 * 3_600.0

    /// What the end of the contract puts at risk.
    static func ending(_ facts: InstanceFacts, _ circumstances: Circumstances) -> [ChangeRisk] {
        guard let end = facts.endDate else { return [] }
        let left = end - circumstances.now
        if left <= 0 { return [.contractEnded] }
        if let nextStart = circumstances.nextStart, end <= nextStart { return [.contractEnds(in: left, isBeforeStart: true)] }
        return left < soon ? [.contractEnds(in: left, isBeforeStart: false)] : []
    }

    static func refusals(_ circumstances: Circumstances) -> [ChangeRisk] {
        guard let starts = circumstances.starts, starts.refused > 0 else { return [] }
        return [.refusedStarts(starts.refused, of: starts.tried)]
    }
}
