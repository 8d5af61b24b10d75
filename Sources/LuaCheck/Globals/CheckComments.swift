/// What comments of a script say to those who check it, as the Lua language server and luacheck read them.
struct CheckComments {
    /// What a comment may be about.
    enum Subject: Hashable {
        case globals, fields
    }

    /// The globals that a comment declares.
    private(set) var declared: Set<String> = []
    private var lines: [Int: Set<Subject>] = [:]
    private var spans: [(subjects: Set<Subject>, lines: ClosedRange<Int>)] = []

    private static let all: Set<Subject> = [.globals, .fields]

    init(_ comments: [LuaTokens.Comment]) {
        var disabled: [Subject: Int] = [:]
        for comment in comments {
            if let text = Self.rest(of: comment.text, after: "-@diagnostic") {
                note(text, comment.line, &disabled)
            } else if let text = Self.rest(of: comment.text.drop { $0 == " " }, after: "luacheck:") {
                note(luacheck: text, comment, &disabled)
            }
        }
        for (subject, line) in disabled { spans.append(([subject], line...Int.max)) }
    }

    /// Whether a finding in a line is not wanted.
    func hides(_ subject: Subject, in line: Int) -> Bool {
        lines[line]?.contains(subject) ?? false || spans.contains { $0.subjects.contains(subject) && $0.lines.contains(line) }
    }

    /// `disable: undefined-global`, `disable-next-line`, `disable-line`, `enable`
    private mutating func note(_ text: Substring, _ line: Int, _ disabled: inout [Subject: Int]) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard let action = parts.first.map({ String($0.filter { $0 != " " }) }) else { return }
        let subjects = parts.count > 1 ? Self.subjects(parts[1]) : Self.all
        switch action {
        case "disable-next-line": lines[line + 1, default: []].formUnion(subjects)
        case "disable-line": lines[line, default: []].formUnion(subjects)
        case "disable": for subject in subjects where disabled[subject] == nil { disabled[subject] = line }
        case "enable":
            for subject in subjects { disabled.removeValue(forKey: subject).map { spans.append(([subject], $0...line)) } }
        default: break
        }
    }

    private static func subjects(_ names: Substring) -> Set<Subject> {
        let known: [String: Subject] = ["undefined-global": .globals, "lowercase-global": .globals, "undefined-field": .fields]
        return Set(names.split { $0 == "," || $0 == " " }.compactMap { known[String($0)] })
    }

    /// `globals name name`, `read globals name`, `ignore`
    private mutating func note(luacheck text: Substring, _ comment: LuaTokens.Comment, _ disabled: inout [Subject: Int]) {
        let words = text.split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
        if let index = words.prefix(3).firstIndex(where: { $0 == "globals" || $0 == "read_globals" }) {
            declared.formUnion(words[(index + 1)...].map { String($0.prefix { $0 != "." }) })
        } else if words.first == "ignore" {
            if comment.isAlone {
                for subject in Self.all where disabled[subject] == nil { disabled[subject] = comment.line }
            } else {
                lines[comment.line, default: []].formUnion(Self.all)
            }
        }
    }

    private static func rest(of text: Substring, after word: String) -> Substring? {
        text.hasPrefix(word) ? text.dropFirst(word.count) : nil
    }
}
