import FleetRules
package import VastAPI

/// Instances as a table for people: id, label, state, GPUs, utilisation, $/h and age, with a line of totals.
package struct FleetTable {
    private let rows: [Instance]
    private let display: Display

    /// - Parameter rows: shown in this order.
    package init(_ rows: [Instance], _ display: Display = Display()) {
        self.rows = rows
        self.display = display
    }

    /// The table with its last line of totals; without instances that line alone.
    package var text: String {
        if rows.isEmpty { return summary }
        var table = TextTable(
            [
                .init("ID"), .init("LABEL", limit: 32, narrowest: 8), .init("STATE"),
                .init("GPU", narrowest: 10, isOptional: true), .init("UTIL", isRight: true, isOptional: true),
                .init("$/H", isRight: true), .init("AGE", isRight: true, isOptional: true)
            ], display)
        for row in rows { table.add(Self.cells(row)) }
        let lines = table.styledLines { title, cell in title == "STATE" ? Self.style(of: cell) : nil }
        return (lines + [summary]).joined(separator: "\n")
    }

    private var summary: String {
        let unknown = rows.count { $0.rate == nil }
        let total = USDPerHour(rows.compactMap(\.rate?.rawValue).reduce(0, +))
        return "\(rows.count) instance\(rows.count == 1 ? "" : "s"), \(total)" + (unknown > 0 ? " and \(unknown) unknown" : "")
    }

    private static func cells(_ row: Instance) -> [String] {
        [
            "\(row.id)", row.label, row.state.rawValue, gpus(row), row.gpuUtilization.map { percent($0) } ?? "?",
            row.rate.map { Dollars.figure($0.rawValue) } ?? "?", row.age().map(DurationFormat.format) ?? "?"
        ]
    }

    static func gpus(_ row: Instance) -> String { row.gpuName.map { "\(row.gpuCount ?? 1)x \($0)" } ?? "?" }

    static func percent(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e6 else { return "?" }
        return "\(Int(value.rounded()))%"
    }

    /// What bills without use stands out.
    package static func style(of state: String) -> Display.Style? {
        switch InstanceState(rawValue: state) {
        case .running: .green
        case .dead, .offline, .failed, .frozen: .red
        case .outbid, .queued, .starting, .stopping: .yellow
        case .stopped: .dim
        default: nil
        }
    }
}
