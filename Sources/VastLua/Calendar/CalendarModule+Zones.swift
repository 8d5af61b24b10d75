import FleetCalendar
import LuaEngine
import VastAPI

/// Zones among the arguments of bindings.
extension CalendarModule {
    /// The zone of an options table's `tz`, else the configured one, else the machine's.
    func zone(_ call: borrowing LuaCall, optionsAt position: Int) throws -> Zone {
        let name = try call.argument(position).withField("tz") { value -> String? in
            guard !value.isNil else { return nil }
            guard let name = value.string else {
                throw VastError.invalidArgument("\(call.name): tz is a zone such as \"Europe/Berlin\", not a \(value.typeName)")
            }
            return name
        }
        do { return try name.map(zones.zone) ?? defaultZone() } catch let error as CalendarError {
            // The machine's zone says itself that it is meant.
            throw VastError.invalidArgument("\(call.name): \(name == nil ? "" : "tz: ")\(error)")
        }
    }

    /// The configured zone, else the machine's.
    ///
    /// - Throws: `CalendarError`.
    func defaultZone() throws -> Zone {
        if let zone = runtime.options.zone { return zone }
        return try zones.machineZone()
    }
}
