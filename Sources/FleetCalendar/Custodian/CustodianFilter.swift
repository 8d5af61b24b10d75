/// Cloud Custodian's own decision for one tag and one instant, for comparison with policies that run there.
///
/// It fills in what a tag leaves out, and takes free text for the defaults, as Cloud Custodian does; ``Hours`` does neither.
package struct CustodianFilter: Sendable {
    /// The filter's two names in Cloud Custodian: `onhour` starts, `offhour` stops.
    package enum Kind: String, Sendable {
        case on, off
    }

    /// Which of the two filters it is.
    package var kind: Kind
    /// Counts for tags that do not name one.
    package var defaultZone = "et"
    /// Counts on weekdays for tags that give no hour of this kind; 19 for off and 7 for on unless set.
    package var defaultHour: Int
    /// Whether machines without a tag take the defaults.
    package var isOptOut = false
    /// Local dates, such as `2015-12-01`, on which nothing happens.
    package var skippedDays: Set<String> = []

    /// A filter with Cloud Custodian's own defaults: off at 19, on at 7, and only machines that have a tag.
    package init(_ kind: Kind) {
        self.kind = kind
        defaultHour = kind == .off ? 19 : 7
    }

    /// Whether the filter matches in the local hour of an instant.
    ///
    /// - Parameters:
    ///   - tag: nil when the machine has none.
    ///   - instant: Unix seconds.
    package func matches(tag: String?, at instant: Int64, zones: ZoneCatalog) -> Bool {
        guard let tag = tag ?? (isOptOut ? "" : nil) else { return false }
        let text = Self.unquoted(tag.lowercased())
        guard text != "off" else { return false }
        let value = text.split(separator: ";").joined(separator: ";")
        let pairs = Self.pairs(value)
        let switches: [HourSwitch]
        if pairs[kind.rawValue] != nil {
            guard let schedule = try? CustodianSchedule(value) else { return false }
            switches = schedule.switches
        } else {
            guard pairs.keys.allSatisfy({ ["on", "off", "tz"].contains($0) }) else { return false }
            switches = [HourSwitch(isOn: kind == .on, days: 0b011_1110, hour: defaultHour)]
        }
        let name = pairs["tz"].flatMap { $0.isEmpty ? nil : $0 } ?? defaultZone
        guard let zone = try? CustodianSchedule.zone(name, zones) else { return false }
        let local = zone.localTime(at: instant)
        guard !skippedDays.contains(local.date.description) else { return false }
        return switches.contains {
            $0.isOn == (kind == .on) && $0.days >> UInt64(local.weekday) & 1 == 1 && $0.hour == local.hour
        }
    }

    private static func unquoted(_ text: String) -> String {
        var rest = text[...]
        for quote in ["'", "\""] as [Character] {
            while rest.first == quote { rest.removeFirst() }
            while rest.last == quote { rest.removeLast() }
        }
        return String(rest)
    }

    private static func pairs(_ value: String) -> [String: String] {
        var pairs: [String: String] = [:]
        for piece in value.split(whereSeparator: { $0 == " " || $0 == ";" }) {
            let words = piece.split(separator: "=", omittingEmptySubsequences: false)
            if words.count == 2 { pairs[String(words[0])] = String(words[1]) }
        }
        return pairs
    }
}
