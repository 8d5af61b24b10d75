package import VastAPI

/// What the journal wants to know of a call, besides what the requests say; it goes with every request of the call.
package struct JournalNote: ChangeNote {
    /// Counts the calls of a run, from 1: repeated requests of one call are one change.
    package var call: Int
    /// Where in the script, such as `nightly.lua:9`.
    package var line: String?
    /// Why, in the script's words.
    package var reasons: [InstanceID: String]
    /// What was known of the instances when it was decided.
    package var before: [InstanceID: InstanceFacts]

    package init(
        call: Int, line: String? = nil, reasons: [InstanceID: String] = [:], before: [InstanceID: InstanceFacts] = [:]
    ) {
        self.call = call
        self.line = line
        self.reasons = reasons
        self.before = before
    }
}
