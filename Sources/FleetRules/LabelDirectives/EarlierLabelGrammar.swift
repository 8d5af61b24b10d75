package import FleetCalendar

/// What version 0.1 left alone because of a bracket that it did not understand, as that version had it.
///
/// In 0.1 `[owner=anna]` and `[lease=8 hours]` protected an instance, since any unknown word beside an equals sign did; now the
/// first is a tag and the second a lease. Somebody may rely on the old reading, so for a day after the state of 0.1 was first
/// opened such instances are left alone. This is frozen: it changes with nothing, and goes when 0.1 is long forgotten.
package enum EarlierLabelGrammar {
    private static let keys: Set = ["keep", "keep-until", "off", "on", "days", "tz", "lease", "lease-until", "freeze"]

    /// The brackets of a label that protected it then, and do not now.
    ///
    /// - Parameter now: Unix seconds.
    package static func brackets(of label: String, now: Double, zone: Zone, zones: ZoneCatalog) -> [String] {
        guard label.contains("["), LabelDirectives(label, zone: zone, zones: zones).objection(now: now) == nil else { return [] }
        return inners(of: label).filter { protects($0, zone, zones) }.map { "[\($0)]" }
    }

    private static func protects(_ inner: Substring, _ zone: Zone, _ zones: ZoneCatalog) -> Bool {
        let lower = inner.lowercased()
        if lower.contains("off=(") || lower.contains("on=(") { return (try? Hours(String(inner), zone: zone, zones: zones)) == nil }
        let words = inner.split { " ,;\t".contains($0) }.map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (key: parts[0].lowercased(), value: parts.count > 1 ? String(parts[1]) : nil)
        }
        guard words.contains(where: { $0.value != nil || keys.contains($0.key) || isNear($0.key) }) else { return false }
        return words.contains { key, value in
            switch key {
            case "off", "on", "lease-until": value == nil
            case "lease": !isLength(value ?? "")
            default: !keys.contains(key)
            }
        }
    }

    /// Units in falling order, each at most once, without spaces; a bare number was seconds.
    private static func isLength(_ text: String) -> Bool {
        var (units, digits) = ("dhms"[...], "")
        for character in text {
            if ("0"..."9").contains(character) || character == "." { digits.append(character); continue }
            guard Double(digits) != nil, let place = units.firstIndex(of: character) else { return false }
            (units, digits) = (units[units.index(after: place)...], "")
        }
        return !text.isEmpty && (digits.isEmpty || digits == text && Double(digits) != nil)
    }

    private static func isNear(_ word: String) -> Bool {
        ["keep", "freeze", "keep-until", "lease", "lease-until"].contains { wanted in
            let same = zip(wanted, word).prefix { $0 == $1 }.count
            let (left, right) = (wanted.dropFirst(same), word.dropFirst(same))
            return wanted != word
                && (left.dropFirst() == right.dropFirst() || left.dropFirst() == right || left == right.dropFirst())
        }
    }

    private static func inners(of label: String) -> [Substring] {
        var result: [Substring] = []
        var rest = label[...]
        while let open = rest.firstIndex(of: "[") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: "]") else { break }
            result.append(rest[(rest[..<close].lastIndex(of: "[").map(rest.index(after:)) ?? rest.startIndex)..<close])
            rest = rest[rest.index(after: close)...]
        }
        return result
    }
}
