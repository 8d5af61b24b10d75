#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reads folders of zone files.
enum ZoneFolder {
    /// Zone files have some kilobytes; what is larger is none.
    private static let largest = 1 << 20

    /// The bytes of a regular file; nil when it cannot be read, or is too large for a zone file.
    static func contents(_ path: String) -> [UInt8]? {
        // A pipe or a device in its place must not make us wait.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { _ = close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= largest else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes[filled...].withUnsafeMutableBytes { rest in
                rest.baseAddress.map { read(file, $0, rest.count) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// The target of a symbolic link; nil when it is none.
    static func target(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = bytes.withUnsafeMutableBytes { rest in rest.baseAddress.map { readlink(path, $0, rest.count) } ?? -1 }
        return count > 0 ? String(validating: bytes[..<count], as: UTF8.self) : nil
    }

    /// The zone files in a folder and those below, by their paths from there.
    static func names(in folder: String) -> [String] {
        var names: [String] = []
        walk(folder, prefix: "", depth: 0) { names.append($0) }
        return names
    }

    private static func walk(_ folder: String, prefix: String, depth: Int, _ visit: (String) -> Void) {
        guard depth < 4, let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix("."), ZoneCatalog.isName(prefix + name) else { continue }
            let path = "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                walk(path, prefix: "\(prefix)\(name)/", depth: depth + 1, visit)
            } else if contents(path).map(ZoneFile.isZoneFile) ?? false {
                visit(prefix + name)
            }
        }
    }
}
