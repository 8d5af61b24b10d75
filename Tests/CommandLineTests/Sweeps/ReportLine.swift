import Foundation
import VastAPI

/// The line at the end of a run, taken apart.
struct ReportLine {
    /// How many changes the fleet showed.
    private(set) var confirmed = 0
    /// How many did not happen.
    private(set) var failed = 0
    /// How many are open: accepted, sent or queued.
    private(set) var open = 0

    /// The reports of a run of a script of that name.
    static func lines(_ errors: String, script: String) -> [String] {
        errors.split(separator: "\n").map(String.init).filter { line in
            line.hasPrefix("vast-lua \(script): ")
        }
    }

    /// Whether a report says that a start of an instance may fire later; of more than three it names the first.
    static func namesQueued(_ id: InstanceID, _ errors: String) -> Bool {
        let names = #"([0-9, ]*\#(id)[^0-9]|[0-9]+, [0-9]+, [0-9]+ and [0-9]+ more)"#
        let patterns = ["STILL QUEUED \(names)", "start of \(names).*may be queued and bill later"]
        return patterns.contains { errors.range(of: $0, options: .regularExpression) != nil }
    }

    init(_ line: String) {
        for match in Self.matches(#" (\d+) \(confirmed\)"#, line) { confirmed += Int(match[0]) ?? 0 }
        for match in Self.matches(#"(\d+) [a-z]+ failed \("#, line) { failed += Int(match[0]) ?? 0 }
        for match in Self.matches(#"(?:[a-z]+ of|STILL QUEUED) ([0-9, ]*\d(?: and \d+ more)?)(?: accepted| sent|, may)"#, line) {
            open += Self.count(match[0])
        }
    }

    /// How many a list such as `1, 2, 3 and 4 more` names.
    private static func count(_ names: String) -> Int {
        let parts = names.components(separatedBy: " and ")
        let more = parts.count > 1 ? Int(parts[1].prefix { $0.isNumber }) ?? 0 : 0
        return parts[0].split(separator: ",").count + more
    }

    private static func matches(_ pattern: String, _ text: String) -> [[String]] {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
            (1..<match.numberOfRanges).compactMap { Range(match.range(at: $0), in: text).map { String(text[$0]) } }
        }
    }
}
