package import VastModels

/// The limits that hold: a script's own in place of the built-in ones, under every ceiling.
package struct GuardRules: Sendable {
    /// Where a limit comes from.
    package enum Source: Sendable, Equatable {
        case builtIn
        case script
        /// What stands in place of a script's own, such as a plan.
        case own(String)
        /// The config file or the command line, by its name for people.
        case ceiling(String)

        /// For people: what stands in brackets behind a limit in a refusal.
        package var text: String {
            switch self {
            case .builtIn: "built in"
            case .script: "vast.guard"
            case .own(let name), .ceiling(let name): name
            }
        }
    }

    /// A value and where it comes from.
    struct Bound: Equatable {
        var value: Double
        var source: Source
    }

    /// Built-in stops and reboots are at most the larger of this and half of what is on.
    static let freeInterruptions = 10.0
    static let freeFraction = 0.5

    private static let builtIn: [GuardLimit: Double] = [
        .maxStarts: 10, .maxLabels: 200, .maxRecycles: 10, .maxDestroys: 10
    ]

    /// Everything that holds where nobody says anything, as limits of their own.
    package static var builtInLimits: GuardLimits {
        var numbers = builtIn
        (numbers[.maxStops], numbers[.maxReboots]) = (freeInterruptions, freeInterruptions)
        numbers[.maxFraction] = freeFraction
        return GuardLimits(
            numbers, permissions: Dictionary(uniqueKeysWithValues: GuardPermission.allCases.map { ($0, false) }))
    }

    /// The numbers that are built in, as they are for a fleet of which so many instances are on.
    package static func builtInNumbers(population: Int) -> [GuardLimit: Double] {
        var numbers = builtInLimits.numbers
        let most = max(freeInterruptions, (Double(population) * freeFraction).rounded(.down))
        (numbers[.maxStops], numbers[.maxReboots]) = (most, most)
        return numbers
    }

    private let script: GuardLimits
    private let origins: [GuardLimit: String]
    private let ceilings: [(name: String, limits: GuardLimits)]
    /// Everything that is protected; a script can add to it and never take away.
    package let protect: Protection

    /// - Parameters:
    ///   - script: what the script itself says.
    ///   - origins: where those of its numbers come from that it does not say itself, with names such as "plan".
    ///   - ceilings: what holds over it, with names such as "config file" and "command line".
    package init(script: GuardLimits = .none, origins: [GuardLimit: String] = [:], ceilings: [(name: String, limits: GuardLimits)] = []) {
        self.script = script
        self.origins = origins
        self.ceilings = ceilings
        protect = ceilings.reduce(into: script.protect) { $0.formUnion($1.limits.protect) }
    }

    /// What is said when a script asks for more than a ceiling gives.
    package var warnings: [String] {
        let numbers = GuardLimit.allCases.compactMap { limit -> String? in
            guard let asked = script.numbers[limit], let ceiling = ceiling(limit),
                limit.stricter(asked, ceiling.value) != asked
            else { return nil }
            return Self.warning(ownSource(limit), limit.rawValue, GuardNumber.text(asked), ceiling.source, GuardNumber.text(ceiling.value))
        }
        let permissions = GuardPermission.allCases.compactMap { permission -> String? in
            guard script.permissions[permission] == true,
                let ceiling = ceilings.first(where: { $0.limits.permissions[permission] == false })
            else { return nil }
            return Self.warning(.script, permission.rawValue, "true", .ceiling(ceiling.name), "false")
        }
        return numbers + permissions
    }

    private func ownSource(_ limit: GuardLimit) -> Source { origins[limit].map { .own($0) } ?? .script }

    private static func warning(_ own: Source, _ name: String, _ asked: String, _ source: Source, _ held: String) -> String {
        "\(own.text) asks for \(name)=\(asked), more than the \(source.text) allows: \(held) holds"
    }

    /// The value of a limit that holds; nil when nothing bounds it.
    func bound(_ limit: GuardLimit) -> Bound? {
        let own =
            script.numbers[limit].map { Bound(value: $0, source: ownSource(limit)) }
            ?? Self.builtIn[limit].map { Bound(value: $0, source: .builtIn) }
        return stricter(limit, own, ceiling(limit))
    }

    /// The most interruptions of one kind (`max_stops` or `max_reboots`).
    ///
    /// - Parameter population: how many instances are, or were at the beginning, on; nil when it is not known.
    func interruptions(_ limit: GuardLimit, population: Int?) -> Bound? {
        let replaced = script.numbers[limit] != nil || script.numbers[.maxFraction] != nil
        guard !replaced else { return bound(limit) }
        let half = (Double(population ?? 0) * Self.freeFraction).rounded(.down)
        let builtIn = Bound(value: max(Self.freeInterruptions, half), source: .builtIn)
        return stricter(limit, builtIn, ceiling(limit))
    }

    /// Whether somebody allowed it and nobody forbade it.
    func allows(_ permission: GuardPermission) -> Bool {
        let said = [script.permissions[permission]] + ceilings.map { $0.limits.permissions[permission] }
        return said.contains(true) && !said.contains(false)
    }

    /// Who forbade it, to be named when it is refused.
    func forbidder(of permission: GuardPermission) -> Source {
        if let ceiling = ceilings.first(where: { $0.limits.permissions[permission] == false }) { return .ceiling(ceiling.name) }
        return script.permissions[permission] == false ? .script : .builtIn
    }

    private func ceiling(_ limit: GuardLimit) -> Bound? {
        ceilings.reduce(nil) { strictest, ceiling in
            stricter(limit, strictest, ceiling.limits.numbers[limit].map { Bound(value: $0, source: .ceiling(ceiling.name)) })
        }
    }

    private func stricter(_ limit: GuardLimit, _ left: Bound?, _ right: Bound?) -> Bound? {
        guard let left, let right else { return left ?? right }
        return limit.stricter(left.value, right.value) == left.value ? left : right
    }
}

/// Numbers of limits as people write them.
enum GuardNumber {
    /// Without a fraction when there is none, else rounded up to two decimals, so that what is shown allows what was asked.
    static func text(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        if value == value.rounded() { return "\(Int64(value))" }
        let hundredths = Int64((value * 100 - 1e-7).rounded(.up))
        let rest = hundredths % 100
        if rest == 0 { return "\(hundredths / 100)" }
        return "\(hundredths / 100).\(rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0\(rest)" : "\(rest)"))"
    }
}
