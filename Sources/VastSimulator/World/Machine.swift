/// A physical machine and who has its GPUs.
package struct Machine: Sendable, Equatable {
    /// How many GPUs it has.
    package var gpus: Int
    /// How many of them other renters have.
    package var takenByOthers = 0
    /// How many of them our instances hold.
    package internal(set) var held = 0
    /// How soon somebody else rents what we release; nil when nobody waits for it.
    package var takenAfter: Duration?

    /// - Parameters:
    ///   - gpus: how many it has.
    ///   - takenByOthers: how many of them others have rented.
    ///   - takenAfter: how soon somebody else rents what we release; nil when nobody waits for it.
    package init(gpus: Int, takenByOthers: Int = 0, takenAfter: Duration? = nil) {
        self.gpus = gpus
        self.takenByOthers = takenByOthers
        self.takenAfter = takenAfter
    }

    /// How many GPUs nobody has.
    package var free: Int { max(0, gpus - held - takenByOthers) }
}
