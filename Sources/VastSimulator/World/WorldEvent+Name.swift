extension WorldEvent {
    /// The texts that ``init(_:)`` knows, for messages.
    package static let names = """
        outbid, bid_wins, floor:N, offline, unknown, host_back, container_ends, boot_fails, flickers, freezes, thaws, \
        contract_ends, deleted, gpus_taken, gpus_freed, queued_start_fires, queued_start_reverts
        """

    /// An event by its name in fleet files and at `/simulator/events`; `gpus_taken:4` says how many, `floor:0.3` how much. Nil
    /// when there is none of that name.
    package init?(_ text: String) {
        let parts = text.split(separator: ":")
        // No machine has more GPUs.
        let count = parts.count > 1 ? min(max(Int(parts[1]) ?? 1, -1_000_000), 1_000_000) : 1
        switch parts.first {
        case "outbid": self = .outbid
        case "bid_wins": self = .bidWins
        case "floor":
            guard parts.count == 2, let price = Double(parts[1]), price.isFinite, price >= 0 else { return nil }
            self = .floor(price)
        case "offline": self = .hostLost("offline")
        case "unknown": self = .hostLost("unknown")
        case "host_back": self = .hostBack
        case "container_ends": self = .containerEnds
        case "boot_fails": self = .bootFails
        case "flickers": self = .flickers
        case "freezes": self = .freezes
        case "thaws": self = .thaws
        case "contract_ends": self = .contractEnds
        case "deleted": self = .deleted
        case "gpus_taken": self = .gpusTaken(count)
        case "gpus_freed": self = .gpusFreed(count)
        case "queued_start_fires": self = .queuedStartFires
        case "queued_start_reverts": self = .queuedStartReverts
        default: return nil
        }
    }
}
