internal import FleetCalendar
internal import HeapModule

/// Reads somebody's own monitoring: a CSV whose first line names the columns.
///
/// Lines of one time are one reading. Of instances without a line nothing is known.
struct CSVRecordingReader: RecordingReader {
    /// How much of the file is held in memory by all runs together, as far as each has its least.
    private static let memory = 32 << 20
    private static let leastPart = 4_096

    /// A run, as far as it has been read.
    private struct Cursor {
        var records: CSVRecords
        var left: Int
    }

    /// The next record of a run.
    private struct Head: Comparable {
        var values: CSVValues
        var run: Int

        static func < (left: Head, right: Head) -> Bool { (left.values.time, left.run) < (right.values.time, right.run) }
        static func == (left: Head, right: Head) -> Bool { (left.values.time, left.run) == (right.values.time, right.run) }
    }

    private let format: CSVFormat
    private var cursors: [Cursor] = []
    private var heads = Heap<Head>()

    /// Checks the whole file.
    ///
    /// - Throws: ``RecordingError`` with the first line that is wrong.
    init(_ file: InputFile, zone: Zone, limits: CSVLimits = CSVLimits()) throws(RecordingError) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var records = CSVRecords(file, at: try file.bytes(at: 0, count: 3) == mark ? 3 : 0)
        guard let first = try records.next() else {
            throw RecordingError(
                file: file.path, message: "it is empty", next: "the first line names the columns, such as time,id,gpu_util")
        }
        format = CSVFormat(path: file.path, header: try CSVHeader(first, path: file.path), zone: zone)
        let known = try CSVRuns(file, records, format, limits)
        let runs = known.runs
        let part = max(Self.leastPart, min(1 << 18, Self.memory / max(1, runs.count)))
        for (number, run) in runs.enumerated() {
            cursors.append(Cursor(records: CSVRecords(file, at: run.offset, line: run.line, partSize: part), left: run.count))
            for _ in 0..<min(known.held, run.count) { try advance(number) }
        }
    }

    private mutating func advance(_ run: Int) throws(RecordingError) {
        guard cursors[run].left > 0 else {
            // Its part of the file is not needed any more.
            cursors[run].records.close()
            return
        }
        cursors[run].left -= 1
        guard let record = try cursors[run].records.next() else {
            throw RecordingError(file: format.path, message: "it has changed while it was read", next: "try again with a copy of it")
        }
        heads.insert(Head(values: try format.values(record), run: run))
    }

    mutating func next() throws(RecordingError) -> RecordedReading? {
        guard let time = heads.min?.values.time else { return nil }
        var found: [CSVValues] = []
        while let head = heads.min, head.values.time == time {
            heads.removeMin()
            found.append(head.values)
            try advance(head.run)
        }
        return RecordedReading(time: time, isComplete: false, rows: found.sorted { $0.id < $1.id }.map(\.row))
    }
}
