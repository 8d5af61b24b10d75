import VastLua

/// `local`, `=` and calls as statements.
extension TypeWalk {
    /// `local`, with names or a function.
    mutating func local() throws {
        cursor.advance()
        if cursor.accept("function") {
            let number = declare(try cursor.expectName(), .unknown)
            scopes.change(number) { $0.body = cursor.index }
            return try functionBody(nil)
        }
        var names: [String] = []
        repeat {
            names.append(try cursor.expectName())
            if cursor.accept("<") {
                _ = try cursor.expectName()
                try cursor.expect(">")
            }
        } while cursor.accept(",")
        let values = cursor.accept("=") ? try expressions() : []
        var numbers: [Int] = []
        for (index, name) in names.enumerated() {
            numbers.append(define(name, index < values.count ? values[index] : nil, Self.type(index, of: values)))
        }
        if values.count == 1, numbers.count > 1, values[0].results?.dropFirst().first?.mayBeError == true {
            noteError(in: numbers[1], unless: numbers[0])
        }
    }

    /// Begins a variable, and gives its number.
    private mutating func define(_ name: String, _ value: InferredValue?, _ type: InferredType) -> Int {
        let number = declare(name, type)
        guard let value else { return number }
        scopes.change(number) {
            ($0.whenTrue, $0.whenFalse) = (value.whenTrue, value.whenFalse)
            ($0.body, $0.mayBeAbsent) = (value.body, value.mayBeAbsent)
            ($0.isTable, $0.table) = (value.entries != nil, value.table)
            $0.fieldTables = Dictionary((value.entries ?? []).compactMap { entry in entry.table.map { (entry.name, $0) } }) { $1 }
            ($0.aliases, $0.proofs) = (InferredValue.limited(value.ownPaths), value.allProofs)
        }
        for entry in value.entries ?? [] {
            learned.assign(entry.type, to: InferredValue.Slot(variable: number, member: entry.name))
        }
        return number
    }

    /// The type of one of several variables that values are assigned to; what a call at the end returns goes to the rest.
    private static func type(_ index: Int, of values: [InferredValue]) -> InferredType {
        guard let last = values.last else { return InferredType(shape: .nil) }
        if index < values.count { return values[index].type }
        guard let results = last.results else { return .unknown }
        let position = index - values.count + 1
        return results.indices.contains(position) ? results[position] : .unknown
    }

    /// A statement that begins with a name or a bracket.
    ///
    /// - Returns: whether what stands behind it is not reached, as behind `error`.
    mutating func assignmentOrCall() throws -> Bool {
        let first = try suffixed(nil, isStatement: true)
        guard cursor.isNext("=") || cursor.isNext(",") else { return first.neverReturns }
        var targets = [first]
        while cursor.accept(",") { targets.append(try suffixed(nil, isStatement: true)) }
        let line = cursor.line
        try cursor.expect("=")
        let values = try expressions()
        for (index, target) in targets.enumerated() {
            assign(Self.type(index, of: values), to: target, line)
            if let global = target.global {
                learned.assign(global: global, index < values.count ? values[index].table : nil)
                checkUnread(global, line)
            }
            guard let slot = target.slot, index < values.count else { continue }
            if let name = slot.member, let value = values[index].tokens {
                members[slot.variable, default: []].append(Evidence.Member(name: name, value: value, line: line))
            }
            guard let path = values[index].path else { continue }
            if scopes.isTested(path) { learned.tested.insert(slot.variable) }
        }
        scopes.forget(Set(targets.compactMap { $0.slot?.member == nil ? $0.path.flatMap(TypeScopes.variable(ofPath:)) : nil }))
        return false
    }

    private mutating func assign(_ type: InferredType, to place: InferredValue, _ line: Int) {
        if let slot = place.slot { learned.assign(type, to: slot) }
        guard let target = place.target else { return }
        switch target.base.shape {
        // Of a table that is written out.
        case .plain: break
        case .module(let module):
            learned.replaced.insert(DeclaredTypes.name(target.name, in: module))
            if let field = DeclaredTypes.moduleField(target.name, in: module) { report(line, Self.uselessAssignment(field)) }
        default:
            let objects = target.base.objects
            if let object = objects.first, isReadOnly(objects) {
                report(line, "'\(target.name)' of \(object) cannot be assigned to: \(DeclaredTypes.objects[object]?.readOnly ?? "")")
            } else {
                learned.setNames.insert(target.name)
            }
        }
    }

    private static func uselessAssignment(_ field: FieldDeclaration) -> String {
        let problem = "assigning 'vast.\(field.name)' has no effect, since it only says \(field.summary)"
        guard field.name == "dry_run" else { return problem }
        return "\(problem): run the script with -n to plan changes, or call vast.live at the prompt to send them"
    }
}
