import FleetCalendar

/// Instants for people.
enum ShownTime {
    /// `2026-11-24 22:21:07 CET`
    static func full(_ seconds: Double, _ zone: Zone) -> String {
        guard seconds.isFinite, abs(seconds) < 1e12 else { return "?" }
        let time = zone.localTime(at: Int64(seconds.rounded(.down)))
        return "\(time.date) \(clock(time)) \(time.abbreviation)"
    }

    private static func clock(_ time: LocalTime) -> String {
        [time.hour, time.minute, time.second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}

extension ZoneCatalog {
    /// The machine's zone; UTC when it cannot be found out.
    var machineZoneOrUTC: Zone { (try? machineZone()) ?? .utc }
}
