#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A directory of a test's own, removed with everything in it when the test lets it go.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/vast-lua-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(number: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    struct Failure: Error { let number: Int32 }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            closedir(directory)
        }
        if unlink(path) != 0 { rmdir(path) }
    }

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
