#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What decisions about an instance rest on, and what is kept of it in journal and plan: small, and without secrets.
package struct InstanceFacts: Sendable, Equatable {
    /// The instance that they are about.
    package var id: InstanceID
    /// The user's text; empty when there is none.
    package var label: String
    /// The one-word state when it was read.
    package var state: InstanceState
    /// What the user asked for last, in the service's words.
    package var intendedStatus: String?
    /// What it costs now, when it runs, and when it is stopped.
    package var rate: USDPerHour?
    /// What it costs while it runs, in $/h; nil when unknown.
    package var rateOn: USDPerHour?
    /// What it costs while it is stopped, in $/h; nil when unknown.
    package var rateOff: USDPerHour?
    /// The service's name of the model, such as `RTX 4090`; nil when unknown.
    package var gpuName: String?
    /// How many GPUs it has; nil when unknown.
    package var gpuCount: Int?
    /// Whether it runs only while its bid wins; nil when unknown.
    package var isInterruptible: Bool?
    /// The bid for an interruptible instance, in $/h for the whole instance.
    package var bid: USDPerHour?
    /// The machine that it is on.
    package var machineID: Int?
    /// When the contract ends, in Unix seconds.
    package var endDate: Double?

    /// Facts of which everything else is unknown.
    package init(id: InstanceID, label: String = "", state: InstanceState = .unknown) {
        self.id = id
        self.label = label
        self.state = state
    }

    /// What a row says, with what its overlay has changed.
    package init(_ instance: Instance) {
        self.init(id: instance.id, label: instance.label, state: instance.state)
        intendedStatus = instance.intendedStatus
        (rate, rateOn, rateOff) = (instance.rate, instance.rateOn, instance.rateOff)
        (gpuName, gpuCount) = (instance.gpuName, instance.gpuCount)
        (isInterruptible, bid) = (instance.isInterruptible, instance.bid)
        machineID = instance.machineID
        endDate = instance.endDate?.timeIntervalSince1970
    }

    /// Whether its GPUs are held and wanted (Vast API contract, section 5): stopping it takes something away.
    package var isOn: Bool { state.isOn }

    /// Whether it is to run as soon as it can: so its owner asked last, or it is outbid, and comes back by itself when its bid
    /// wins. nil when that is not known.
    package var isWanted: Bool? { state == .outbid ? true : intendedStatus.map { $0 == "running" } }

    /// What a start adds to the bill; nil when that is not known.
    package var rateAdded: USDPerHour? {
        guard let rateOn else { return nil }
        return rateOn - (rateOff ?? .zero)
    }

    /// What is interrupted of it, in $/h: what it costs now, or would when it runs, whichever is more; nil when neither is known.
    package var rateInterrupted: USDPerHour? { [rate, rateOn].compactMap(\.self).max() }

    /// Id and label, for people: `12 train-a`.
    package var name: String { label.isEmpty ? "\(id)" : "\(id) \(label)" }
}
