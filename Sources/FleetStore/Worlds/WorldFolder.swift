internal import FleetRules
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where a simulated world that has a name keeps its record, its fleet and its state: a folder below the place of the real
/// state, and never mixed with it. One process at a time runs a world.
package final class WorldFolder: Sendable {
    /// That another process runs the world.
    package struct Held: Error, Equatable, CustomStringConvertible {
        /// The name of the world.
        package let name: String

        package var description: String {
            "another run is going on in the world '\(name)'; wait for its end, or name another world"
        }
    }

    private static let longestName = 64
    private static let recordName = "world.jsonl"
    private static let fleetName = "fleet.json"
    /// The most that is read of a record.
    private static let limit = 256 << 20

    /// The name of the world: letters, digits and a few signs.
    package let name: String
    /// The directory of the state that belongs to the world.
    package let directory: String
    private let lock: FileLock

    /// Opens the folder, making it when there is none, and keeps others from running the world for as long as this object lives.
    ///
    /// - Parameters:
    ///   - name: see ``isName(_:)``.
    ///   - state: where the real state lies.
    /// - Throws: ``Held``; ``StateError``.
    package init(_ name: String, in state: String) throws {
        self.name = name
        directory = Self.path(name, in: state)
        let place = try StateDirectory(directory)
        guard let lock = try FileLock.take(place.file("world.lock")) else { throw Held(name: name) }
        self.lock = lock
    }

    // MARK: names

    /// Whether a text can name a world: letters and digits of ASCII, `-` and `_`, the first of them no `-`, 64 at most.
    package static func isName(_ text: String) -> Bool {
        let isFine = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isFine && !text.isEmpty && text.utf8.count <= longestName && !text.hasPrefix("-")
    }

    /// Where the folder of a world is, or would be.
    package static func path(_ name: String, in state: String) -> String { "\(state)/worlds/\(name)" }

    /// The record of a world, as far as it was written; nil when no such world was begun.
    ///
    /// - Throws: ``StateError``.
    package static func record(_ name: String, in state: String) throws(StateError) -> [UInt8]? {
        try contents("\(path(name, in: state))/\(recordName)")
    }

    /// The names of all worlds that were begun, in order.
    package static func names(in state: String) -> [String] {
        guard let stream = opendir("\(state)/worlds") else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if isName(name), access("\(path(name, in: state))/\(recordName)", F_OK) == 0 { names.append(name) }
        }
        return names.sorted()
    }

    // MARK: what is kept

    private var recordPath: String { "\(directory)/\(Self.recordName)" }

    /// The record as far as it was written; nil when the world has not begun.
    ///
    /// - Throws: ``StateError``.
    package func record() throws(StateError) -> [UInt8]? { try Self.contents(recordPath) }

    /// The fleet file that the world began with; nil for the built-in fleet.
    ///
    /// - Throws: ``StateError``.
    package func fleet() throws(StateError) -> [UInt8]? { try Self.contents("\(directory)/\(Self.fleetName)") }

    /// Writes down the beginning.
    ///
    /// - Throws: ``StateError``, also when there is a state of a world whose record is gone.
    package func begin(_ header: [UInt8], fleet: [UInt8]?) throws(StateError) {
        guard access("\(directory)/state.sqlite", F_OK) != 0 else {
            throw StateError(
                .failed, path: directory, "the world '\(name)' has a state and no record (\(recordPath)), so it cannot go on",
                next: "remove it (rm -r \(ShellWord.quoted(directory))) to begin it anew, or name another world")
        }
        let path = "\(directory)/\(Self.fleetName)"
        if let fleet { try SmallFile.replace(path, with: fleet) } else { unlink(path) }
        try SmallFile.replace(recordPath, with: header)
    }

    /// Opens the record for more lines.
    ///
    /// - Parameter length: how many of its bytes count; what is behind them is cut off.
    /// - Throws: ``StateError``.
    package func append(from length: Int) throws(StateError) -> AppendedFile {
        try AppendedFile(recordPath, length: length)
    }

    private static func contents(_ path: String) throws(StateError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(errno, "read", path: path)
        }
        defer { close(descriptor) }
        guard SmallFile.isRegular(descriptor), let bytes = SmallFile.contents(descriptor, limit: limit) else {
            throw StateError(.failed, path: path, "\(path) cannot be read", next: "put a regular file in its place, or name another world")
        }
        return bytes
    }
}
