extension WorldEvent {
    /// The texts that ``init(_:)`` knows, for messages.
    package static let names = """
        outbid, bid_wins, floor:N, offline, unknown, host_back, container_ends, boot_fails, flickers, freezes, thaws, \
        contract_ends, deleted, turns_over:DAYS, gpus_taken:N, gpus_freed:N, queued_start_fires, queued_start_reverts
        """

    /// The names alone.
    static let words = names.split(separator: ", ").map { String($0.prefix { $0 != ":" }) }

    /// An event by its name in fleet files and at `/simulator/events`; `gpus_taken:4` says how many, `floor:0.3` how much. Nil
    /// when there is none of that name.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first,
            parts.count == 1 || parts.count == 2 && ["floor", "turns_over", "gpus_taken", "gpus_freed"].contains(name)
        else {
            return nil
        }
        // No machine has more GPUs.
        let count = min(parts.count == 2 ? Int(parts[1]) ?? 0 : 0, 1_000_000)
        switch name {
        case "outbid": self = .outbid
        case "bid_wins": self = .bidWins
        case "floor":
            guard parts.count == 2, let price = Self.decimal(parts[1]), price >= 0 else { return nil }
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
        case "turns_over":
            guard parts.count == 2, let days = Self.decimal(parts[1]), (0.001...100_000).contains(days) else { return nil }
            self = .turnsOver(days: days)
        case "gpus_taken" where count > 0: self = .gpusTaken(count)
        case "gpus_freed" where count > 0: self = .gpusFreed(count)
        case "queued_start_fires": self = .queuedStartFires
        case "queued_start_reverts": self = .queuedStartReverts
        default: return nil
        }
    }

    /// A number as JSON writes it: `0x1` and `nan` are none.
    private static func decimal(_ text: Substring) -> Double? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0) }) else {
            return nil
        }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Whether it happens to interruptible instances alone.
    var needsBid: Bool {
        switch self {
        case .outbid, .bidWins, .floor: true
        default: false
        }
    }
}
