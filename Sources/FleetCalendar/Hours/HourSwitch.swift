/// A switch on or off at an hour of some weekdays, as the off-hours form of Cloud Custodian has them.
package struct HourSwitch: Equatable, Sendable {
    /// Whether it switches on; otherwise off.
    package let isOn: Bool
    /// One bit for each weekday from Sunday.
    package let days: UInt64
    /// 0 to 23, local.
    package let hour: Int

    /// The switches of a local day, in order. Where clocks put both at one instant, on wins.
    static func edges(of day: Int, _ switches: [HourSwitch], _ zone: Zone) -> [Hours.Edge] {
        let weekday = UInt64(CivilDate.weekday(day))
        let due = switches.filter { $0.days >> weekday & 1 == 1 }
        guard !due.isEmpty, !zone.isMissing(day: day) else { return [] }
        var edges: [Int64: Bool] = [:]
        for item in due {
            let instant = zone.resolve(Int64(day) * 86_400 + Int64(item.hour) * 3_600).instant
            edges[instant] = item.isOn || edges[instant] == true
        }
        return edges.map { Hours.Edge(instant: $0.key, isOn: $0.value) }.sorted { $0.instant < $1.instant }
    }
}
