/// Finds what somebody probably meant.
package enum NameSuggestion {
    /// The closest of some names, whatever their case; nil when more than a third of the letters differs.
    package static func closest(to name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for candidate in known {
            let letters = Array(candidate.lowercased().utf8)
            let allowed = max(1, max(wanted.count, letters.count) / 3)
            guard abs(letters.count - wanted.count) <= allowed else { continue }
            let distance = distance(wanted, letters)
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Letters to insert, delete, replace or exchange with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var (older, above) = ([Int](), Array(0...right.count))
        for (i, letter) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                row.append(min(above[j + 1] + 1, row[j] + 1, above[j] + (letter == other ? 0 : 1)))
                if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other { row[j + 1] = min(row[j + 1], older[j - 1] + 1) }
            }
            (older, above) = (above, row)
        }
        return above[right.count]
    }
}
