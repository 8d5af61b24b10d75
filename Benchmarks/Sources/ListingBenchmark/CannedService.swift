import Glibc
import Synchronization
import VastAPI

/// A service whose answers are ready before the measurement begins: the pages of one list, in order, again and again.
final class CannedService: HTTPTransport {
    private let pages: [[UInt8]]
    private let next = Mutex(0)

    /// - Parameter path: a file of bodies, one a line.
    init(path: String) throws {
        pages = try Self.read(path).split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    /// All bodies together.
    var byteCount: Int { pages.reduce(0) { $0 + $1.count } }

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = next.withLock { next in
            if !request.url.contains("after_token") { next = 0 }
            defer { next += 1 }
            return next
        }
        return HTTPResponse(status: 200, headers: [("Content-Type", "application/json")], body: pages[page])
    }

    func shutdown() async {}

    private struct Unreadable: Error {}

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Unreadable() }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let count = ftell(file)
        rewind(file)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = fread(buffer.baseAddress, 1, count, file)
        }
    }
}
