internal import VastJSON

/// Rows of one instance within one reading that say different things: the service contradicts itself, or the instance changed
/// between two pages.
extension Instance {
    /// Which of two rows of one instance is believed, whatever their order: the one that is on and bills, and what is not known
    /// rather than what is stopped, so that a stop is never taken for needless.
    package func believed(or other: Instance) -> Instance { other.isBelieved(before: self) ? other : self }

    /// Whether two rows of one instance differ in what is decided by; what is measured may differ from page to page.
    package func contradicts(_ other: Instance) -> Bool {
        state != other.state || intendedStatus != other.intendedStatus || label != other.label
    }

    private func isBelieved(before other: Instance) -> Bool {
        let (own, others) = ((state.certaintyOfBilling, rateOn ?? .zero), (other.state.certaintyOfBilling, other.rateOn ?? .zero))
        // Of equals any will do, if it is the same one in every order.
        return own == others ? text > other.text : own > others
    }

    private var text: String { (try? row.value.serialized()).map { String(decoding: $0, as: UTF8.self) } ?? "" }
}

extension InstanceState {
    /// The more there is to lose by not believing it, the higher.
    fileprivate var certaintyOfBilling: Int {
        switch self {
        case .running, .starting, .dead, .frozen: 4
        case .stopping: 3
        case .unknown, .offline: 2
        // What may come up by itself.
        case .queued, .outbid: 1
        case .stopped, .failed: 0
        }
    }
}
