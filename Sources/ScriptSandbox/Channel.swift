#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

/// One end of the socket pair between a restricted script and the process that holds the key: frames of four bytes of
/// length, the highest first, and as many bytes of JSON.
package final class Channel: Sendable {
    /// The longest frame that a script may send, in bytes.
    package static let longestFromScript = 1 << 20
    /// The longest frame that a script is sent: a fleet of ten thousand is 30 MB.
    package static let longestToScript = 128 << 20

    private let descriptor: Int32
    private let sending = Mutex(())

    /// - Parameter descriptor: a connected stream socket; it belongs to the line from now on.
    package init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Sends a frame; several threads may, each frame stays whole. Blocks while the other end does not read.
    ///
    /// - Throws: ``ChannelError`` when the other end is gone, or does not read for longer than the socket's time-out.
    package func send(_ bytes: [UInt8]) throws(ChannelError) {
        let isSent = sending.withLock { _ in sendAll(Self.header(bytes.count)) && sendAll(bytes) }
        guard isSent else { throw .gone }
    }

    private static func header(_ count: Int) -> [UInt8] {
        let length = UInt32(clamping: count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
    }

    private func sendAll(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.send(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    /// Waits for a frame; nil when the other end has closed the line between two frames.
    ///
    /// - Parameter longest: the most bytes it may have.
    /// - Throws: ``ChannelError``.
    package func receive(longest: Int) throws(ChannelError) -> [UInt8]? {
        guard let header = try receive(count: 4, isFirst: true) else { return nil }
        let length = header.reduce(0) { $0 << 8 | Int($1) }
        guard length > 0, length <= longest else { throw .malformed("a frame of \(length) bytes, where 1 to \(longest) are allowed") }
        return try receive(count: length, isFirst: false)
    }

    private func receive(count: Int, isFirst: Bool) throws(ChannelError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let received = bytes.withUnsafeMutableBytes { buffer in
                recv(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, 0)
            }
            if received < 0, errno == EINTR { continue }
            guard received > 0 else {
                if isFirst, filled == 0 { return nil }
                throw .malformed("it ends in the middle of a frame")
            }
            filled += received
        }
        return bytes
    }

    /// Ends the line for both ends; whoever waits for a frame sees its end.
    package func shut() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// What can go wrong on a ``Channel``.
package enum ChannelError: Error, Sendable, CustomStringConvertible {
    /// The other end is gone.
    case gone
    /// The other end sent something that is not part of the protocol.
    case malformed(String)

    package var description: String {
        switch self {
        case .gone: "the other process is gone"
        case .malformed(let what): what
        }
    }
}
