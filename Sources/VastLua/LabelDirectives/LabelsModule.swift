import FleetCalendar
import FleetClock
import FleetRules
import LuaEngine
import VastAPI

/// What the label of an instance asks for.
final class LabelsModule: RuntimeModule {
    /// What labels ask for, by their text.
    private var known: [String: LabelDirectives] = [:]
    private(set) lazy var transition = LabelTransition(runtime)

    /// Labels change seldom: what was read once is kept.
    func wishes(of instance: Instance) -> LabelDirectives {
        if let known = known[instance.label] { return known }
        let zone = (try? runtime.calendars.defaultZone()) ?? .utc
        let wishes = LabelDirectives(instance.label, zone: zone, zones: runtime.calendars.zones)
        if known.count > 10_000 { known = [:] }
        known[instance.label] = wishes
        for problem in wishes.problems {
            logger.warning("\(instance.id) '\(PrintableText.safe(instance.label, limit: 120))' is left alone by policies: \(problem)")
        }
        for hint in LabelTags.hints(in: instance.label) {
            logger.warning("the label of \(instance.id): \(PrintableText.safe(hint, limit: 200))")
        }
        return wishes
    }

    /// Why policies leave an instance alone, by its label.
    func objection(of instance: Instance, now: Double) -> String? {
        wishes(of: instance).objection(now: now) ?? transition.objection(of: instance, now: now)
    }

    /// `inst:wishes()`: `{keep=, keep_until=, freeze=, on_at=, off_at=, lease=, lease_until=, lease_ends=, problems={…}}`; what is
    /// not asked for is nil, instants are Unix seconds.
    func wishes(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try runtime.fleet.receiver(call)
        let (wishes, writer, now) = (wishes(of: instance), call.results, now)
        let start = runtime.samples.length(of: instance.id, in: .running).map { now - $0 }
        let instants: [(String, Double?)] = [
            ("keep_until", wishes.keptUntil.map(Double.init)), ("lease", wishes.lease?.seconds),
            ("lease_until", wishes.leaseUntil.map(Double.init)), ("lease_ends", wishes.leaseEnd(runSince: start)),
            ("on_at", wishes.only == .stop ? nil : wishes.hours?.nextOn(after: Int64(clampingNumber: now)).map(Double.init)),
            ("off_at", wishes.only == .start ? nil : wishes.hours?.nextOff(after: Int64(clampingNumber: now)).map(Double.init))
        ]
        writer.table(fields: 9, like: "vast.Wishes", runtime.types) {
            writer.field("keep") { writer.boolean(wishes.isKept) }
            writer.field("freeze") { writer.boolean(wishes.isFrozen) }
            for (name, value) in instants { if let value { writer.field(name) { writer.number(value) } } }
            writer.field("problems") {
                writer.table(array: wishes.problems.count) {
                    for (index, problem) in wishes.problems.enumerated() {
                        writer.element(index + 1) { writer.string(problem.description) }
                    }
                }
            }
        }
        return .values
    }
}
