import FleetRules
import FleetClock
import FleetStore
import Synchronization
import VastSimulator

/// A simulated world that goes on from run to run: what reaches it is written down before it is answered, and a later run makes
/// the same world from that. Its time stands still between runs.
final class NamedWorld: Sendable {
    /// How many seconds of the world pass at most before its time is written down.
    private static let interval = 60.0

    /// What had become of it when this run began.
    let record: WorldRecord
    /// The fleet file that it began with; nil for the built-in fleet.
    let fleet: [UInt8]?
    private let folder: WorldFolder
    private let file: AppendedFile
    private let written: Mutex<Double>

    /// Opens the world, beginning it when nobody has.
    ///
    /// - Parameters:
    ///   - fleet: a fleet file and its path; one that has begun has the same.
    ///   - seed: that of the command line; one that has begun has the same.
    /// - Throws: ``UsageError`` when it began otherwise; `WorldFolder.Held`; `StateError`.
    init(_ name: String, in state: String, fleet: (path: String, bytes: [UInt8])?, seed: UInt64?, clock: SystemClock) throws {
        folder = try WorldFolder(name, in: state)
        if let text = try folder.record() {
            record = try SimulatorChoice.read(text, of: name, in: state)
            self.fleet = try folder.fleet()
            try Self.check(record, name, self.fleet, fleet, seed, folder.directory)
        } else {
            let begun = WorldRecord(seed: seed ?? RunOptions.usualSeed, start: clock.now)
            // What is no fleet begins no world.
            _ = try fleet.map { try Fleet.read($0.bytes, from: $0.path, at: begun.start, seed: begun.seed) }
            try folder.begin(begun.header, fleet: fleet?.bytes)
            record = try SimulatorChoice.read(begun.header, of: name, in: state)
            self.fleet = fleet?.bytes
        }
        file = try folder.append(from: record.length)
        written = Mutex(record.end)
    }

    private static func check(
        _ record: WorldRecord, _ name: String, _ fleet: [UInt8]?, _ given: (path: String, bytes: [UInt8])?, _ seed: UInt64?,
        _ directory: String
    ) throws(UsageError) {
        let advice = "name another world, or remove this one (rm -r \(ShellWord.quoted(directory))) to begin it anew"
        if let seed, seed != record.seed {
            throw UsageError("the world '\(name)' began with --simulator-seed \(record.seed), not \(seed)\n  \(advice)")
        }
        if let given, given.bytes != fleet {
            throw UsageError("the world '\(name)' began with another fleet than that of \(given.path) now\n  \(advice)")
        }
    }

    /// Writes down a request before it is answered.
    ///
    /// - Returns: whether that worked.
    func keep(_ request: RecordedRequest) -> Bool {
        guard request.changes else { return keepTime(request.at, after: Self.interval) }
        guard file.append(request.line) else { return false }
        written.withLock { $0 = max($0, request.at) }
        return true
    }

    /// Writes down the world's time, so that a later run begins where this one ends.
    ///
    /// - Parameter interval: how much later than the last time that was written down it has to be.
    @discardableResult
    func keepTime(_ seconds: Double, after interval: Double = 0) -> Bool {
        written.withLock { written in
            guard seconds > written + interval else { return true }
            guard file.append(WorldRecord.line(at: seconds)) else { return false }
            written = seconds
            return true
        }
    }
}
