import FleetCalendar
import FleetControl
import VastAPI

/// What the label of an instance asks for.
extension Runtime {
    func wishes(of instance: Instance) -> (hours: Hours?, objection: String?) { (nil, nil) }
    func objection(of instance: Instance, now: Double) -> String? { nil }
}
