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

    package let port: UInt16
    private let descriptor: Int32
    private let target: UInt16
    private let manner: Manner
    private let heads = Mutex<[String]>([])

    /// - Parameter target: the port on loopback that everything goes to.
    package init(to target: UInt16, _ manner: Manner = .connects) throws {
        (self.target, self.manner) = (target, manner)
        (descriptor, port) = try LoopbackSocket.listening()
        Thread { self.run() }.start()
    }

    /// What it was asked: a line and headers each.
    package var asked: [String] { heads.withLock { $0 } }

    package func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    deinit { close(descriptor) }

    private func run() {
        while true {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { return }
            Thread { self.serve(connection) }.start()
        }
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
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
        let back = Thread { Self.pass(from: onward, to: connection) }
        back.start()
        Self.pass(from: connection, to: onward)
        while !back.isFinished { usleep(1_000) }
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

/// Sockets of test servers.
enum LoopbackSocket {
    static func listening() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    static func connected(to port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    /// A head up to its empty line, byte by byte, so that nothing behind it is taken; nil when it does not come.
    static func head(_ connection: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 65_536, recv(connection, &byte, 1, 0) == 1 {
            bytes.append(byte)
            if bytes.suffix(4) == [13, 10, 13, 10] { return String(decoding: bytes, as: UTF8.self) }
        }
        return nil
    }

    /// So many bytes; nil when they do not come.
    static func bytes(_ count: Int, _ connection: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < count, recv(connection, &byte, 1, 0) == 1 { bytes.append(byte) }
        return bytes.count == count ? bytes : nil
    }

    static func send(_ bytes: [UInt8], _ connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
