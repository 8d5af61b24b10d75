package import FleetRecording
import VastJSON

/// What a first look through a recording tells: how long it is, and how far apart the readings of each instance are.
package struct RecordingRhythm: Sendable {
    /// When the first and the last reading were, in Unix seconds.
    package private(set) var begin: Double?, end: Double?
    /// How many readings there are.
    package private(set) var count = 0
    /// The series, by id.
    private var series: [Int64: Series] = [:]

    /// How often each distance between two readings occurs; of many, the longer ones share a place.
    private struct Series: Sendable {
        var last: Double
        var distances: [Int: Int] = [:]
        var count = 0

        /// In seconds; nil with less than two readings.
        var median: Double? {
            var left = (count + 1) / 2
            for (distance, times) in distances.sorted(by: { $0.key < $1.key }) {
                left -= times
                if left <= 0 { return Double(distance) }
            }
            return nil
        }
    }

    /// Reads the whole recording once.
    package init(_ recording: any RecordingReader) throws(RecordingError) {
        var reader = recording
        while let reading = try reader.next() { note(reading) }
    }

    private mutating func note(_ reading: RecordedReading) {
        count += 1
        if begin == nil { begin = reading.time }
        end = reading.time
        for row in reading.rows {
            guard case .integer(let id)? = row["id"] else { continue }
            guard var known = series[id] else {
                series[id] = Series(last: reading.time)
                continue
            }
            // Distances of days need no seconds: a series has at most some thousands of places.
            let distance = max(1, Int(min(reading.time - known.last, 1e9).rounded()))
            known.distances[distance < 3_600 ? distance : distance / 60 * 60, default: 0] += 1
            known.count += 1
            known.last = reading.time
            series[id] = known
        }
    }

    /// How many instances were ever read.
    package var instances: Int { series.count }

    /// The usual distance between two readings of an instance, in seconds; nil when there is none.
    package func rhythm(of id: Int64) -> Double? { series[id]?.median }

    /// For how long a reading holds at most, in seconds: what is not read again by then is unknown.
    func gap(of id: Int64) -> Double {
        max(BacktestOptions.shortestGap.seconds, (rhythm(of: id) ?? 0) * BacktestOptions.gapFactor)
    }

    /// The usual distance of most instances, in seconds; nil when there is none.
    package var usual: Double? {
        let medians = series.values.compactMap(\.median).sorted()
        return medians.isEmpty ? nil : medians[medians.count / 2]
    }
}
