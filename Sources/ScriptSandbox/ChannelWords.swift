/// The words of the protocol: each frame is an object. A script's process sends `{"call": …, "id": n, …}`, and gets
/// `{"id": n, "ok": …}` or `{"id": n, "error": {…}}` for each id above 0, and orders `{"order": …}` at any time.
enum ChannelCall: String, Sendable {
    // Answered.
    case list, show, change, user, `guard`
    // Not answered.
    case cancel, log, serving, end
}

/// What the parent tells the script's process to do.
package enum ChannelOrder: String, Sendable {
    /// The first frame: what to run; see ``RestrictedOrder``.
    case start
    /// Ends what runs.
    case interrupt
    /// Lets jobs finish what they are doing, and begin nothing new.
    case windDown = "wind_down"
}
