import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A server on loopback that handles one connection after the other with raw sockets, so that it can break them in
/// every way. It ends with the process or when ``stop()`` is called.
package final class LoopbackServer: Sendable {
    /// What to do with a request.
    package enum Action: Sendable {
        /// Send these bytes and keep the connection.
        case send(String)
        /// Send these bytes and close.
        case sendAndClose(String)
        /// Send these bytes, then reset the connection.
        case sendAndReset(String)
        /// Send these bytes and keep the connection.
        case sendBytes([UInt8])
        /// Send these bytes and close.
        case sendBytesAndClose([UInt8])
        /// Send the text, then a blank again and again with so many milliseconds between, for as long as somebody takes it.
        case drip(String, every: UInt32)
        /// Never answer.
        case stall
    }

    private let listener: LoopbackListener
    private let requests = Mutex<[String]>([])
    private let answer: @Sendable (String, Int) -> Action

    package init(_ answer: @escaping @Sendable (String, Int) -> Action) throws {
        self.answer = answer
        listener = try LoopbackListener()
        listener.serve { self.serve($0) }
    }

    package var port: UInt16 { listener.port }
    package var seen: [String] { requests.withLock { $0 } }
    package var url: String { "http://127.0.0.1:\(port)" }

    package func stop() { listener.stop() }

    package static func response(_ body: String, status: String = "200 OK", headers: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
    }

    private func serve(_ connection: Int32) {
        while let request = Self.readRequest(connection) {
            let number = requests.withLock { requests in
                requests.append(request)
                return requests.count
            }
            switch answer(request, number) {
            case .send(let text): LoopbackSocket.send(Array(text.utf8), connection)
            case .sendAndClose(let text):
                LoopbackSocket.send(Array(text.utf8), connection)
                return
            case .sendAndReset(let text):
                LoopbackSocket.send(Array(text.utf8), connection)
                var lingering = linger(l_onoff: 1, l_linger: 0)
                setsockopt(connection, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
                return
            case .sendBytes(let bytes): LoopbackSocket.send(bytes, connection)
            case .sendBytesAndClose(let bytes):
                LoopbackSocket.send(bytes, connection)
                return
            case .drip(let text, let pause):
                LoopbackSocket.send(Array(text.utf8), connection)
                // Until the other side says something, which it does by closing, or nobody takes a byte any more.
                var other = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
                repeat {} while LoopbackSocket.send([0x20], connection) && poll(&other, 1, Int32(pause)) == 0
                return
            case .stall: while Self.read(connection) != nil {}
            }
        }
    }

    private static func read(_ connection: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(connection, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private static func readRequest(_ connection: Int32) -> String? {
        var text = ""
        while true {
            // The first byte of a TLS handshake: there will be no request.
            if text.hasPrefix("\u{16}") { return text }
            if let end = text.range(of: "\r\n\r\n") {
                let head = text[..<end.lowerBound].lowercased()
                let length =
                    head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                if text[end.upperBound...].utf8.count >= length { return text }
            }
            guard let bytes = read(connection) else { return nil }
            text += String(decoding: bytes, as: UTF8.self)
        }
    }
}
