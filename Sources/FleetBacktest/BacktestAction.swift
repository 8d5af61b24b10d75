package import VastAPI

/// Something that the script has done, or that a limit has refused.
package struct BacktestAction: Sendable, Equatable {
    /// When, in Unix seconds.
    package var time: Double
    /// The instance that it was about.
    package var id: InstanceID
    /// The instance's name then, for people.
    package var name: String
    /// What was done.
    package var verb: Change.Verb
    /// What was set beside the verb, for people; nil: nothing.
    package var payload: String?
    /// Why, in the script's words; nil: it has not said.
    package var reason: String?
    /// Where in the script, such as `idle-stop.lua:9`.
    package var line: String?
    /// When what the script saw was recorded, in Unix seconds.
    package var seenAt: Double
}
