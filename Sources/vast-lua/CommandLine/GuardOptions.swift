import FleetRules
import VastAPI

/// The options that bound what a run may change: ceilings over what the script itself says.
struct GuardOptions: Equatable {
    var limits = GuardLimits.none
    /// What somebody said is all right about a doubtful reading.
    var accepted: Set<SanityDoubt.Kind> = []

    private static func option(_ name: String) -> String { "--" + name.split(separator: "_").joined(separator: "-") }

    private static let limitNames = Dictionary(uniqueKeysWithValues: GuardLimit.allCases.map { (option($0.rawValue), $0) })
    private static let permissionNames = Dictionary(
        uniqueKeysWithValues: GuardPermission.allCases.map { (option($0.rawValue), $0) })

    /// Options without a value.
    static let flags = Set(permissionNames.keys)
    /// Options with a value.
    static let valued = Set(limitNames.keys).union(["--protect", "--accept"])

    /// Takes one of the flags; false when it is none of these.
    mutating func setFlag(_ name: String) -> Bool {
        guard let permission = Self.permissionNames[name] else { return false }
        limits.permissions[permission] = true
        return true
    }

    /// Takes one of the options with a value; false when it is none of these.
    mutating func setValue(_ name: String, _ value: String) throws(UsageError) -> Bool {
        switch name {
        case "--protect": limits.protect.labels.append(LabelGlob(value))
        case "--accept": for word in value.split(separator: ",") { accepted.insert(try Self.doubt(String(word))) }
        default:
            guard let limit = Self.limitNames[name] else { return false }
            guard let number = Double(value) else { throw UsageError("'\(name)' is a number, not '\(value)'") }
            try set(limit, number)
        }
        return true
    }

    /// Sets a limit.
    mutating func set(_ limit: GuardLimit, _ number: Double) throws(UsageError) {
        limits.numbers[limit] = number
        do { try limits.check() } catch { throw UsageError("'\(Self.option(limit.rawValue))': \(error.message)") }
    }

    /// Sets a limit by a text such as `max-stops=30`.
    mutating func setLimit(_ text: String) throws(UsageError) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let limit = Self.limitNames[Self.option(parts[0])], let number = Double(parts[1]) else {
            throw UsageError("'--limit' is a limit and a number such as max-stops=30, not '\(text)'")
        }
        try set(limit, number)
    }

    private static func doubt(_ word: String) throws(UsageError) -> SanityDoubt.Kind {
        guard let kind = SanityDoubt.Kind(rawValue: word) else {
            let known = SanityDoubt.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("'--accept' is a list of \(known), not '\(word)'")
        }
        return kind
    }
}
