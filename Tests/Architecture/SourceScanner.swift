/// Reads the declarations of one file.
struct SourceScanner {
    private struct Container {
        let indentation: Int
        let keyword: String
        let path: [String]
        let givesAccess: Bool
    }

    private static let keywords: Set<String> = [
        "func", "var", "let", "init", "subscript", "struct", "class", "enum", "protocol", "actor", "typealias", "associatedtype",
        "extension"
    ]
    private static let types: Set<String> = ["struct", "class", "enum", "protocol", "actor", "extension"]
    private static let modifiers: Set<String> = [
        "public", "package", "open", "internal", "fileprivate", "private", "static", "final", "override", "convenience", "required",
        "mutating", "nonmutating", "indirect", "nonisolated", "unowned", "weak", "lazy", "dynamic", "borrowing", "consuming", "isolated",
        "class", "prefix", "postfix", "infix"
    ]

    private let file: String
    private let lines: [Substring]
    private var containers: [Container] = []

    static func declarations(in text: String, file: String = "") -> [SourceDeclaration] {
        var scanner = SourceScanner(text, file)
        return scanner.lines.indices.compactMap { scanner.declaration(at: $0) }
    }

    private init(_ text: String, _ file: String) {
        self.file = file
        var isInText = false
        // What stands in a literal of several lines is no source.
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let wasInText = isInText
            if line.hasOddTextQuotes { isInText.toggle() }
            return wasInText ? "" : line
        }
    }

    private mutating func declaration(at index: Int) -> SourceDeclaration? {
        let indentation = lines[index].prefix { $0 == " " }.count
        guard let (modifiers, keyword, rest) = Self.head(lines[index].dropFirst(indentation)) else { return nil }
        while let last = containers.last, last.indentation >= indentation { containers.removeLast() }
        let header = self.header(from: index, rest, isType: Self.types.contains(keyword))
        let container = containers.last
        let name = DeclarationName(keyword, header)
        let declaration = SourceDeclaration(
            file: file, line: index + 1, keyword: keyword, name: name.text, parameters: name.parameters, modifiers: modifiers,
            scope: container?.path ?? [], container: container?.keyword,
            inheritsAccess: container.map { $0.givesAccess && keyword != "extension" } ?? false,
            conformances: Self.types.contains(keyword) ? Self.conformances(header) : [], comment: comment(above: index))
        if Self.types.contains(keyword) {
            let givesAccess = ["protocol", "extension"].contains(keyword) && !modifiers.isDisjoint(with: ["public", "package"])
            containers.append(
                Container(
                    indentation: indentation, keyword: keyword, path: declaration.scope + [declaration.name], givesAccess: givesAccess))
        }
        return declaration
    }

    /// What a line declares; nil when it declares nothing.
    private static func head(_ line: Substring) -> (modifiers: Set<String>, keyword: String, rest: Substring)? {
        var found = Set<String>()
        var rest = line
        while true {
            rest = rest.drop { $0 == " " }
            let word = rest.prefix { $0.isLetter || $0 == "_" || $0 == "@" }
            guard !word.isEmpty else { return nil }
            let after = rest.dropFirst(word.count)
            let isOfClass = word == "class" && after.drop { $0 == " " }.isMember
            if keywords.contains(String(word)), !isOfClass { return (found, String(word), after) }
            guard word.hasPrefix("@") || modifiers.contains(String(word)) else { return nil }
            // `private(set)` says nothing of who may read.
            guard after.first == "(" else {
                found.insert(String(word))
                rest = after
                continue
            }
            rest = after.drop { $0 != ")" }.dropFirst()
        }
    }

    /// A declaration up to its body, in one line.
    private func header(from index: Int, _ rest: Substring, isType: Bool) -> String {
        var text = String(rest)
        var next = index + 1
        while next < lines.endIndex, next < index + 16, isType ? !text.contains("{") : !text.hasBalancedParentheses {
            text += " " + lines[next].drop { $0 == " " }
            next += 1
        }
        return isType ? String(text.prefix { $0 != "{" }) : text
    }

    private static func conformances(_ header: String) -> [String] {
        guard let colon = header.firstIndex(of: ":") else { return [] }
        let list = header[header.index(after: colon)...].split(separator: " where ", maxSplits: 1).first ?? ""
        return list.split { $0 == "," || $0 == "&" }.map { part in
            String(part.split(separator: " ").last { !$0.hasPrefix("@") }?.prefix { $0 != "<" } ?? "")
        }
    }

    /// Whether nothing but attributes stands in a line.
    private static func isAttribute(_ line: Substring) -> Bool { line.hasPrefix("@") && head(line) == nil }

    /// The comment that ends on the line above a declaration and its attributes, the bars taken off.
    private func comment(above index: Int) -> String? {
        var place = index - 1
        while place >= 0, Self.isAttribute(lines[place].drop { $0 == " " }) { place -= 1 }
        var text: [Substring] = []
        while place >= 0 {
            let line = lines[place].drop { $0 == " " }
            guard line.hasPrefix("///"), !line.hasPrefix("////") else { break }
            text.insert(line.hasPrefix("/// ") ? line.dropFirst(4) : line.dropFirst(3), at: 0)
            place -= 1
        }
        let joined = text.joined(separator: "\n")
        return joined.contains { $0.isLetter || $0.isNumber } ? joined : nil
    }
}

