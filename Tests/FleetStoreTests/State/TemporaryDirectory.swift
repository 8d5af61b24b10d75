import FleetWorld

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A directory of a test's own, removed with everything in it when the test lets it go.
final class TemporaryDirectory: Sendable {
    private let folder: TemporaryFolder
    var path: String { folder.path }

    init() throws { folder = try TemporaryFolder() }

    struct Failure: Error { let number: Int32 }

    /// The permission bits of a file in it; nil when there is none.
    func mode(_ name: String) -> UInt32? {
        var status = stat()
        guard stat("\(path)/\(name)", &status) == 0 else { return nil }
        return UInt32(status.st_mode) & 0o777
    }

    /// Writes a file.
    func write(_ name: String, _ text: String) throws {
        guard let file = fopen("\(path)/\(name)", "w") else { throw Failure(number: errno) }
        defer { fclose(file) }
        fputs(text, file)
    }
}
