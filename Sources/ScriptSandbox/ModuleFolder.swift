#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
package import LuaEngine
import VastAPI

/// The folder of a restricted script, from which `require` takes text modules and nothing else.
///
/// Every step of a path is opened by its own name, and none may be a symbolic link, so that no name leads elsewhere.
package final class ModuleFolder {
    /// The largest module, in bytes.
    private static let largest = 4 << 20

    private let descriptor: Int32
    private let shown: String

    /// - Parameter path: the folder; it may itself be reached by links.
    /// - Throws: ``VastError`` of kind `invalid_argument` when it cannot be opened.
    package init(path: String) throws {
        shown = path
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw VastError(.invalidArgument, "cannot open the folder \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Finds `a.b` as `a/b.lua` or `a/b/init.lua`.
    ///
    /// - Throws: ``VastError`` of kind `invalid_argument` for a name that is none, or a file that is too large.
    package func find(_ name: String) throws -> LuaModule? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard name.utf8.count <= 200, parts.allSatisfy(Self.isPlain) else {
            throw VastError(
                .invalidArgument,
                "'\(name.prefix(60))' is no module name for a restricted script: letters, digits, _ and -, with dots between")
        }
        let stem = parts.joined(separator: "/")
        for path in ["\(stem).lua", "\(stem)/init.lua"] {
            if let source = try read(path) { return LuaModule(source: source, path: "\(shown)/\(path)") }
        }
        return nil
    }

    private static func isPlain(_ part: String) -> Bool {
        !part.isEmpty
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private func read(_ path: String) throws -> [UInt8]? {
        let parts = path.split(separator: "/").map(String.init)
        var folder = descriptor
        defer { if folder != descriptor { close(folder) } }
        for part in parts.dropLast() {
            let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { return nil }
            if folder != descriptor { close(folder) }
            folder = next
        }
        // Without O_NONBLOCK, opening a pipe would wait for somebody at its other end.
        let file = openat(folder, parts.last ?? "", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard status.st_size <= Self.largest else { throw VastError(.invalidArgument, "the module \(path) is larger than 4 MiB") }
        return Self.bytes(of: file)
    }

    private static func bytes(of file: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= largest {
            let count = readBytes(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += buffer[..<count]
        }
        return nil
    }
}

/// The system's `read`, which ``ModuleFolder`` has a method of that name beside.
private func readBytes(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int { read(file, buffer, count) }
