package import FleetClock

/// What a backtest assumes where the record cannot know.
package struct BacktestOptions: Sendable, Equatable {
    /// When an instance that the script has stopped is on again.
    package enum Return: String, Sendable, CaseIterable {
        /// Its owner starts it at the first recorded work afterwards.
        case work
        /// Nobody starts it but the script.
        case never
        /// When the record has it started.
        case record
    }

    /// When an instance that the script has stopped is on again.
    package var returns = Return.work
    /// How long after the first recorded work its owner has it running again.
    package var returnDelay = Duration.seconds(600)
    /// Above which utilisation an instance works, in percent.
    package var busy = 5.0
    /// How much work is lost at most when what works is stopped; nil: all since its last idle minute.
    package var checkpoint: Duration?
    /// How long at least nothing must be recorded to be a gap.
    static let shortestGap = Duration.seconds(180)
    /// How many of a series' usual distances make a gap.
    static let gapFactor = 2.5

    /// Owners start what they need, ten minutes after the first work; all work since the last idle minute is lost.
    package init() {}
}
