/// The functions of a script that a policy asks, by their names in `vast.policy`.
package enum PolicyFunction: String, Sendable, CaseIterable {
    /// `when`, and functions in `match`.
    case condition
    case notify
    case before
    case action
}
