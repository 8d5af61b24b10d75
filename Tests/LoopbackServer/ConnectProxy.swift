import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A proxy on loopback: takes `CONNECT`, requests with a whole URL, or SOCKS 5, then passes bytes on in both directions. Whatever name is asked for, it
/// connects to one server.
package final class ConnectProxy: Sendable {
    /// How it answers `CONNECT`.
    package enum Manner: Sendable {
        case connects
        /// Only with these, as `user:password` in Base64.
        case wantsPassword(String)
        /// With this status and nothing behind it.
        case refuses(String)
        /// As SOCKS 5, without a password.
        case socks
    }

    private let listener: LoopbackListener
    private let target: UInt16
    private let manner: Manner
    private let heads = Mutex<[String]>([])

    /// - Parameter target: the port on loopback that everything goes to.
    package init(to target: UInt16, _ manner: Manner = .connects) throws {
        (self.target, self.manner) = (target, manner)
        listener = try LoopbackListener()
        listener.serve { self.serve($0) }
    }

    /// What it was asked: a line and headers each.
    package var asked: [String] { heads.withLock { $0 } }

    package var port: UInt16 { listener.port }

    package func stop() { listener.stop() }

    private func serve(_ connection: Int32) {
        if case .socks = manner {
            guard let name = Self.socksName(connection) else { return }
            heads.withLock { $0.append(name) }
            return join(connection, granting: [5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        }
        guard let head = LoopbackSocket.head(connection) else { return }
        heads.withLock { $0.append(head) }
        let isForwarded = head.split(separator: " ").dropFirst().first?.hasPrefix("http://") == true
        if isForwarded, isLetThrough(head) { return join(connection, granting: [], asking: Array(head.utf8)) }
        guard head.hasPrefix("CONNECT "), isLetThrough(head) else {
            LoopbackSocket.send(Array("HTTP/1.1 \(refusal)\r\nContent-Length: 0\r\n\r\n".utf8), connection)
            return
        }
        join(connection, granting: Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
    }

    /// The name that is asked for in SOCKS 5 (RFC 1928), as `host:port`; nil when it is asked in another way.
    private static func socksName(_ connection: Int32) -> String? {
        guard let greeting = LoopbackSocket.bytes(2, connection), greeting[0] == 5,
            LoopbackSocket.bytes(Int(greeting[1]), connection)?.contains(0) == true
        else { return nil }
        LoopbackSocket.send([5, 0], connection)
        guard let request = LoopbackSocket.bytes(5, connection), request.prefix(4) == [5, 1, 0, 3],
            let name = LoopbackSocket.bytes(Int(request[4]), connection), let port = LoopbackSocket.bytes(2, connection)
        else { return nil }
        return "\(String(decoding: name, as: UTF8.self)):\(Int(port[0]) << 8 | Int(port[1]))"
    }

    private func join(_ connection: Int32, granting: [UInt8], asking: [UInt8] = []) {
        guard let onward = LoopbackSocket.connected(to: target) else { return }
        defer { close(onward) }
        LoopbackSocket.send(asking, onward)
        LoopbackSocket.send(granting, connection)
        let hasCome = DispatchSemaphore(value: 0)
        Thread {
            Self.pass(from: onward, to: connection)
            hasCome.signal()
        }.start()
        Self.pass(from: connection, to: onward)
        hasCome.wait()
    }

    private func isLetThrough(_ head: String) -> Bool {
        switch manner {
        case .connects, .socks: true
        case .wantsPassword(let expected): head.lowercased().contains("proxy-authorization: basic \(expected.lowercased())")
        case .refuses: false
        }
    }

    private var refusal: String {
        if case .refuses(let status) = manner { status } else { "407 Proxy Authentication Required" }
    }

    private static func pass(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            LoopbackSocket.send(Array(buffer[..<count]), target)
        }
        shutdown(target, Int32(SHUT_WR))
    }
}
