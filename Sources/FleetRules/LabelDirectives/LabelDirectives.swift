package import FleetCalendar

/// What the label of an instance asks for: `train-7b [keep]`, `[keep-until=2026-12-01T18:00]`,
/// `[off=22:00 on=08:00 days=mon-fri tz=Europe/Berlin]`, `[lease=8h]`, and the off-hours form of Cloud Custodian,
/// `[off=(M-F,19);on=(M-F,7);tz=pt]`.
///
/// Labels are free text that people edit on the service's own web page. So only text in brackets counts, and in a bracket three
/// kinds of words are told apart:
///
/// 1. `keep`, `keep-until`, `freeze`, and one slip from them, protect, whatever else stands there;
/// 2. `lease=`, `lease-until=`, `off=`, `on=`, `days=` and `tz=`, with an equals sign, are wishes. One that cannot be read is
///    reported, and means that policies leave the instance alone: nothing is ever guessed;
/// 3. everything else is somebody's own, a ``LabelTags`` word, and asks for nothing.
package struct LabelDirectives: Sendable {
    /// What is meant for us and cannot be read.
    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// The bracket as it stands in the label.
        package var bracket: String
        /// What cannot be read in it, and what to write instead.
        package var message: String

        package var description: String { "\(bracket): \(message)" }
    }

    /// No policy touches it.
    package var isKept = false
    /// Nothing may change it; the guard sees to that.
    package var isFrozen = false
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
    /// What is meant for us and cannot be read: with one of these, policies leave the instance alone.
    package var problems: [Problem] = []

    /// The words that have a value.
    static let valuedKeys = ["off", "on", "days", "tz", "lease", "lease-until"]
    /// The words of a bracket that are understood.
    package static let keys = LabelProtection.words + valuedKeys
    private static let leaseKeys = ["lease", "lease-until"]
    /// A lease that is shorter is nobody's wish.
    private static let shortestLease = Duration.seconds(900)

    /// What protects without end, as it stands in the label.
    private var keeper: String?
    /// Whether what the label says of its hours, its leases or its zones cannot be understood: nobody knows which is meant.
    private var hasUnclearHours = false, hasUnclearLease = false, hasUnclearZone = false

    /// Reads a label.
    ///
    /// - Parameters:
    ///   - zone: for times where the label has no `tz=`.
    ///   - zones: where `tz=` is looked up.
    package init(_ label: String, zone: Zone, zones: ZoneCatalog) {
        let brackets = LabelBracket.all(in: label).filter(\.isOurs)
        let named = readZones(brackets, zones)
        for (index, bracket) in brackets.enumerated() {
            let zone = named[index] ?? named.min { $0.key < $1.key }?.value ?? zone
            protect(bracket, zone)
            if bracket.isCustodian {
                take(bracket) { (try Hours(String(bracket.inner), zone: zone, zones: zones), nil) }
            } else {
                read(bracket, zone, zones)
            }
        }
        reportRepeated(brackets, named, zone)
        if hasUnclearHours { (hours, only) = (nil, nil) }
        if hasUnclearLease { (lease, leaseUntil) = (nil, nil) }
    }

    /// Why policies leave the instance alone now; nil when nothing in the label is against it.
    ///
    /// - Parameter now: Unix seconds.
    package func objection(now: Double) -> String? {
        if let keeper { return "its label says \(keeper)" }
        if let keptUntil, now < Double(keptUntil) { return "its label says [keep-until]" }
        return problems.first.map { "its label cannot be understood: \($0)" }
    }

    /// When its lease is over, in Unix seconds, by the later one of two; nil where there is none, or nobody knows when the run
    /// began.
    ///
    /// - Parameter start: when the present run began, in Unix seconds.
    package func leaseEnd(runSince start: Double?) -> Double? {
        guard let lease else { return leaseUntil.map(Double.init) }
        return start.map { max($0 + lease.seconds, leaseUntil.map(Double.init) ?? -.infinity) }
    }

    // MARK: reading

    private mutating func report(_ bracket: LabelBracket, _ message: String) {
        problems.append(Problem(bracket: bracket.text, message: message))
    }

    /// The zone that each bracket names, by its position; where several do and one does not, that one takes the first.
    private mutating func readZones(_ brackets: [LabelBracket], _ zones: ZoneCatalog) -> [Int: Zone] {
        var result: [Int: Zone] = [:]
        for (index, bracket) in brackets.enumerated() {
            guard !bracket.isCustodian, let name = bracket.value(of: "tz") else { continue }
            do { result[index] = try zones.zone(name) } catch {
                report(bracket, "\(error)")
                (hasUnclearZone, hasUnclearHours) = (true, true)
            }
        }
        if hasUnclearZone, brackets.contains(where: { $0.has("lease-until") }) { hasUnclearLease = true }
        return result
    }

    private mutating func protect(_ bracket: LabelBracket, _ zone: Zone) {
        for (index, word) in bracket.words.enumerated() {
            guard let protection = word.protection else { continue }
            if case .keepUntil(isExact: true) = protection, let instant = readDate(word, bracket, zone) {
                keptUntil = max(instant, keptUntil ?? instant)
                continue
            }
            if case .freeze = protection { isFrozen = true } else { isKept = true }
            keeper = keeper ?? (protection.isExact ? "[\(protection.word)]" : "[\(word.name)], which is read as [\(protection.word)]")
            if !protection.isExact {
                report(bracket, "\(LabelEdit.unknown(word.key)); until it is corrected or taken away, it protects")
            } else if let message = protection.surplus(word, before: bracket.words[(index + 1)...].first) {
                report(bracket, message)
            }
        }
    }

    /// Protection with a date that cannot be read has no end.
    private mutating func readDate(_ word: LabelBracket.Word, _ bracket: LabelBracket, _ zone: Zone) -> Int64? {
        // The zone has been reported.
        if hasUnclearZone { return nil }
        do {
            try bracket.checkNothingMore(after: word)
            return try Self.instant(word, zone)
        } catch {
            report(bracket, "\(word.key): \(error); it protects without end")
            return nil
        }
    }

    private mutating func read(_ bracket: LabelBracket, _ zone: Zone, _ zones: ZoneCatalog) {
        for word in bracket.words where word.isWish {
            do {
                try read(word, zone)
                try bracket.checkNothingMore(after: word)
            } catch {
                report(bracket, "\(word.key): \(error)")
                noteUnclear(word.key)
            }
        }
        if bracket.has("off") || bracket.has("on") {
            take(bracket) { try DailyHours(bracket).hours(zone, zones) }
        } else if bracket.has("days") {
            report(bracket, "days= belongs beside off= or on=, in the same bracket")
            hasUnclearHours = true
        }
    }

    private mutating func take(_ bracket: LabelBracket, _ read: () throws -> (Hours, PolicyRules.Only?)) {
        do {
            let found = try read()
            if hours != nil {
                report(bracket, "a second bracket with hours; write off=, on= and days= into one")
                hasUnclearHours = true
            }
            (hours, only) = found
        } catch {
            report(bracket, "\(error)")
            hasUnclearHours = true
        }
    }

    private mutating func noteUnclear(_ key: String) {
        if Self.leaseKeys.contains(key) { hasUnclearLease = true } else { hasUnclearHours = true }
    }

    private mutating func read(_ word: LabelBracket.Word, _ zone: Zone) throws {
        switch word.key {
        case "lease":
            let length = try DurationFormat.parse(try word.needed(), bareNumber: .refused)
            guard length >= Self.shortestLease else {
                throw LabelBracket.Problem(description: "a lease is 15 minutes or longer, not \(word.value ?? "")")
            }
            lease = length
        case "lease-until": leaseUntil = try Self.instant(word, zone)
        default: break
        }
    }

    /// Of a wish that stands twice nobody knows which is meant.
    private mutating func reportRepeated(_ brackets: [LabelBracket], _ named: [Int: Zone], _ zone: Zone) {
        var seen: [String: (text: String, meaning: String)] = [:]
        for (index, bracket) in brackets.enumerated() where !bracket.isCustodian {
            let zone = named[index] ?? named.min { $0.key < $1.key }?.value ?? zone
            var inside: [String: (text: String, meaning: String)] = [:]
            for word in bracket.words where word.isWish {
                let value = (text: word.value ?? "", meaning: Self.meaning(of: word, zone))
                let isHours = !Self.leaseKeys.contains(word.key)
                if let other = isHours ? inside[word.key] : seen[word.key], other.meaning != value.meaning {
                    report(bracket, "\(word.key)= stands twice, as \(other.text) and as \(value.text)")
                    noteUnclear(word.key)
                }
                inside[word.key] = value
                seen[word.key] = value
            }
        }
    }

    /// The same for two ways of writing one length or one instant, such as `8h` and `480m`.
    private static func meaning(of word: LabelBracket.Word, _ zone: Zone) -> String {
        let text = word.value ?? ""
        switch word.key {
        case "lease": return (try? DurationFormat.parse(text, bareNumber: .refused)).map { "\($0)" } ?? text
        case "lease-until": return (try? instant(word, zone)).map { "\($0)" } ?? text
        default: return text
        }
    }

    /// A date alone is the end of that day.
    private static func instant(_ word: LabelBracket.Word, _ zone: Zone) throws -> Int64 {
        let text = try word.needed()
        let isDay = text.count == 10
        let time = try WallTime(isDay ? text + " 23:59:59" : text)
        guard time.date.year >= 2_000 else {
            throw LabelBracket.Problem(description: "the year \(text.prefix(4)) is before 2000; it is perhaps mistyped")
        }
        return time.instant(in: zone) + (isDay ? 1 : 0)
    }
}
