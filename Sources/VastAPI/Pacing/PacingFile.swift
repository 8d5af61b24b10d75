#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import FleetClock

/// The file by which processes of one user share the pace of one server and key. It is locked for microseconds; when
/// it cannot be written, this process paces itself alone.
///
/// One line per route after a line with the boot: method, template, next free instant and interval in nanoseconds of
/// `CLOCK_BOOTTIME`.
struct PacingFile: Sendable {
    private let path: String
    private let boot: String

    // Far more than all routes need.
    private static let largest = 64 * 1024

    /// - Parameters:
    ///   - directory: made when it is missing, for this user alone.
    ///   - name: tells server and key apart without revealing the key.
    init(directory: String, name: String) {
        Self.makeDirectory(directory)
        path = "\(directory)/pace-\(name)"
        boot = Self.bootID
    }

    /// Reads a route's entry and writes what `change` makes of it, with no other process in between; calls
    /// `otherwise` with the reason instead when the file cannot be used.
    func update(
        _ route: Route, _ change: (Duration?, Duration) -> (Duration, Duration), otherwise: (String) -> Void
    ) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { return otherwise("\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        guard lock(descriptor) else { return otherwise("\(path): another process does not let go of it") }
        let text = contents(descriptor)
        if text.isEmpty { removeForgotten() }
        var entries = Self.parse(text, boot: boot)
        let entry = entries[route]
        let (nextFree, interval) = change(entry?.nextFree, entry?.interval ?? .zero)
        entries[route] = Entry(nextFree: nextFree, interval: interval)
        write(entries, descriptor)
    }

    /// Whoever is well holds the lock for microseconds only.
    private func lock(_ descriptor: Int32) -> Bool {
        for _ in 0..<200 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK || errno == EINTR else { return false }
            usleep(500)
        }
        return false
    }

    /// Removes the files of servers and keys that nobody has used for days.
    private func removeForgotten() {
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        let oldest = time(nil) - 3 * 86_400
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard name.hasPrefix("pace-"), lstat("\(directory)/\(name)", &status) == 0, status.st_mtim.tv_sec < oldest else { continue }
            unlink("\(directory)/\(name)")
        }
    }

    private struct Entry {
        var nextFree: Duration
        var interval: Duration
    }

    private func contents(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: Self.largest)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }

    private func write(_ entries: [Route: Entry], _ descriptor: Int32) {
        let lines = entries.map { route, entry in
            "\(route.method.rawValue) \(route.template) \(entry.nextFree.nanoseconds) \(entry.interval.nanoseconds)\n"
        }
        let bytes = Array("\(boot)\n\(lines.sorted().joined())".utf8)
        // A half-written file (full disk) is read as far as it goes.
        let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        _ = ftruncate(descriptor, off_t(max(0, count)))
    }

    private static func parse(_ text: String, boot: String) -> [Route: Entry] {
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == boot else { return [:] }
        var entries: [Route: Entry] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: " ")
            guard parts.count == 4, let method = HTTPMethod(rawValue: String(parts[0])),
                let nextFree = Int64(parts[2]), let interval = Int64(parts[3]), interval >= 0
            else { continue }
            entries[Route(method, String(parts[1]))] = Entry(
                nextFree: .nanoseconds(nextFree), interval: .nanoseconds(interval))
        }
        return entries
    }

    private static var bootID: String {
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "unknown-boot" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "unknown-boot"
    }

    private static func makeDirectory(_ path: String) {
        // Its parents too; what exists already is left alone.
        var prefix = ""
        for part in path.split(separator: "/") {
            prefix += "/\(part)"
            mkdir(prefix, 0o700)
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
