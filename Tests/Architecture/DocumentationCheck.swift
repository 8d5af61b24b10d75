/// Which declarations need a documentation comment and have none.
///
/// All that others can see need one, but for what is said elsewhere already: witnesses of requirements that have a comment of
/// their own, be it in these sources or in Swift's library, and the members of an extension of a protocol that are requirements
/// of it.
struct DocumentationCheck {
    /// The requirements of Swift's library whose witnesses have nothing to add.
    private static let standard: [String: Set<String>] = [
        "Equatable": ["==(_:_:)", "==(left:right:)", "==(lhs:rhs:)"], "Comparable": ["<(left:right:)", "<(lhs:rhs:)"],
        "Hashable": ["hash(into:)"],
        "CustomStringConvertible": ["description"], "CustomDebugStringConvertible": ["debugDescription"],
        "Decodable": ["init(from:)"], "Encodable": ["encode(to:)"],
        "Sequence": ["makeIterator()"], "IteratorProtocol": ["next()"],
        "ExpressibleByNilLiteral": ["init(nilLiteral:)"], "ExpressibleByBooleanLiteral": ["init(booleanLiteral:)"],
        "ExpressibleByIntegerLiteral": ["init(integerLiteral:)"], "ExpressibleByFloatLiteral": ["init(floatLiteral:)"],
        "ExpressibleByStringLiteral": ["init(stringLiteral:)"], "ExpressibleByArrayLiteral": ["init(arrayLiteral:)"],
        "ExpressibleByDictionaryLiteral": ["init(dictionaryLiteral:)"]
    ]
    /// The protocols of Swift's library that contain others of it.
    private static let refinements: [String: [String]] = [
        "Hashable": ["Equatable"], "Comparable": ["Equatable"], "Codable": ["Decodable", "Encodable"]
    ]

    private let declarations: [SourceDeclaration]
    /// What each type says that it conforms to, by the type's path.
    private var conformances: [String: Set<String>] = [:]
    /// The requirements that have a comment, by the protocol's path.
    private var requirements: [String: Set<String>] = standard

    init(_ declarations: [SourceDeclaration]) {
        self.declarations = declarations
        for (name, refined) in Self.refinements { conformances[name, default: []].formUnion(refined) }
        for declaration in declarations where !declaration.conformances.isEmpty {
            conformances[declaration.path, default: []].formUnion(declaration.conformances)
        }
        for declaration in declarations where declaration.isRequirement && declaration.comment != nil {
            requirements[declaration.scope.joined(separator: "."), default: []].insert(declaration.name)
        }
    }

    var undocumented: [SourceDeclaration] {
        declarations.filter { $0.isVisible && !$0.isExtension && $0.comment == nil && !isWitness($0) }
    }

    /// Comments of which every word stands in the name already.
    var repetitions: [SourceDeclaration] {
        declarations.filter { declaration in
            guard declaration.isVisible, let comment = declaration.comment else { return false }
            let said = Self.words(in: comment).subtracting(["a", "an", "the", "this", "its", "of"])
            return said.isSubset(of: Self.words(of: declaration.name))
        }
    }

    /// Comments that describe a parameter which the declaration does not have: they were written for another one.
    var strangers: [(declaration: SourceDeclaration, parameter: String)] {
        declarations.flatMap { declaration in
            Self.describedParameters(in: declaration.comment ?? "").filter { !declaration.parameters.contains($0) }.map {
                (declaration, $0)
            }
        }
    }

    /// The names behind `- Parameter` and below `- Parameters:`.
    private static func describedParameters(in comment: String) -> [String] {
        var isInList = false
        return comment.split(separator: "\n").compactMap { line in
            let isItem = line.drop { $0 == " " }.hasPrefix("- ")
            if line.hasPrefix("- Parameter ") { return String(line.dropFirst(12).prefix { $0 != ":" }) }
            if isItem, line.first == "-" { isInList = line.hasPrefix("- Parameters:") }
            guard isInList, isItem, line.first == " " else { return nil }
            return String(line.drop { $0 == " " }.dropFirst(2).prefix { $0 != ":" })
        }
    }

    private func isWitness(_ declaration: SourceDeclaration) -> Bool {
        guard !declaration.isRequirement, !declaration.scope.isEmpty else { return false }
        return protocols(of: declaration.scope.joined(separator: ".")).contains { requirements[$0]?.contains(declaration.name) ?? false }
    }

    /// A type, and all that it conforms to.
    private func protocols(of path: String) -> Set<String> {
        var found: Set<String> = []
        var waiting = [path]
        while let next = waiting.popLast() {
            if found.insert(next).inserted { waiting += conformances[next] ?? [] }
        }
        return found
    }

    private static func words(in text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }

    /// `perDayLimit` is per, day and limit.
    private static func words(of name: String) -> Set<String> {
        var spaced = ""
        for character in name.prefix(while: { $0 != "(" }) {
            if character.isUppercase { spaced.append(" ") }
            spaced += character.lowercased()
        }
        return words(in: spaced).union([name.lowercased()])
    }
}
