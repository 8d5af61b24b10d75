package import FleetCalendar

/// What the label of an instance asks for: `train-7b [keep]`, `[keep-until=2026-12-01T18:00]`,
/// `[off=22:00 on=08:00 days=mon-fri tz=Europe/Berlin]`, `[lease=8h]`, and the off-hours form of Cloud Custodian,
/// `[off=(M-F,19);on=(M-F,7);tz=pt]`.
///
/// Labels are free text that people edit on the service's own web page. So only text in brackets counts, and nothing is
/// ever guessed: what looks like a wish and cannot be read is reported, and means that policies leave the instance alone.
package struct LabelDirectives: Sendable {
    /// What looks like a wish and is none.
    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// The bracket as it stands in the label.
        package var bracket: String
        package var message: String

        package var description: String { "\(bracket): \(message)" }
    }

    /// No policy touches it.
    package var isKept = false
    /// No policy touches it before this instant, in Unix seconds.
    package var keptUntil: Int64?
    /// When it is to be up.
    package var hours: Hours?
    /// Which switches of the hours are meant: with `off=` alone nothing is ever started.
    package var only: PolicyRules.Only?
    /// How long after its run began it is to be stopped.
    package var lease: Duration?
    /// When it is to be stopped, in Unix seconds.
    package var leaseUntil: Int64?
    package var problems: [Problem] = []

    /// The words of a bracket that are understood.
    package static let keys = ["keep", "keep-until", "off", "on", "days", "tz", "lease", "lease-until", "freeze"]

    /// Reads a label.
    ///
    /// - Parameters:
    ///   - zone: for times where the label has no `tz=`.
    ///   - zones: where `tz=` is looked up.
    package init(_ label: String, zone: Zone, zones: ZoneCatalog) {
        let brackets = LabelBracket.all(in: label)
        var zone = zone
        for bracket in brackets {
            guard let name = bracket.value(of: "tz"), !bracket.isCustodian else { continue }
            do { zone = try zones.zone(name) } catch { report(bracket, "\(error)") }
        }
        for bracket in brackets {
            if bracket.isCustodian { readCustodian(bracket, zone, zones) } else { read(bracket, zone, zones) }
        }
    }

    /// Why policies leave the instance alone now; nil when nothing in the label is against it.
    ///
    /// - Parameter now: Unix seconds.
    package func objection(now: Double) -> String? {
        if isKept { return "its label says [keep]" }
        if let keptUntil, now < Double(keptUntil) { return "its label says [keep-until]" }
        return problems.first.map { "its label cannot be understood: \($0)" }
    }

    /// When its lease is over, in Unix seconds; nil where there is none, or nobody knows when the run began.
    ///
    /// - Parameter start: when the present run began, in Unix seconds.
    package func leaseEnd(runSince start: Double?) -> Double? {
        [leaseUntil.map(Double.init), lease.flatMap { lease in start.map { $0 + lease.seconds } }].compactMap(\.self).min()
    }

    // MARK: reading

    private mutating func report(_ bracket: LabelBracket, _ message: String) {
        problems.append(Problem(bracket: bracket.text, message: message))
    }

    private mutating func readCustodian(_ bracket: LabelBracket, _ zone: Zone, _ zones: ZoneCatalog) {
        do {
            hours = try Hours(bracket.inner, zone: zone, zones: zones)
            // What has no `on` never switches on, which the form itself knows.
            only = nil
        } catch {
            report(bracket, "\(error)")
        }
    }

    /// What protects is obeyed even beside a word that is not understood.
    private mutating func read(_ bracket: LabelBracket, _ zone: Zone, _ zones: ZoneCatalog) {
        guard bracket.looksLikeWishes else { return }
        let unknown = bracket.words.filter { !Self.keys.contains($0.key) }
        for word in unknown { report(bracket, LabelBracket.unknown(word.key)) }
        for word in bracket.words where unknown.isEmpty || word.key.hasPrefix("keep") {
            do {
                try read(word, zone)
            } catch {
                report(bracket, "\(word.key): \(error)")
            }
        }
        guard unknown.isEmpty, bracket.has("off") || bracket.has("on") else { return }
        do {
            (hours, only) = try DailyHours(bracket).hours(zone, zones)
        } catch {
            report(bracket, "\(error)")
        }
    }

    private mutating func read(_ word: LabelBracket.Word, _ zone: Zone) throws {
        switch word.key {
        case "keep": isKept = true
        case "keep-until": keptUntil = try Self.instant(word, zone)
        case "lease": lease = try DurationFormat.parse(try word.needed())
        case "lease-until": leaseUntil = try Self.instant(word, zone)
        default: break
        }
    }

    /// A date alone is the end of that day.
    private static func instant(_ word: LabelBracket.Word, _ zone: Zone) throws -> Int64 {
        let text = try word.needed()
        if text.count == 10 { return try WallTime(text + " 23:59:59").instant(in: zone) + 1 }
        return try WallTime(text).instant(in: zone)
    }
}
