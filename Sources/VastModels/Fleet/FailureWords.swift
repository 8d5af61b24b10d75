/// Whether what the daemon says of an instance (`status_msg`) tells of a failure. Words count, not letters: images, paths and
/// options may be called anything, and "0 errors" is none.
package enum FailureWords {
    private static let failures: Set<String> = [
        "error", "errors", "failed", "failure", "fail", "fails", "failing", "denied", "invalid", "unable", "cannot"
    ]
    /// Words that belong to the one behind them.
    private static let phrases: [(String, String)] = [("oci", "runtime"), ("no", "such"), ("not", "found")]
    /// Before a word: it is not so.
    private static let negations: Set<String> = ["no", "not", "without", "zero", "0", "never", "any"]
    /// Behind "error": it is about something else.
    private static let topics: Set<String> = [
        "correction", "correcting", "rate", "rates", "log", "logs", "logging", "handling", "handler", "reporting", "tracking", "checking",
        "bars", "free", "count", "budget"
    ]

    /// Whether a `status_msg` says that something has failed.
    package static func tellOfFailure(_ message: String) -> Bool {
        let words = words(message)
        guard words.first != "success" else { return false }
        return words.indices.contains { place in
            let (word, before) = (words[place], place > 0 ? words[place - 1] : "")
            let next = place + 1 < words.count ? words[place + 1] : ""
            if phrases.contains(where: { $0 == word && $1 == next }) { return true }
            guard failures.contains(word), !negations.contains(before) else { return false }
            return !(word.hasPrefix("error") && topics.contains(next))
        }
    }

    /// The words in lower case; what has other signs than letters inside is a name, and stands as an empty word.
    private static func words(_ message: String) -> [String] {
        message.lowercased().split { $0.isWhitespace || "=,;()[]{}<>|\"'`".contains($0) }.map { part in
            let word = part.drop { !$0.isLetter && !$0.isNumber && !"/._-".contains($0) }
            let trimmed = word.prefix { $0.isLetter || $0.isNumber }
            // Punctuation may follow.
            let rest = word.dropFirst(trimmed.count)
            return rest.allSatisfy { ":.!?…".contains($0) } ? String(trimmed) : ""
        }
    }
}
