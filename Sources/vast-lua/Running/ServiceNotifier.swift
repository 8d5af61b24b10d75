import Glibc

/// Tells the service manager how the process does, by the protocol of `sd_notify(3)`; silent when nobody asked.
struct ServiceNotifier: Sendable {
    private let address: [UInt8]
    /// How often ``Message/watchdog`` is due, on the machine's clock: half of what the manager allows; nil: never.
    let watchdogInterval: Duration?

    enum Message: String {
        case ready = "READY=1"
        case stopping = "STOPPING=1"
        case watchdog = "WATCHDOG=1"
        case reloading = "RELOADING=1"
    }

    /// Takes the variables out of the environment: what a script starts shall not speak for it.
    static func take() -> ServiceNotifier {
        let address = ProcessEnvironment.bytes(of: "NOTIFY_SOCKET") ?? []
        let limit = number("WATCHDOG_USEC")
        let isMeant = number("WATCHDOG_PID").map { $0 == Int64(getpid()) } ?? true
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
        return ServiceNotifier(address: address, watchdogInterval: isMeant ? limit.map { .microseconds($0) / 2 } : nil)
    }

    private static func number(_ name: String) -> Int64? {
        ProcessEnvironment.bytes(of: name).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Sends a message; one that does not arrive, or that nobody takes, is lost: the script never waits for the manager.
    func send(_ message: Message, status: String? = nil) {
        guard !address.isEmpty else { return }
        var lines = [message.rawValue]
        if message == .reloading { lines.append("MONOTONIC_USEC=\(Self.monotonicMicroseconds())") }
        if let status { lines.append("STATUS=\(status)") }
        send(lines.joined(separator: "\n"))
    }

    private static func monotonicMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    private func send(_ text: String) {
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: socketAddress.sun_path)
        guard address.count < room else { return }
        withUnsafeMutableBytes(of: &socketAddress.sun_path) { path in
            path.copyBytes(from: address)
            // An abstract name begins with a zero byte, written as @.
            if address.first == UInt8(ascii: "@") { path[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        withUnsafePointer(to: &socketAddress) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), $0, length)
            }
        }
    }
}
