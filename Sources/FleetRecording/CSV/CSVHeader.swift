internal import FleetCalendar

/// The columns that a CSV of readings may have.
enum CSVColumn: String, CaseIterable {
    case time, id
    case gpuUtilization = "gpu_util"
    case gpuTemperature = "gpu_temp"
    case cpuUtilization = "cpu_util"
    case label
    case rateOn = "rate_on"
    case rateOff = "rate_off"
    case gpuCount = "num_gpus"
    case gpuName = "gpu_name"
    case state

    /// Those that have to be there.
    static let required: [CSVColumn] = [.time, .id, .gpuUtilization]
}

/// The first record of a CSV, which names the columns.
struct CSVHeader {
    /// The columns in the order of the file.
    let columns: [CSVColumn]

    /// Whether the file tells the state of instances.
    var hasState: Bool { columns.contains(.state) }

    /// - Throws: ``RecordingError`` about a column that is unknown, missing or there twice.
    init(_ record: CSVRecord, path: String) throws(RecordingError) {
        var columns: [CSVColumn] = []
        for place in record.ends.indices {
            let name = String(decoding: record.cell(place), as: UTF8.self)
            guard let column = CSVColumn(rawValue: name.lowercased()) else { throw Self.unknown(name, record, path) }
            guard !columns.contains(column) else {
                throw RecordingError(
                    file: path, line: record.line, message: "the column '\(name)' is there twice", next: "remove one of them")
            }
            columns.append(column)
        }
        for column in CSVColumn.required where !columns.contains(column) {
            throw RecordingError(
                file: path, line: record.line, message: "the column '\(column.rawValue)' is missing",
                next: "the first line names the columns, at least time,id,gpu_util")
        }
        self.columns = columns
    }

    private static func unknown(_ name: String, _ record: CSVRecord, _ path: String) -> RecordingError {
        let known = CSVColumn.allCases.map(\.rawValue)
        let message = "there is no column '\(name.prefix(60))'"
        let next: String
        if record.ends.count == 1, name.contains(where: { ";\t|".contains($0) }) {
            next = "separate the columns by commas"
        } else if let first = name.first, first.isNumber {
            next = "the first line names the columns, such as time,id,gpu_util"
        } else if let meant = NameSuggestion.closest(to: name, among: known) {
            next = "did you mean '\(meant)'?"
        } else {
            next = "the columns are \(known.joined(separator: ", ")); leave out the others"
        }
        return RecordingError(file: path, line: record.line, message: message, next: next)
    }
}
