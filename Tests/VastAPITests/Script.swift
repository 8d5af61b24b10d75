import Synchronization

@testable import VastAPI

/// A transport that answers each request by a function of it and its number, counted from 1.
final class Script: HTTPTransport {
    private let answer: @Sendable (HTTPRequest, Int) throws -> HTTPResponse
    private let log = Mutex<[HTTPRequest]>([])

    init(_ answer: @escaping @Sendable (HTTPRequest, Int) throws -> HTTPResponse) { self.answer = answer }

    var requests: [HTTPRequest] { log.withLock { $0 } }
    var count: Int { requests.count }

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = log.withLock { log in
            log.append(request)
            return log.count
        }
        return try answer(request, number)
    }

    func shutdown() async {}
}
