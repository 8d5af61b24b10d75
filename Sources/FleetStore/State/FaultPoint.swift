/// A place where a process may die or a disk may fail; tests count these points and let each of them fail in turn.
package enum FaultPoint: Sendable, Hashable {
    /// A transaction is about to begin.
    case beforeWrite(String)
    /// All statements of a transaction have run, and it is about to be committed.
    case beforeCommit(String)
    /// A transaction has been committed.
    case afterCommit(String)
}

/// Is told of every ``FaultPoint``; what it throws is treated as a failure of the disk at that place.
package typealias FaultHook = @Sendable (FaultPoint) throws -> Void
