import FleetControl
import VastAPI

/// Instances as a table for people: id, label, state, GPUs, utilisation, $/h and age, with a line of totals.
struct FleetTable {
    private let rows: [Instance]

    init(_ rows: [Instance]) { self.rows = rows }

    var text: String {
        let header = ["ID", "LABEL", "STATE", "GPU", "UTIL", "$/H", "AGE"]
        let cells = [header] + rows.map(Self.cells)
        let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        let lines = cells.map { line in
            zip(line, widths).enumerated().map { column, cell in
                Self.pad(cell.0, to: cell.1, isNumber: column >= 4)
            }.joined(separator: "  ").trimmingTrailingSpaces()
        }
        let unknown = rows.count { $0.rate == nil }
        let total = USDPerHour(rows.compactMap(\.rate?.rawValue).reduce(0, +))
        let summary = "\(rows.count) instance\(rows.count == 1 ? "" : "s"), \(total)"
            + (unknown > 0 ? " and \(unknown) unknown" : "")
        return (lines + [summary]).joined(separator: "\n")
    }

    private static func cells(_ row: Instance) -> [String] {
        [
            "\(row.id)", String(row.label.prefix(32)), row.state.rawValue,
            row.gpuName.map { "\(row.gpuCount ?? 1)x \($0)" } ?? "?",
            row.gpuUtilization.map { percent($0) } ?? "?", row.rate.map { Dollars.figure($0.rawValue) } ?? "?",
            row.age().map(LengthText.format) ?? "?",
        ]
    }

    private static func percent(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e6 else { return "?" }
        return "\(Int(value.rounded()))%"
    }

    private static func pad(_ text: String, to width: Int, isNumber: Bool) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return isNumber ? space + text : text + space
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
