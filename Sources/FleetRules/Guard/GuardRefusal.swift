package import VastModels

/// Why the guard does not let a call through, and what would.
package struct GuardRefusal: Sendable, Equatable {
    /// One rule that stands against it.
    package struct Objection: Sendable, Equatable {
        /// The rule's name in `vast.guard`, such as `max_stops` or `protect`.
        package var rule: String
        /// What was asked and what is allowed, such as `27 stops asked, limit 10 (built in)`.
        package var text: String
        /// What would let the call through; nil when nothing would.
        package var remedy: GuardRemedy?
    }

    /// Every rule that stands against the call, not the first one alone.
    package var objections: [Objection]
    /// The instances that were asked for, by name.
    package var matched: [String]

    /// What was refused, on one line: `27 stops asked, limit 10 (built in): 12 train-a, 13 and 25 more`.
    package var summary: String {
        let shown = matched.prefix(5)
        let more = matched.count - shown.count
        let names = shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        return objections.map(\.text).joined(separator: "; ") + (names.isEmpty ? "" : ": \(names)")
    }

    /// Where limits are said.
    package enum Place: Sendable {
        /// In a script: `vast.guard{max_stops=27}`.
        case script
        /// Behind a command: `--limit max_stops=27`.
        case commandLine
    }

    /// The line that would allow it, such as `vast.guard{max_stops=27}`; nil when none would.
    package func toAllow(in place: Place = .script) -> String? {
        let own = objections.compactMap(\.remedy?.setting)
        let line: [String] =
            switch place {
            case _ where own.isEmpty: []
            case .script: ["vast.guard{\(own.map(\.assignment).joined(separator: ", "))}"]
            case .commandLine: [own.map(\.option).joined(separator: " ")]
            }
        let all = line + objections.compactMap(\.remedy?.elsewhere)
        return all.isEmpty ? nil : all.joined(separator: ", ")
    }

    /// What the ceiling of the options is called.
    package static let commandLine = "command line"
    /// What the ceiling of scripts is called that may allow themselves nothing; an option of the run lifts it.
    package static let restricted = "--restricted"
    /// The ceilings that an option behind the command lifts.
    static let optional: Set<String> = [commandLine, restricted]

    /// The error that the script sees; its code is the name of the first rule.
    package func error(in place: Place = .script) -> VastError {
        VastError(.guard, summary, code: objections.first?.rule, hint: toAllow(in: place).map { "to allow   \($0)" })
    }

    /// What a dry run says in its place.
    package var wouldExceed: String { "would exceed the guard: \(summary)" }
}
