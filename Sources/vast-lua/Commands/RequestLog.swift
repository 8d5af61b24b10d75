import VastJSON
import VastSimulator

/// Writes the simulator's request log to a file, as JSON lines.
final class RequestLog {
    private let sink: LogSink
    private var last: LoggedRequest?

    init(_ sink: LogSink) { self.sink = sink }

    /// Writes what has come since the last time.
    func write(_ log: [LoggedRequest]) {
        let start = last.flatMap { log.lastIndex(of: $0) }.map { $0 + 1 } ?? 0
        for request in log[start...] {
            guard let bytes = try? request.json.serialized() else { continue }
            sink.write(String(decoding: bytes, as: UTF8.self))
        }
        last = log.last ?? last
    }
}
