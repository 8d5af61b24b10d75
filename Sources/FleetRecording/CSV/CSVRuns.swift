internal import FleetCalendar

/// A part of a CSV in which time does not fall.
struct CSVRun {
    /// Where its first record begins in the file, and in which line.
    var offset: Int
    var line: Int
    /// How many records it has.
    var count: Int
}

/// How much of a CSV is held in memory to bring its records into the order of their times.
struct CSVLimits {
    /// So many runs are merged at most: each holds a part of the file.
    var runs = 20_000
    /// So many records are held back where there are more runs.
    var window = 16_384
}

/// Reads a CSV once from the beginning to the end, checks every line, and finds the runs that are to be merged: one where the
/// whole file is sorted by time, one for each instance where it is grouped by instance.
struct CSVRuns {
    private(set) var runs: [CSVRun] = []
    /// How many records of each run are held at a time.
    private(set) var held = 1
    private let limits: CSVLimits
    private var window: CSVWindow
    private var count = 0
    /// Time and line of the last record of each instance.
    private var last: [Int64: (time: Double, line: Int)] = [:]
    private var time = -Double.infinity
    private let path: String

    /// - Throws: ``RecordingError`` with the first line that is wrong.
    init(_ file: InputFile, _ records: CSVRecords, _ format: CSVFormat, _ limits: CSVLimits) throws(RecordingError) {
        path = file.path
        self.limits = limits
        window = CSVWindow(limits.window)
        var records = records
        while let record = try records.next() { try add(record, try format.values(record)) }
        guard runs.count > limits.runs, let first = runs.first else { return }
        runs = [CSVRun(offset: first.offset, line: first.line, count: count)]
        held = limits.window
    }

    private mutating func add(_ record: CSVRecord, _ values: CSVValues) throws(RecordingError) {
        if let before = last.updateValue((values.time, record.line), forKey: values.id), values.time <= before.time {
            throw disorder(record.line, values, before)
        }
        if values.time < time || runs.isEmpty {
            // Beyond the limit they are not merged, and not counted any more.
            if runs.count <= limits.runs { runs.append(CSVRun(offset: record.offset, line: record.line, count: 0)) }
        }
        runs[runs.count - 1].count += 1
        count += 1
        time = values.time
        window.add(time)
        guard runs.count <= limits.runs || window.isEnough else { throw jumble(record.line) }
    }

    private func disorder(_ line: Int, _ values: CSVValues, _ before: (time: Double, line: Int)) -> RecordingError {
        let message =
            values.time == before.time
            ? "instance \(values.id) has a reading of this time already, in line \(before.line)"
            : "earlier than the reading of instance \(values.id) before it, in line \(before.line)"
        let next =
            values.time == before.time
            ? "remove one of the two" : "the readings of an instance stand in the order of their times: sort the file by time"
        return RecordingError(file: path, line: line, message: message, next: next)
    }

    private func jumble(_ line: Int) -> RecordingError {
        RecordingError(
            file: path, line: line, message: "time has gone back \(limits.runs) times up to this line, and far",
            next: "sort the file by time, or group it by instance")
    }
}

/// How the records of a CSV are read.
struct CSVFormat {
    let path: String
    let header: CSVHeader
    /// What a time without an offset means.
    let zone: Zone

    /// - Throws: ``RecordingError`` with the line of the record.
    func values(_ record: CSVRecord) throws(RecordingError) -> CSVValues {
        guard record.ends.count == header.columns.count else {
            throw RecordingError(
                file: path, line: record.line,
                message:
                    "\(record.ends.count) \(record.ends.count == 1 ? "cell" : "cells"), but the first line names \(header.columns.count)",
                next: "the line is cut, or a comma is missing or not quoted; an empty cell is what is unknown")
        }
        do {
            return try CSVValues(record, header, zone: zone)
        } catch {
            throw RecordingError(
                file: path, line: record.line, message: error.message,
                next: "correct the line, or remove it; a cell may be empty where nothing is known")
        }
    }
}
