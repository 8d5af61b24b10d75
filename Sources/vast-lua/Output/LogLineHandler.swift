import FleetClock
import FleetRules
import Glibc
import Logging
import VastJSON

/// Log lines with time, offset and the run's id, as text for people or JSON for programs.
struct LogLineHandler: LogHandler {
    let sink: LogSink
    let format: LogFormat
    let run: String
    let clock: any FleetClock
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        sink.write(
            format == .json
                ? jsonLine(event.level, "\(event.message)", fields) : textLine(event.level, "\(event.message)", fields))
    }

    private func textLine(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) -> String {
        let pairs = fields.sorted { $0.key < $1.key }.map { " \(Self.oneLine($0.key))=\(Self.oneLine("\($0.value)"))" }.joined()
        return "\(timestamp()) \(level.rawValue) \(run) \(Self.oneLine(message))\(pairs)"
    }

    private func jsonLine(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) -> String {
        let pairs =
            [("time", timestamp()), ("level", level.rawValue), ("run", run), ("message", message)]
            + fields.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in pairs {
            writer.name(name)
            writer.string(value)
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Tracebacks keep their lines; a text line stays one line that way only when they are marked.
    private static func oneLine(_ text: String) -> String {
        let line = text.contains("\n") ? text.split(separator: "\n").joined(separator: " | ") : text
        return PrintableText.safe(line.contains("\t") ? String(line.map { $0 == "\t" ? " " : $0 }) : line)
    }

    /// RFC 3339 with milliseconds and the machine's own offset.
    private func timestamp() -> String {
        let seconds = clock.unixTime
        var whole = time_t(seconds.rounded(.down))
        var parts = tm()
        localtime_r(&whole, &parts)
        var buffer = [CChar](repeating: 0, count: 40)
        strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let stamp = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let milliseconds = String(1_000 + Int((seconds - seconds.rounded(.down)) * 1_000)).suffix(3)
        let offset = parts.tm_gmtoff / 60
        let digits = String(10_000 + abs(offset) / 60 * 100 + abs(offset) % 60).suffix(4)
        return "\(stamp).\(milliseconds)\(offset < 0 ? "-" : "+")\(digits.prefix(2)):\(digits.suffix(2))"
    }
}
