import FleetStore

/// That the lock of a script cannot be taken although there is a place for the state: two runs could go on at once, and
/// both could change things.
struct UnusableLock: Error {
    let cause: StateError

    /// The lines for people.
    var text: String { "nothing was run, because the script cannot be locked against a second run: \(cause)" }
}
