import FleetCalendar
import FleetClock
import FleetRules
import LuaEngine
import VastAPI

/// What the label of an instance asks for.
extension Runtime {
    /// Labels change seldom: what was read once is kept.
    func wishes(of instance: Instance) -> LabelDirectives {
        if let known = knownWishes[instance.label] { return known }
        let zone = (try? defaultZone()) ?? .utc
        let wishes = LabelDirectives(instance.label, zone: zone, zones: zones)
        if knownWishes.count > 10_000 { knownWishes = [:] }
        knownWishes[instance.label] = wishes
        for problem in wishes.problems {
            logger.warning("\(instance.id) '\(instance.label)' is left alone by policies: \(problem)")
        }
        return wishes
    }

    /// Why policies leave an instance alone, by its label.
    func objection(of instance: Instance, now: Double) -> String? { wishes(of: instance).objection(now: now) }

    /// `inst:wishes()`: `{keep=, keep_until=, on_at=, off_at=, lease_ends=, problems={…}}`; what is not asked for is nil,
    /// instants are Unix seconds.
    func wishes(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try receiver(call)
        let (wishes, writer, now) = (wishes(of: instance), call.results, now)
        let start = length(of: instance.id, in: .running).map { now - $0 }
        let instants: [(String, Double?)] = [
            ("keep_until", wishes.keptUntil.map(Double.init)), ("lease_ends", wishes.leaseEnd(runSince: start)),
            ("on_at", wishes.only == .stop ? nil : wishes.hours?.nextOn(after: Int64(clampingNumber: now)).map(Double.init)),
            ("off_at", wishes.only == .start ? nil : wishes.hours?.nextOff(after: Int64(clampingNumber: now)).map(Double.init))
        ]
        writer.table(fields: 6, like: "vast.Wishes", types) {
            writer.field("keep") { writer.boolean(wishes.isKept) }
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
