import FleetRecording
import VastJSON

/// A recording in memory.
struct Series: RecordingReader, Sendable {
    var readings: [RecordedReading]
    private var place = 0

    init(_ readings: [RecordedReading]) { self.readings = readings }

    mutating func next() throws(RecordingError) -> RecordedReading? {
        guard place < readings.count else { return nil }
        defer { place += 1 }
        return readings[place]
    }

    /// When these recordings begin: Monday, 23 November 2026, 00:00 UTC.
    static let start = 1_795_392_000.0

    /// One instance as it is read, in the service's form.
    static func row(
        _ id: Int64, util: Double?, isOn: Bool = true, label: String = "", on: Double = 1.1, off: Double = 0.1, gpus: Int64 = 1
    ) -> JSONObject {
        let state = isOn ? "running" : "stopped"
        return [
            "id": .integer(id), "label": .string(label), "actual_status": .string(isOn ? "running" : "exited"),
            "intended_status": .string(state), "cur_state": .string(state), "next_state": .string(state), "num_gpus": .integer(gpus),
            "gpu_name": "RTX 4090", "gpu_util": util.map { .double($0) } ?? .null, "gpu_temp": .double(40), "is_bid": false,
            "dph_total": .double(on), "dph_base": .double(on - off), "storage_total_cost": .double(off),
            "start_date": .double(start - 86_400)
        ]
    }
}
