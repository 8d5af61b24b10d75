import FleetCalendar
import FleetRules
import FleetSafety
import FleetStore
import VastAPI
import VastLua

/// What a dry run would change, as a table with a line about the whole.
struct PlanReport {
    private let actions: [PlanAction]
    private let refusals: [GuardRefusal]
    private let script: String
    private let observed: Double?
    private let rateBefore: USDPerHour?
    private let fleetSize: Int?
    private let zone: Zone
    private let notes: [String]

    /// - Parameters:
    ///   - planned: nil when nothing was read.
    ///   - notes: why policies plan nothing.
    init(_ planned: DryRunMiddleware?, _ refusals: [GuardRefusal], script: String, zone: Zone, notes: [String] = []) {
        self.notes = notes.isEmpty ? [] : notes + [Self.oneLook]
        actions = planned?.actions ?? []
        self.refusals = refusals
        self.script = script
        (observed, rateBefore, fleetSize) = (planned?.observed, planned?.rateBefore, planned?.fleetSize)
        self.zone = zone
    }

    private static let oneLook =
        "a dry run looks once and keeps neither readings nor marks: vast-lua sample gathers readings, --simulator=:NAME shows days in minutes"

    var lines: [String] {
        [head] + Self.table(actions) + [sum] + refusals.map { PlainText.safe($0.wouldExceed) } + notes.map { PlainText.safe($0) }
    }

    private var head: String {
        let read = observed.map { "fleet read \(ShownTime.full($0, zone))" } ?? "the fleet was not read"
        return "DRY RUN \(PlainText.safe(script))  \(read)  nothing was sent"
    }

    static func table(_ actions: [PlanAction], _ display: Display = Display()) -> [String] {
        guard !actions.isEmpty else { return [] }
        var table = TextTable(
            [
                .init("ID", isRight: true), .init("LABEL", limit: 28, narrowest: 6), .init("GPU", isOptional: true),
                .init("ACTION", limit: 32, narrowest: 12),
                .init("$/h NOW", isRight: true), .init("AFTER", isRight: true), .init("WHY", limit: 40, narrowest: 12, isOptional: true),
                .init("LINE", isOptional: true), .init("RISK", narrowest: 12, isOptional: true)
            ], display)
        for action in actions {
            table.add([
                "\(action.id)", action.before.label, Self.gpu(action.before), Self.text(action), Self.rate(action.before.rate),
                Self.rate(action.rateAfter), action.reason ?? "", action.line ?? "", action.risks.joined(separator: "; ")
            ])
        }
        return table.lines
    }

    private static func gpu(_ facts: InstanceFacts) -> String {
        guard let name = facts.gpuName else { return "" }
        return "\(facts.gpuCount.map { "\($0)x" } ?? "")\(name)"
    }

    private static func text(_ action: PlanAction) -> String {
        action.verb.shown(action.payload)
    }

    private static func rate(_ rate: USDPerHour?) -> String {
        rate.map { Dollars.figure($0.rawValue) } ?? "?"
    }

    private var sum: String {
        guard !actions.isEmpty else { return "no changes" }
        let counts = Change.Verb.allCases.compactMap { verb -> String? in
            let count = actions.count { $0.verb == verb }
            return count == 0 ? nil : verb.counted(count)
        }
        let untouched = fleetSize.map { size in max(0, size - Set(actions.map(\.id)).count) }
        return [counts.joined(separator: ", "), bill, untouched.map { "\($0) not touched" }].compactMap(\.self).joined(separator: "   ")
    }

    /// What the whole fleet costs before and after, as far as it is known.
    private var bill: String? {
        guard let rateBefore else { return nil }
        let change = actions.compactMap { action in
            action.rateAfter.flatMap { after in action.before.rate.map { after.rawValue - $0.rawValue } }
        }
        return "fleet \(rateBefore) -> \(USDPerHour(rateBefore.rawValue + change.reduce(0, +)))"
    }
}
