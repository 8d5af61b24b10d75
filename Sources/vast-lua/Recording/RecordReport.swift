import FleetCalendar
import FleetRecording
import Glibc
import VastLua

/// What `record` says of a recording.
struct RecordReport {
    let file: String
    let zone: Zone

    /// Before the first reading.
    func begin(_ progress: RecordingProgress, removedCutLine: Bool) {
        if removedCutLine { StandardError().say("\(name): the last line was cut, and is removed") }
        guard let last = progress.lastTime else { return }
        StandardError().say("\(name): goes on behind the reading of \(ShownTime.full(last, zone))")
    }

    /// After the last one.
    func end(_ progress: RecordingProgress) {
        let noun = progress.count == 1 ? "reading" : "readings"
        let last = progress.count == 0 ? nil : progress.lastTime.map { "; the last is of \(ShownTime.full($0, zone))" }
        StandardOutput.write("\(progress.count) \(noun) recorded in \(name)\(last ?? "")")
    }

    private var name: String { PlainText.safe(file) }
}
