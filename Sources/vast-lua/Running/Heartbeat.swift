import VastAPI
import VastLua

/// A URL that a service for watching cron jobs waits for: fetched after each run, with `/fail` behind its path when the
/// run failed.
struct Heartbeat {
    private let url: String

    /// - Throws: `VastError` of kind `invalid_argument`.
    init(url: String) throws {
        try WebClient.check(url)
        self.url = url
    }

    /// - Returns: what went wrong; the run has ended as it has whatever it is.
    ///
    /// - Parameter network: how it is reached.
    func send(after code: ExitCode, over network: NetworkSettings) -> String? {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        let path = url[..<end]
        let address = code == .done ? url : "\(path.last == "/" ? path.dropLast() : path)/fail\(url[end...])"
        do {
            let response = try blocking {
                try await WebClient(transport: AsyncHTTPTransport(network: network)).send(
                    HTTPRequest(.get, address, timeout: .seconds(10), bodyLimit: 65_536))
            }
            return (200..<300).contains(response.status) ? nil : "the heartbeat was answered with \(response.status)"
        } catch {
            return "the heartbeat was not sent: \(error)"
        }
    }
}
