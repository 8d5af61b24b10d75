/// The four words by which the API describes an instance, and the daemon's text (API contract, status model).
///
/// They are plain text because a saved fleet may hold words that nobody has seen yet.
package struct Status: Sendable, Equatable {
    /// What the container does; nil while it is provisioned.
    package var actual: String?
    /// What the user asked for.
    package var intended: String
    /// What the rental contract holds now.
    package var current: String
    /// What the rental contract will hold next.
    package var next: String
    /// What the daemon on the machine said last.
    package var message: String?

    /// - Parameters:
    ///   - actual: what the container does; nil when nobody has said so yet.
    ///   - intended: what the user asked for last.
    ///   - current: the state of the contract.
    ///   - next: the state that the contract is on its way to.
    ///   - message: what the daemon on the machine said last.
    package init(actual: String?, intended: String, current: String, next: String, message: String? = nil) {
        self.actual = actual
        self.intended = intended
        self.current = current
        self.next = next
        self.message = message
    }

    /// A running container on a running contract.
    static func running(_ image: String) -> Status {
        Status(
            actual: "running", intended: "running", current: "running", next: "running",
            message: "success, running \(image)/ssh")
    }

    /// A stopped container that only keeps its disk.
    static func stopped(_ image: String) -> Status {
        Status(
            actual: "exited", intended: "stopped", current: "stopped", next: "stopped",
            message: "success, running \(image)/ssh")
    }
}
