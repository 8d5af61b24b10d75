import FleetCalendar
import Foundation

@testable import FleetRecording

/// A file of a test, which goes with the value.
final class ScratchFile: Sendable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("vast-lua-recording-\(UUID().uuidString)").path

    init() {}

    init(_ text: String) throws { try write(Array(text.utf8)) }

    init(_ bytes: [UInt8]) throws { try write(bytes) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

    var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(fileURLWithPath: path))) } }

    /// All readings up to the end or the first error.
    func readings(zone: Zone = .utc) -> (readings: [RecordedReading], error: RecordingError?) {
        var readings: [RecordedReading] = []
        do throws(RecordingError) {
            var reader = try RecordingFile.reader(path, zone: zone)
            while let reading = try reader.next() { readings.append(reading) }
            return (readings, nil)
        } catch {
            return (readings, error)
        }
    }
}
