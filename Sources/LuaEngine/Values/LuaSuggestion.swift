/// Finds what somebody probably meant.
public enum LuaSuggestion {
    /// "unknown option 'resaon', did you mean 'reason'?"
    public static func unknown(_ noun: String, _ name: String, among known: [String]) -> String {
        "unknown \(noun) '\(name)'\(didYouMean(closest(to: name, among: known)))"
    }

    /// What follows a wrong name: ", did you mean 'reason'?"; empty for nil.
    public static func didYouMean(_ best: String?) -> String { best.map { ", did you mean '\($0)'?" } ?? "" }

    /// The closest of some names; nil when none is close: a third of the letters, and at least one, may differ.
    public static func closest(to name: String, among known: [String]) -> String? {
        let letters = Array(name.utf8)
        let scored = known.map { known in
            let other = Array(known.utf8)
            return (name: known, distance: distance(letters, other), strange: strange(letters, other))
        }
        guard let best = scored.min(by: { ($0.distance, $0.strange, $0.name) < ($1.distance, $1.strange, $1.name) }) else { return nil }
        return best.distance <= max(1, max(name.utf8.count, best.name.utf8.count) / 3) ? best.name : nil
    }

    /// How many letters only one of two words has: none where letters have changed places, one where one is missing, two
    /// where one is wrong. Of two words that are equally far, the one of the same letters is meant.
    private static func strange(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var counts: [UInt8: Int] = [:]
        for letter in left { counts[letter, default: 0] += 1 }
        for letter in right { counts[letter, default: 0] -= 1 }
        return counts.values.reduce(0) { $0 + abs($1) }
    }

    /// Edits, with a swap of neighbours as one (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var rows = [[Int]](repeating: Array(0...right.count), count: 1)
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
