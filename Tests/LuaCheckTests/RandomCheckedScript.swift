import FleetClock

@testable import VastLua

/// A script made by chance of declared functions, fields and methods, all used as declared.
struct RandomCheckedScript {
    /// A part of it: text as it is, the name of a field or method of an object, or a name or word of which there are others.
    enum Part {
        case text(String)
        case member(String, ObjectDeclaration)
        case word(String, [String])
    }

    private typealias Variable = (name: String, object: ObjectDeclaration)

    private(set) var parts: [Part] = []
    private var variables: [Variable] = []
    private var count = 0
    var generator: SeededGenerator

    private static let objects = Dictionary(uniqueKeysWithValues: ObjectDeclaration.all.map { ($0.name, $0) })

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        for _ in 0..<Int.random(in: 4...10, using: &generator) { statement(depth: 0) }
    }

    var text: String { text(replacing: -1, by: "") }

    /// The positions of the names in ``parts``.
    var members: [Int] { parts.indices.filter { if case .member = parts[$0] { true } else { false } } }

    /// The positions of words of options, queries and closed sets in ``parts``.
    var words: [Int] { parts.indices.filter { if case .word = parts[$0] { true } else { false } } }

    /// The positions of names in ``parts`` that are methods called without arguments.
    var bareCalls: [Int] {
        members.filter { text(at: $0 - 1).hasSuffix(":") && text(at: $0 + 1) == "(" && text(at: $0 + 2) == ")\n" }
    }

    private func text(at position: Int) -> String {
        guard parts.indices.contains(position), case .text(let text) = parts[position] else { return "" }
        return text
    }

    /// The script with a dot before a method in one place.
    func text(withDotBefore position: Int) -> String {
        var script = self
        script.parts[position - 1] = .text(text(at: position - 1).dropLast() + ".")
        return script.text
    }

    /// The script with another name in one place.
    func text(replacing position: Int, by name: String) -> String {
        parts.indices.map { index in
            switch parts[index] {
            case .text(let text): text
            case .member(let own, _), .word(let own, _): index == position ? name : own
            }
        }.joined()
    }

    mutating func add(_ text: String) { parts.append(.text(text)) }

    /// Adds a word of which there are others.
    mutating func add(_ word: String, of words: [String]) { parts.append(.word(word, words)) }

    private mutating func statement(depth: Int) {
        let choice = Int.random(in: 0..<(depth < 3 ? 8 : 4), using: &generator)
        guard let variable = variables.randomElement(using: &generator) else { return declaration() }
        switch choice {
        case 0: declaration()
        case 1: if !read(variable) { declaration() }
        case 2: call(variable)
        case 3: comparison(variable)
        case 4: loop(variable, depth)
        case 5: callback(depth)
        case 6: combination(variable)
        default:
            add("do\n")
            block(depth)
            add("end\n")
        }
    }

    /// Statements whose variables end with them.
    private mutating func block(_ depth: Int, _ own: [Variable] = []) {
        let outer = variables
        variables += own
        for _ in 0..<Int.random(in: 1...3, using: &generator) { statement(depth: depth + 1) }
        variables = outer
    }

    private mutating func name() -> String {
        count += 1
        return "v\(count)"
    }

    // MARK: statements

    private mutating func declaration() {
        let makers = Declaration.all.compactMap { function in
            function.results.first.flatMap { Self.objects[$0.type.replacing("?", with: "")] }.map { (function, $0) }
        }
        guard let (function, object) = makers.randomElement(using: &generator) else { return }
        let variable = name()
        add("local \(variable) = vast.\(function.name)(")
        let given = arguments(function)
        add(")\n")
        if !given.waits { return variables.append((variable, object)) }
        // One for one instance, a list for a list, and for an unknown target who knows.
        let name = ["12": function.results.first?.waited, "{}": ObjectDeclaration.listName][given.first ?? ""]
        if let name, let name, let object = Self.objects[name] { variables.append((variable, object)) }
    }

    private mutating func read(_ variable: Variable) -> Bool {
        guard let field = variable.object.fields.randomElement(using: &generator) else { return false }
        let alias = name()
        add("local \(alias) = \(variable.name).")
        parts.append(.member(field.name, variable.object))
        add("\n")
        if let object = Self.objects[field.type.replacing("?", with: "")] { variables.append((alias, object)) }
        return true
    }

    private mutating func call(_ variable: Variable) {
        guard let method = variable.object.methods.randomElement(using: &generator) else { return }
        let alias = name()
        add("local \(alias) = \(variable.name):")
        parts.append(.member(method.name, variable.object))
        add("(")
        let waits = arguments(method).waits
        add(")\n")
        let isOfList = variable.object.name == ObjectDeclaration.listName
        let name = waits ? isOfList ? ObjectDeclaration.listName : method.results.first?.waited : method.results.first?.type
        if let object = name.flatMap({ Self.objects[$0] }) { variables.append((alias, object)) }
    }

    private mutating func comparison(_ variable: Variable) {
        guard let field = variable.object.fields.filter({ $0.type == "number?" }).randomElement(using: &generator) else { return }
        let text = "\(variable.name).\(field.name)"
        let forms = [
            "if \(text) and \(text) < 5 then print(1) end\n", "print((\(text) or 0) >= 5)\n",
            "if \(text) ~= nil then print(\(text) < 2) end\n", "print((\(text) or 0) * 24, \(text) and -\(text))\n",
            "if \(text) then print(\(text) + 1, 2 ^ \(text) // 3) end\n"
        ]
        add(forms.randomElement(using: &generator) ?? "")
    }

    private mutating func combination(_ variable: Variable) {
        guard let symbol = variable.object.operators.randomElement(using: &generator) else { return comparison(variable) }
        let alias = name()
        add("local \(alias) = \(variable.name) \(symbol) \(["x", variable.name].randomElement(using: &generator) ?? "x")\n")
        variables.append((alias, variable.object))
    }

    private mutating func loop(_ variable: Variable, _ depth: Int) {
        guard let element = variable.object.element.flatMap({ Self.objects[$0] }) else { return comparison(variable) }
        let own = name()
        add("for _, \(own) in ipairs(\(variable.name)) do\n")
        block(depth, [(own, element)])
        add("end\n")
    }

    private mutating func callback(_ depth: Int) {
        let places = [
            ("vast.policy{up = h, match = {where = function(", "vast.Instance", "}}"),
            ("vast.policy{all = true, action = \"stop\", when = function(", "vast.Instance", "}"),
            ("vast.on('gone', function(", "vast.Change", ")"), ("vast.signal('x', function(", "vast.Instance", ")"),
            ("vast.budget{per_day = 9, order = {}, notify = function(", "vast.Excess", "}"),
            ("vast.each(vast.instances(), function(", "vast.Instance", ")")
        ]
        guard let (beginning, type, ending) = places.randomElement(using: &generator),
            let object = Self.objects[type]
        else { return }
        let own = name()
        add("\(beginning)\(own)) ")
        block(depth, [(own, object)])
        add("end\(ending)\n")
    }
}
