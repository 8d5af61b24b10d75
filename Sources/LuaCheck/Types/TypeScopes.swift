/// The variables that are visible, and the paths that are known not to be nil.
struct TypeScopes {
    /// A local, a parameter or the variable of a loop.
    struct Variable {
        let name: String
        var type: InferredType
        /// What is not nil when the variable is true, or false.
        var whenTrue: [String] = []
        var whenFalse: [String] = []
        /// What else its value is called.
        var aliases: [String] = []
        /// Paths of which any one that is not nil shows that its value is not nil either.
        var proofs: [String] = []
        /// Whether it holds a table that is written out.
        var isTable = false
        /// Where the table is written out that it holds, also by way of another variable.
        var table: Range<Int>?
        /// The same of the fields of its table.
        var fieldTables: [String: Range<Int>] = [:]
        /// Whether what a call gave it may be nil.
        var mayBeAbsent = false
        /// Where the body begins of the function that it holds.
        var body: Int?
        /// Whether its fields may have been tested before it got its value.
        var isTested = false
        /// Of the first variable of a loop through a list.
        var placeIn: Place?
    }

    /// Where an element stands in a list.
    struct Place {
        /// What the loop goes through, as it is written.
        let list: String
        /// The variable that has the element.
        let element: String?
    }

    private(set) var variables: [Variable] = []
    private var names: [[String: Int]] = [[:]]
    private var facts: [String: Int] = [:]
    /// How many of the paths begin with each variable.
    private var roots: [Substring: Int] = [:]
    private var frames: [[String]] = [[]]
    /// Of each scope: the variables that get a new value in it, and what was known of them outside, with the number of its frame.
    private var assigned: [Set<String>] = [[]]
    private var forgotten: [[(frame: Int, path: String)]] = [[]]
    /// The variables that got a new value in the scope that ended last.
    private(set) var lastAssigned: Set<String> = []

    /// The innermost variable of a name.
    func variable(_ name: String) -> Int? {
        for scope in names.reversed() {
            if let number = scope[name] { return number }
        }
        return nil
    }

    /// The names of all variables that can be seen.
    var visibleNames: [String] { Array(Set(names.flatMap(\.keys))) }

    /// Begins a variable and gives its number, which is the same each time a source is read.
    mutating func declare(_ variable: Variable) -> Int {
        variables.append(variable)
        names[names.count - 1][variable.name] = variables.count - 1
        return variables.count - 1
    }

    mutating func change(_ number: Int, _ body: (inout Variable) -> Void) { body(&variables[number]) }

    /// Begins a scope.
    mutating func open(_ known: [String] = []) {
        names.append([:])
        frames.append([])
        assigned.append([])
        forgotten.append([])
        note(known)
    }

    /// Ends a scope, and what is known in it.
    ///
    /// - Parameter goesOn: whether what stands behind comes after it, with the new values of its variables.
    mutating func close(goesOn: Bool = true) {
        names.removeLast()
        for path in frames.removeLast() { drop(path) }
        lastAssigned = assigned.removeLast()
        for (frame, path) in forgotten.removeLast() { note(path, in: frame) }
        if goesOn { forget(lastAssigned) }
    }

    /// These variables have new values: what was tested of the old ones says nothing of them.
    ///
    /// - Parameter variables: as paths begin with them.
    mutating func forget(_ variables: Set<String>) {
        guard !variables.isEmpty else { return }
        assigned[assigned.count - 1].formUnion(variables)
        guard variables.contains(where: { roots[$0[...], default: 0] > 0 }) else { return }
        for frame in frames.indices {
            let lost = frames[frame].filter { variables.contains(String(Self.root($0))) }
            guard !lost.isEmpty else { continue }
            frames[frame].removeAll { variables.contains(String(Self.root($0))) }
            lost.forEach { drop($0) }
            if frame < frames.count - 1 { forgotten[forgotten.count - 1] += lost.map { (frame, $0) } }
        }
    }

    /// The variable that is assigned when a path is; nil for a part of one.
    static func variable(ofPath path: String) -> String? {
        let name = path.drop { $0 != ":" }.dropFirst()
        return name.contains { ".[:".contains($0) } ? nil : String(root(path))
    }

    private mutating func drop(_ path: String) {
        facts[path, default: 1] -= 1
        roots[Self.root(path), default: 1] -= 1
    }

    private mutating func note(_ path: String, in frame: Int) {
        facts[path, default: 0] += 1
        roots[Self.root(path), default: 0] += 1
        frames[frame].append(path)
    }

    /// From here to the end of the scope these paths are not nil.
    mutating func note(_ paths: [String]) {
        for path in paths { note(path, in: frames.count - 1) }
    }

    /// The variable with which a path begins.
    static func root(_ path: String) -> Substring { path.prefix { $0 != ":" && $0 != "." } }

    /// Whether anything is known of what a path stands for.
    func isTested(_ path: String) -> Bool {
        guard roots[Self.root(path), default: 0] > 0 else { return false }
        return facts.contains { fact, count in
            guard count > 0, fact.hasPrefix(path) else { return false }
            return fact.dropFirst(path.count).first.map { ".[:".contains($0) } ?? true
        }
    }

    /// Whether a path is known not to be nil.
    func isKnown(_ path: String) -> Bool { facts[path, default: 0] > 0 }
}
