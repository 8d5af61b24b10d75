/// How long what nobody needs any more is kept on disk.
package struct RetentionPeriods: Sendable, Equatable {
    /// Of what was changed, and of the times that instances have spent in their states.
    package var journal: Duration
    /// Of what readings have said.
    package var readings: Duration

    /// The last 48 hours are kept whatever is wanted.
    package static let least = Duration.seconds(48 * 3_600)

    /// Both are at least ``least``.
    package init(journal: Duration = .seconds(400 * 86_400), readings: Duration = .seconds(90 * 86_400)) {
        self.journal = max(journal, Self.least)
        self.readings = max(readings, Self.least)
    }
}
