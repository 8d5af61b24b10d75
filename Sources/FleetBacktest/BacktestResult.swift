package import FleetRecording
package import VastAPI

/// What a script would have done over a recorded fleet, and what that is worth.
package struct BacktestResult: Sendable {
    /// One instance of the record.
    package struct Member: Sendable {
        /// The instance.
        package var id: InstanceID
        /// The label that it had last in the record.
        package var label: String
        /// What it costs and does in both worlds.
        package var bill: InstanceBill
    }

    /// The instances of the record, by id.
    package var members: [Member]
    /// What the script has done, in that order.
    package var actions: [BacktestAction]
    /// What the guard has refused.
    package var refusals: [VastError]
    /// What the record is.
    package var rhythm: RecordingRhythm
    /// How far the script has come, in Unix seconds: to the end of the record, unless somebody has ended it before.
    package var reached: Double
    /// What ended the script before the end of the record; nil: nothing.
    package var failure: String?
    /// What the script has given `os.exit`; nil: it has not called it.
    package var exitCode: Int32?

    /// Whether the script has come to anything before it failed.
    package var hasBegun: Bool { failure == nil || !actions.isEmpty || reached > rhythm.begin ?? 0 }

    /// All instances together.
    package var total: InstanceBill { members.map(\.bill).reduce(InstanceBill(), +) }
}
