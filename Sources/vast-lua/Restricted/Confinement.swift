import CSignals
import Glibc

/// What keeps the process of a restricted script from more than its files, beside the limits of its process: Linux's landlock and
/// seccomp, as far as the kernel has them. A fault in Lua's memory is not yet the rights of the user then.
enum Confinement {
    /// Confines this process for good. Landlock binds the calling thread and those that it makes: there must be no other.
    ///
    /// - Parameter readable: the files and folders that may be read.
    /// - Throws: ``UsageError`` when the kernel has the means and they cannot be used.
    static func enter(readable: [String]) throws(UsageError) {
        if vast_landlock_version() > 0 {
            let status = withCStrings(readable) { paths in
                paths.withMemoryRebound(to: UnsafePointer<CChar>?.self, capacity: readable.count + 1) { vast_landlock_confine(.max, $0) }
            }
            guard status == 0 else { throw failure("landlock", status) }
        }
        guard vast_seccomp_is_there() != 0 else { return }
        let status = vast_seccomp_confine()
        guard status == 0 else { throw failure("seccomp", status) }
    }

    private static func failure(_ means: String, _ status: Int32) -> UsageError {
        UsageError("the process cannot be confined by \(means): \(String(cString: strerror(status)))")
    }

    /// What this machine has, for people.
    static var summary: String {
        let version = vast_landlock_version()
        let means = [version > 0 ? "landlock \(version)" : nil, vast_seccomp_is_there() != 0 ? "seccomp" : nil].compactMap(\.self)
        return means.isEmpty
            ? "the limits of the process alone: this kernel has neither landlock nor seccomp" : means.joined(separator: ", ")
    }
}
