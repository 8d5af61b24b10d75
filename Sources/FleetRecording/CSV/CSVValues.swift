internal import FleetCalendar
internal import VastJSON
internal import VastModels

/// What one record of a CSV says, checked.
struct CSVValues {
    /// Why a cell cannot be what it says.
    struct Wrong: Error {
        let message: String

        init(_ column: String, _ cell: ArraySlice<UInt8>, _ wanted: String) {
            message = "\(column) '\(String(decoding: cell.prefix(60), as: UTF8.self))' is not \(wanted)"
        }
    }

    /// In Unix seconds.
    private(set) var time = 0.0
    private(set) var id: Int64 = 0
    private var numbers: [(name: String, value: Double)] = []
    private var gpuCount: Int64?
    private var label: String?
    private var gpuName: String?
    private var state: InstanceState?

    /// - Parameter zone: what a time without an offset means.
    /// - Throws: ``Wrong``.
    init(_ record: CSVRecord, _ header: CSVHeader, zone: Zone) throws(Wrong) {
        for (place, column) in header.columns.enumerated() {
            let cell = record.cell(place)
            switch column {
            case .time: time = try CSVTime(cell, zone: zone).seconds
            case .id: id = try Self.whole(column, cell, in: 1...Int64.max)
            case _ where Self.isUnknown(cell): break
            case .gpuUtilization: try add(column, cell, as: "gpu_util", in: 0...1e6, orNotMeasured: true)
            case .gpuTemperature: try add(column, cell, as: "gpu_temp", in: -100...1_000)
            case .cpuUtilization: try add(column, cell, as: "cpu_util", in: 0...1e9)
            case .rateOn: try add(column, cell, as: "dph_total", in: 0...1e6)
            case .rateOff: try add(column, cell, as: "storage_total_cost", in: 0...1e6)
            case .gpuCount: gpuCount = try Self.whole(column, cell, in: 0...1_000_000)
            case .label: label = try Self.text(column, cell)
            case .gpuName: gpuName = try Self.text(column, cell)
            case .state: state = try Self.state(cell)
            }
        }
        // What is measured is on, in a file that does not say it.
        if !header.hasState, numbers.contains(where: { $0.name == "gpu_util" && $0.value >= 0 }) { state = .running }
    }

    /// The row in the service's form.
    var row: JSONObject {
        var row: JSONObject = ["id": .integer(id)]
        for (name, value) in state?.statusFields ?? [:] { row[name] = value }
        for (name, value) in numbers { row[name] = .double(value) }
        row["num_gpus"] = gpuCount.map { .integer($0) }
        row["label"] = label.map { .string($0) }
        row["gpu_name"] = gpuName.map { .string($0) }
        return row
    }

    // MARK: cells

    /// The words with which tools write that nothing was measured.
    private static let unknowns: Set<String> = ["nan", "null", "none", "n/a", "na", "[n/a]", "[not supported]", "-"]

    private static func isUnknown(_ cell: ArraySlice<UInt8>) -> Bool {
        guard let first = cell.first else { return true }
        if (0x30...0x39).contains(first) || cell.count > 15 { return false }
        return unknowns.contains(String(decoding: cell, as: UTF8.self).lowercased())
    }

    /// - Parameter orNotMeasured: whether -1 stands for what was not measured, as it does in the service's rows.
    private mutating func add(
        _ column: CSVColumn, _ cell: ArraySlice<UInt8>, as name: String, in range: ClosedRange<Double>, orNotMeasured: Bool = false
    ) throws(Wrong) {
        let digits = column == .gpuUtilization && cell.last == UInt8(ascii: "%") ? cell.dropLast().filter { $0 != 0x20 }[...] : cell
        guard let value = CSVNumber.value(digits), range.contains(value) || orNotMeasured && value == -1 else {
            throw Wrong(column.rawValue, cell, "a number from \(Self.shown(range.lowerBound)) to \(Self.shown(range.upperBound))")
        }
        if value >= range.lowerBound { numbers.append((name, value)) }
    }

    private static func shown(_ bound: Double) -> String { "\(Int64(bound))" }

    private static func whole(
        _ column: CSVColumn, _ cell: ArraySlice<UInt8>, in range: ClosedRange<Int64>
    ) throws(Wrong) -> Int64 {
        let text = String(decoding: cell, as: UTF8.self)
        let value = Int64(text) ?? CSVNumber.value(cell).flatMap(Int64.init(exactly:))
        guard let value, range.contains(value) else {
            throw Wrong(column.rawValue, cell, "a whole number" + (column == .id ? " from 1 on, as instances have" : ""))
        }
        return value
    }

    private static func text(_ column: CSVColumn, _ cell: ArraySlice<UInt8>) throws(Wrong) -> String {
        guard let text = String(validating: cell, as: UTF8.self) else { throw Wrong(column.rawValue, cell, "UTF-8") }
        return text
    }

    private static func state(_ cell: ArraySlice<UInt8>) throws(Wrong) -> InstanceState {
        let text = String(decoding: cell, as: UTF8.self)
        if let state = InstanceState(rawValue: text.lowercased()) { return state }
        let words = InstanceState.allCases.map(\.rawValue)
        let meant = NameSuggestion.closest(to: text, among: words).map { "; did you mean '\($0)'?" } ?? ""
        throw Wrong("state", cell, "one of \(words.joined(separator: ", "))\(meant)")
    }
}
