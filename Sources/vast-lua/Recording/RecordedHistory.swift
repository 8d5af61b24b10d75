import FleetRecording
import FleetRules
import FleetStore
import VastAPI

/// The samples that are kept on disk, as the readings of a recording: an hour of them in memory at a time.
struct RecordedHistory {
    private static let portion = 3_600.0

    private let store: SampleStore
    private let since: Double?
    private let until: Double

    /// - Parameters:
    ///   - since: from when on, in Unix seconds; nil: all that there is.
    ///   - until: up to when, in Unix seconds.
    init(_ store: SampleStore, since: Double?, until: Double) {
        (self.store, self.since, self.until) = (store, since, until)
    }

    /// Writes what is later than what the recording has.
    ///
    /// - Throws: `RecordingError`, `StateError`.
    func write(to writer: RecordingWriter) throws {
        guard let first = try store.firstSeen().values.min() else { return }
        var start = max(first, since ?? first, writer.lastTime.map { $0 + 1 } ?? first)
        // A sample of this very second counts.
        let end = until + 1
        while start < end {
            let next = min(start + Self.portion, end)
            for reading in try readings(from: start, to: next) where writer.lastTime.map({ $0 < reading.time }) ?? true {
                try writer.write(reading)
            }
            start = next
        }
    }

    private func readings(from start: Double, to end: Double) throws -> [RecordedReading] {
        var moments: [Double: [(id: InstanceID, sample: Sample)]] = [:]
        for (id, samples) in try store.samples(since: start, until: end) {
            for sample in samples { moments[sample.time, default: []].append((id, sample)) }
        }
        return moments.sorted { $0.key < $1.key }.map { RecordedReading(time: $0.key, samples: $0.value) }
    }
}
