/// Hours of the week in a zone during which something shall be up.
///
/// Two forms are understood. Windows, such as `mon-fri 08:00-19:00` or `fri 22:00-06:00; sat,sun 00:00-24:00`: both ends
/// become instants once for each local day, what overlaps or touches is merged, and an end is not part of it. And the
/// off-hours form of Cloud Custodian, such as `off=(M-F,19);on=(M-F,7);tz=pt`: each entry switches at its hour, and what
/// has no `on` never switches on.
package struct Hours: Sendable {
    /// A switch on or off.
    package struct Edge: Equatable, Sendable {
        /// Unix seconds.
        package let instant: Int64
        /// Whether it is up from this instant on; otherwise down.
        package let isOn: Bool

        /// - Parameter instant: Unix seconds.
        package init(instant: Int64, isOn: Bool) {
            self.instant = instant
            self.isOn = isOn
        }
    }

    private enum Form {
        case windows([HourWindow])
        case switches([HourSwitch])
    }

    /// As it was written.
    package let text: String
    /// The zone by whose clock the hours are read: that of the text, if it names one.
    package let zone: Zone
    private let form: Form

    /// - Parameters:
    ///   - text: windows, or the off-hours form.
    ///   - zone: used unless the text names one.
    ///   - zones: where the zone of the text is looked up.
    /// - Throws: ``CalendarError``, with the column where something is wrong.
    package init(_ text: String, zone: Zone, zones: ZoneCatalog) throws(CalendarError) {
        self.text = text
        if CustodianSchedule.looksLikeOne(text) {
            let schedule = try CustodianSchedule(text)
            self.zone = try schedule.zoneName.map { name throws(CalendarError) in try CustodianSchedule.zone(name, zones) } ?? zone
            form = .switches(schedule.switches)
        } else {
            self.zone = zone
            do { form = .windows(try HourWindowParser.parse(text)) } catch { throw CalendarHint.better(than: error, for: text, .hours) }
        }
    }

    /// Whether it is on at an instant, in Unix seconds. Where only `off=` or only `on=` is given, it never is, or always.
    package func contains(_ instant: Int64) -> Bool {
        let instant = Zone.clamped(instant)
        return switch form {
        case .windows(let windows): Timetable(windows, zone).contains(instant)
        case .switches(let switches):
            switches.allSatisfy(\.isOn) || lastEdge(atOrBefore: instant)?.isOn == true
        }
    }

    /// The next time after an instant at which it switches on; nil when it never does.
    package func nextOn(after instant: Int64) -> Int64? { nextEdge(after: instant, isOn: true)?.instant }

    /// The next time after an instant at which it switches off; nil when it never does.
    package func nextOff(after instant: Int64) -> Int64? { nextEdge(after: instant, isOn: false)?.instant }

    /// The next switch after an instant, which is itself excluded.
    package func nextEdge(after instant: Int64) -> Edge? { nextEdge(after: instant, isOn: nil) }

    /// The last switch at or before an instant.
    package func lastEdge(atOrBefore instant: Int64) -> Edge? {
        search(days(around: instant, step: -1)) { edges in edges.last { $0.instant <= instant } }
    }

    private func nextEdge(after instant: Int64, isOn: Bool?) -> Edge? {
        search(days(around: instant, step: 1)) { edges in
            edges.first { $0.instant > instant && (isOn == nil || $0.isOn == isOn) }
        }
    }

    // MARK: days

    /// A week repeats itself, but clocks may leave out a window; after so many days without a switch there is none.
    private static let horizon = 60

    /// Local days from one on the far side of an instant, so that windows that began or end on other days are seen.
    private func days(around instant: Int64, step: Int) -> StrideThrough<Int> {
        let instant = Zone.clamped(instant)
        let today = Int((instant + zone.offset(at: instant)).flooredQuotient(86_400))
        return stride(from: today - 2 * step, through: today + Self.horizon * step, by: step)
    }

    private func search(_ days: StrideThrough<Int>, _ choose: ([Edge]) -> Edge?) -> Edge? {
        for day in days {
            if let edge = choose(edges(of: day)), Zone.instants.contains(edge.instant) { return edge }
        }
        return nil
    }

    /// The switches whose instants come from one local day, in order.
    private func edges(of day: Int) -> [Edge] {
        switch form {
        case .windows(let windows): Timetable(windows, zone).edges(of: day)
        case .switches(let switches): HourSwitch.edges(of: day, switches, zone)
        }
    }
}

extension Hours: CustomStringConvertible {
    package var description: String { "\(text) (\(zone))" }
}
