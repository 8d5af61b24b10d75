internal import CFaultyFiles

/// A way to the files for SQLite that fails where it is told to; hand ``name`` to a `StateDatabase`.
///
/// Each has counts and a plan of its own. It must outlive the databases that use it.
///
/// Unchecked: the control block has a lock of its own.
package final class FaultyFiles: @unchecked Sendable {
    /// What is counted; the order is that of the C header.
    package enum Operation: Int32, CaseIterable, Sendable {
        case open, read, write, truncate, sync, size, lock, shmMap, shmLock, fetch, delete, access
    }

    /// How an operation fails.
    package enum Failure: Int32, CaseIterable, Sendable {
        /// With the I/O error of its kind; nothing was done.
        case error = 1
        /// A write because the disk is full; others as ``error``.
        case full
        /// A write after half of it; others as ``error``.
        case torn
        /// The process dies before it: it and everything after it fails, and the disk stays as it is.
        case death
        /// The process dies in the middle of a write; others as ``death``.
        case tornDeath
    }

    package struct OutOfMemory: Error {}

    private let files: OpaquePointer

    /// - Throws: ``OutOfMemory``.
    package init() throws {
        guard let files = faulty_files_create() else { throw OutOfMemory() }
        self.files = files
    }

    deinit { faulty_files_destroy(files) }

    /// The name of the VFS.
    package var name: String { String(cString: faulty_files_name(files)) }

    /// Lets an operation fail from now on; counting begins anew.
    ///
    /// - Parameters:
    ///   - nth: which one of `operations`, from 1.
    ///   - lasting: whether those after it fail too.
    package func fail(_ failure: Failure, at nth: Int, of operations: [Operation] = Operation.allCases, lasting: Bool = false) {
        let bits = operations.reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) }
        faulty_files_plan(files, failure.rawValue, bits, UInt64(nth), lasting)
    }

    /// Nothing fails any more, also when the process had died; counting begins anew.
    package func heal() { faulty_files_plan(files, 0, 0, 0, false) }

    /// How many operations of a kind there were since the last plan, failed ones included.
    package func count(_ operation: Operation) -> Int { Int(faulty_files_count(files, operation.rawValue)) }

    /// How many operations there were since the last plan.
    package var count: Int { Operation.allCases.reduce(0) { $0 + count($1) } }

    /// How many have failed since the last plan.
    package var failures: Int { Int(faulty_files_failures(files)) }
}
