/// Errors about changes that were sent.
extension VastError {
    /// The same error with one more sentence.
    package func after(_ words: String) -> VastError {
        var copy = self
        copy.message = "\(message); \(words)"
        copy.effect = .unknown
        return copy
    }

    /// The error for an instance whose change was sent, is not shown, and could not be sent once more because of this one.
    package func afterUnprovenChange(_ id: InstanceID) -> VastError {
        var error = about(id)
        error.effect = .unknown
        error.message = "the change was sent together with others and is not shown; it could not be sent alone: \(message)"
        return error
    }

    /// The error for an instance whose change was sent but could not be checked, because reading failed so.
    package func afterUncheckedChange(_ id: InstanceID) -> VastError {
        var error = about(id)
        error.effect = .unknown
        error.message = "the change was sent, but whether it was made could not be read: \(message)"
        return error
    }
}
