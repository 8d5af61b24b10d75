package import VastModels

/// What would let a call through that the guard has refused.
package enum GuardRemedy: Sendable, Equatable {
    /// What can be set.
    package enum Setting: Sendable, Equatable {
        case limit(GuardLimit, Double)
        case permission(GuardPermission)

        /// As a member of a table or of a file: `max_stops=27`.
        package var assignment: String {
            switch self {
            case .limit(let limit, let value): "\(limit.rawValue)=\(GuardNumber.text(value))"
            case .permission(let permission): "\(permission.rawValue)=true"
            }
        }

        /// As an option that widens the limits of a plan: `--limit max_stops=27`, `--allow-destroy`.
        var option: String {
            switch self {
            case .limit: "--limit \(assignment)"
            case .permission(let permission): "--\(Self.dashed(permission.rawValue))"
            }
        }

        /// Where a ceiling stands that is too low.
        func raised(in ceiling: String) -> String {
            switch self {
            case .limit(let limit, let value) where GuardRefusal.optional.contains(ceiling):
                "--\(Self.dashed(limit.rawValue)) \(GuardNumber.text(value))"
            case .limit: "\(assignment) in the \(ceiling)"
            case .permission(let permission) where ceiling == GuardRefusal.restricted: "--\(Self.dashed(permission.rawValue))"
            case .permission(let permission): "\(permission.rawValue) in the \(ceiling)"
            }
        }

        private static func dashed(_ name: String) -> String { name.split(separator: "_").joined(separator: "-") }
    }

    /// The script's own limits, or the options of a command, may say this.
    case own(Setting)
    /// A ceiling, by its name, has to say this.
    case ceiling(Setting, name: String)
    /// Something else, in words.
    case advice(String)

    /// What the script itself may set; nil for everything else.
    package var setting: Setting? { if case .own(let setting) = self { setting } else { nil } }

    /// What is to be done elsewhere, in words; nil for what the script itself may set.
    var elsewhere: String? {
        switch self {
        case .own: nil
        case .ceiling(let setting, let name): setting.raised(in: name)
        case .advice(let text): text
        }
    }
}
