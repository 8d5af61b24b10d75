import VastJSON

/// The words in which the service tells the status of an instance, in one place (Vast API contract, section 5). Its sets of
/// words are open: how they are written does not count, and a word that is not here says nothing.
struct StatusWords: Equatable {
    /// `actual_status`: what the container does.
    enum Actual: String, CaseIterable {
        /// `null`: a machine is being prepared.
        case provisioning = "null"
        case created, loading, running, stopped, frozen, exited, rebooting, recycling
        /// Not in the contract; containers are restarted under this name, and made under the others.
        case restarting, creating, pulling
        /// Not in the contract: the start waits for a GPU.
        case scheduling
        /// No heartbeat.
        case unknown
        /// The machine is lost.
        case offline

        /// Whether the container is being made or begun anew.
        var isComing: Bool {
            switch self {
            case .provisioning, .created, .creating, .pulling, .scheduling, .loading, .rebooting, .recycling, .restarting: true
            case .running, .stopped, .frozen, .exited, .unknown, .offline: false
            }
        }

        /// Whether it is being made and has never run: it bills storage alone (Vast API contract, section 5).
        var isBeingMade: Bool {
            switch self {
            case .provisioning, .created, .creating, .pulling, .scheduling, .loading: true
            default: false
            }
        }
    }

    /// `intended_status`: what the user asked for last.
    enum Intended: String, CaseIterable {
        case running, stopped, frozen
    }

    /// `cur_state`: the contract, that is the hardware.
    enum Contract: String, CaseIterable {
        case running, stopped
        /// Released: it is being destroyed.
        case unloaded
        /// Not in the contract; seen while an image is pulled.
        case loading
        /// `null`: nothing is known yet of a new one.
        case none = "null"
    }

    /// nil: the row has no such field, or a word that is not in the table.
    let actual: Actual?
    let intended: Intended?
    let contract: Contract?

    init(_ row: Instance) {
        actual = Self.word(row.raw("actual_status")).flatMap(Actual.init(rawValue:))
        intended = Self.word(row.raw("intended_status")).flatMap(Intended.init(rawValue:))
        contract = Self.word(row.raw("cur_state")).flatMap(Contract.init(rawValue:))
    }

    /// Small letters without blanks around them; `null` for null, nil for what is no text.
    static func word(_ value: JSON?) -> String? {
        guard let value else { return nil }
        if value.isNull { return "null" }
        guard let text = value.string else { return nil }
        let letters = text.lowercased().split(whereSeparator: \.isWhitespace)
        return letters.count == 1 ? String(letters[0]) : letters.joined(separator: " ")
    }

    /// What the three words say together.
    func state(isInterruptible: Bool?, hints: InstanceHints, tellsOfError: Bool) -> InstanceState {
        // A row without the fields (`select_cols`) says nothing.
        guard let actual else { return .unknown }
        if actual == .offline || actual == .unknown { return .offline }
        if actual == .frozen { return .frozen }
        switch (intended, contract) {
        case (.running, .running): return on(actual, hints)
        case (.running, .stopped): return waiting(actual, isInterruptible, hints)
        case (.running, .loading), (.running, Contract.none?):
            let isStale = contract == .loading && (actual == .exited || actual == .stopped)
            return actual.isComing || isStale ? .starting : .unknown
        case (.stopped, .stopped): return off(actual, isInterruptible, hints, tellsOfError)
        // The stop was asked for, and the hardware is not released yet, whatever the container does: it runs, has ended, or is
        // still being made.
        case (.stopped, .running): return .stopping
        case (.stopped, .loading), (.stopped, Contract.none?): return actual.isComing ? .stopping : .unknown
        default: return .unknown
        }
    }

    private func on(_ actual: Actual, _ hints: InstanceHints) -> InstanceState {
        switch actual {
        case .running: .running
        case .loading: hints.wasRunning ? .running : .starting
        // Both words are written for a container that has ended.
        case .exited, .stopped: hints.justStarted ? .starting : .dead
        default: actual.isComing ? .starting : .unknown
        }
    }

    /// Wanted, and without its hardware: it waits for it, or has lost it to a higher bid.
    private func waiting(_ actual: Actual, _ isInterruptible: Bool?, _ hints: InstanceHints) -> InstanceState {
        if actual == .scheduling { return isInterruptible == true ? .outbid : .queued }
        if actual.isComing { return hints.isOutbid && isInterruptible == true ? .outbid : .starting }
        // The container of what loses its GPUs runs on for some seconds.
        if actual == .running, isInterruptible == true { return .outbid }
        guard actual == .exited || actual == .stopped else { return .unknown }
        // Where the row does not say how it is rented, nobody knows that it was outbid: it waits for a GPU.
        return isInterruptible == true ? .outbid : .queued
    }

    private func off(_ actual: Actual, _ isInterruptible: Bool?, _ hints: InstanceHints, _ tellsOfError: Bool) -> InstanceState {
        switch actual {
        // The container's word is older than the two others, whoever has taken its hardware away.
        case .running, .rebooting, .recycling, .restarting: hints.isOutbid && isInterruptible == true ? .outbid : .stopping
        case .exited, .stopped: hints.isOutbid && isInterruptible == true ? .outbid : .stopped
        // It never ran.
        case .provisioning, .created, .creating, .pulling, .scheduling, .loading:
            if tellsOfError { .failed } else { hints.isOutbid && isInterruptible == true ? .outbid : .stopped }
        default: .unknown
        }
    }
}

extension Instance {
    /// Whether a text is one of the words in which the service tells a status, however it is written.
    package static func isStatusWord(_ text: String) -> Bool {
        let word = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return StatusWords.Actual(rawValue: word) != nil || StatusWords.Intended(rawValue: word) != nil
            || StatusWords.Contract(rawValue: word) != nil
    }
}
