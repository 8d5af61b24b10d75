import FleetClock
import FleetRules
package import VastAPI

/// One instance for people: what matters first, then every other field that has a value.
package struct InstanceCard {
    private let instance: Instance
    private let display: Display

    /// - Parameter display: how wide, and whether in colours.
    package init(_ instance: Instance, _ display: Display = Display()) {
        self.instance = instance
        self.display = display
    }

    /// Several lines: id, label and state, then a line for each field.
    package var text: String {
        let state = display.styled(PlainText.safe(instance.describedState), FleetTable.style(of: instance.state.rawValue))
        let name = instance.label.isEmpty ? "(no label)" : PlainText.safe(instance.label)
        let head = "\(display.styled("\(instance.id)", .bold))  \(display.shown(name))  \(state)"
        var rows = [
            ("gpu", gpu), ("billing", "\(instance.billing.rawValue) \(instance.rate.map(\.description) ?? "$?/h")"),
            ("rate_on", "\(instance.rateOn.map(\.description) ?? "?") running, \(instance.rateOff.map(\.description) ?? "?") stopped"),
            ("age", instance.age().map(DurationFormat.format) ?? "?"), ("ends_in", instance.endsIn().map(DurationFormat.format) ?? "?")
        ]
        rows += InstanceFields.all(of: instance).filter { !Self.shownAbove.contains($0.name) }.map { ($0.name, Self.text(of: $0)) }
        let width = rows.reduce(0) { max($0, $1.0.utf8.count) }
        let lines = rows.map { name, value in
            let line = "  " + name + String(repeating: " ", count: width - name.utf8.count + 2) + display.shown(PlainText.safe(value))
            return display.width.map { display.cut(line, to: $0) } ?? line
        }
        return ([head] + lines).joined(separator: "\n")
    }

    private var gpu: String {
        let parts: [String?] = [
            FleetTable.gpus(instance), instance.gpuUtilization.map(FleetTable.percent),
            instance.gpuTemperature.map { "\(Int(clampingNumber: max(-273, min(9_999, $0)).rounded())) C" }
        ]
        return parts.compactMap(\.self).joined(separator: "  ")
    }

    private static let shownAbove: Set<String> = [
        "id", "label", "state", "billing", "rate", "rate_on", "rate_off", "age", "ends_in", "gpu_name", "num_gpus", "gpu_util", "gpu_temp",
        "tags"
    ]

    private static func text(of field: (name: String, value: FieldValue)) -> String {
        if Instance.secretFields.contains(field.name) { return "<not shown>" }
        return switch field.value {
        case .none: ""
        case .boolean(let flag): "\(flag)"
        case .integer(let integer): "\(integer)"
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
        case .string(let text): text
        case .tags: ""
        case .json(let json): (try? json.value.serialized()).map { String(decoding: $0, as: UTF8.self) } ?? "?"
        }
    }
}
