internal import Synchronization

/// What has ended a list of changes: of those that wait for their turn, none is sent any more.
final class ListEnd: Sendable {
    /// Thrown in place of sending.
    struct Reached: Error {
        let error: VastError
    }

    /// The list that the changes of this task belong to.
    @TaskLocal static var current: ListEnd?

    private let first = Mutex<VastError?>(nil)

    /// nil while the list goes on.
    var error: VastError? { first.withLock { $0 } }

    /// Takes the error of one of the list; the first stands.
    func note(_ error: VastError) { first.withLock { $0 = $0 ?? error } }

    /// - Throws: ``Reached`` when the list has ended.
    func check() throws { if let error { throw Reached(error: error) } }
}