/// The name of a declaration, with the labels of what is called.
private struct DeclarationName {
    let text: String
    /// What the parameters are called inside.
    let parameters: [String]

    init(_ keyword: String, _ header: String) {
        let rest = header.drop { $0 == " " || $0 == "?" || $0 == "!" }
        let isNamed = keyword != "init" && keyword != "subscript"
        let isWord = rest.first.map { $0.isLetter || $0 == "_" || $0 == "`" } ?? false
        let name =
            isNamed
            ? rest.prefix { isWord ? $0.isLetter || $0.isNumber || "_`.".contains($0) : $0 != " " && $0 != "(" } : Substring(keyword)
        let parts = isNamed && keyword != "func" ? nil : Self.parameters(isNamed ? rest.dropFirst(name.count) : rest)
        let labels = (parts ?? []).map { keyword == "subscript" && $0.count == 1 ? "_:" : "\($0.first ?? "_"):" }
        text = name.filter { $0 != "`" } + (parts == nil ? "" : "(\(labels.joined()))")
        parameters = (parts ?? []).compactMap { $0.last.map(String.init) }
    }

    /// Label and name of each parameter, or the one word that is both.
    private static func parameters(_ text: Substring) -> [[Substring]]? {
        guard let open = text.firstIndex(of: "(") else { return nil }
        var parts: [String] = [""]
        var depth = 0
        var previous: Character = " "
        for character in text[text.index(after: open)...] {
            if ")]}".contains(character) || character == ">" && previous != "-" { depth -= 1 }
            if depth < 0 { break }
            if "([{<".contains(character) { depth += 1 }
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
            previous = character
        }
        return parts.map { $0.prefix { $0 != ":" }.split(separator: " ").filter { !$0.hasPrefix("@") } }.filter { !$0.isEmpty }
    }
}

extension Substring {
    /// Whether a literal of several lines begins here and goes on, or ends that has begun before.
    fileprivate var hasOddTextQuotes: Bool {
        var (run, count) = (0, 0)
        for character in utf8 {
            run = character == UInt8(ascii: "\"") ? run + 1 : 0
            if run == 3 { (run, count) = (0, count + 1) }
        }
        return count % 2 == 1
    }

    /// Whether `class` before it means a member of a class.
    fileprivate var isMember: Bool { ["func ", "var ", "subscript", "override "].contains { hasPrefix($0) } }
}

extension String {
    fileprivate var hasBalancedParentheses: Bool {
        var depth = 0
        for character in utf8 {
            if character == UInt8(ascii: "(") { depth += 1 }
            if character == UInt8(ascii: ")") { depth -= 1 }
        }
        return depth <= 0
    }
}
