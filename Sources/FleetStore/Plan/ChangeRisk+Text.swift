package import FleetRules
internal import FleetClock
package import VastModels

extension ChangeRisk {
    /// In words for a table.
    package var text: String {
        switch self {
        case .gpuMayBeTaken: "GPU may be taken"
        case .gpuMayBeRented: "GPU may be rented to someone else"
        case .losesBid: "loses its bid"
        case .gpuOrBidMayBeLost: "GPU may be taken, or its bid lost"
        case .mayBeOutbid: "may be outbid and parked"
        case .mayStart: "may start and bill"
        case .offUntilBidWins: "off until its bid wins"
        case .interrupts: "interrupts what runs"
        case .containerDataLost: "container data is lost"
        case .allLost: "everything on it is lost"
        case .unknown: "unknown"
        case .refusedStarts(let refused, let tried): "\(refused) of \(tried) starts on this machine were refused"
        case .contractEnded: "contract has ended: it cannot start again"
        case .contractEnds(let seconds, let isBeforeStart):
            "contract ends in \(DurationFormat.format(Duration(clampingSeconds: seconds)))\(isBeforeStart ? ", before the next start" : "")"
        case .diskKeepsBilling(let rate): rate.map { "disk keeps billing \($0)" } ?? "disk keeps billing"
        }
    }
}
