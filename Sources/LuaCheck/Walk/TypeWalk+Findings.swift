import LuaEngine
import VastLua

/// Fields and methods that an object does not have.
extension TypeWalk {
    /// Where an object may have fields that nobody has heard of yet, only a field is a finding that is nearly one that there is,
    /// or one of what a verb returns otherwise.
    mutating func checkField(_ name: String, of objects: [String], _ line: Int) {
        guard reports, !objects.isEmpty, !known.setNames.contains(name), name.utf8.count <= 64 else { return }
        if objects == [InferredType.errorName], known.errorNames.contains(name) { return }
        let names = objects.flatMap { DeclaredTypes.objects[$0]?.names ?? [] }
        guard !names.contains(name) else { return }
        // Names of quite another length are never close, and there may be many.
        let near = names.filter { abs($0.utf8.count - name.utf8.count) <= max(1, max($0.utf8.count, name.utf8.count) / 3) }
        let isInstance = objects == [ObjectDeclaration.instanceName]
        let closest = isInstance ? FieldDeclaration.meant(by: name, among: names) : LuaSuggestion.closest(to: name, among: near)
        let other = Self.hint(name, objects)
        let isOpen = objects.contains { DeclaredTypes.objects[$0]?.isOpen ?? true }
        guard !isOpen || closest != nil || other != nil else { return }
        let all = objects.count == 1 ? DeclaredTypes.objects[objects[0]].map { isOpen ? "" : $0.meant(by: name) } ?? "" : ""
        let hint = closest == nil ? other.map { "; \($0)" } ?? (all.hasPrefix(";") ? all : "") : ""
        report(
            line, "unknown field '\(name)'\(LuaSuggestion.didYouMean(closest)) (\(objects.joined(separator: " or ")))\(hint)"
        )
    }

    /// What is said of a field that a verb's result has where it waits, or does not.
    private static func hint(_ name: String, _ objects: [String]) -> String? {
        let (result, waited) = (ObjectDeclaration.resultName, [ObjectDeclaration.listName, ObjectDeclaration.instanceName])
        if objects == [result] {
            let isWaited = waited.contains { DeclaredTypes.objects[$0]?.names.contains(name) ?? false }
            return isWaited ? "with {wait = true} a verb returns the fresh instance, or a list" : nil
        }
        guard objects.allSatisfy(waited.contains), DeclaredTypes.objects[result]?.names.contains(name) ?? false else { return nil }
        return "it is one of \(result), which a verb returns that does not wait"
    }

    /// The object that has a method, where nothing else can be behind the name.
    func method(_ name: String, of objects: [String]) -> String? {
        guard let object = objects.first, !known.setNames.contains(name) else { return nil }
        let isMethod = objects.allSatisfy { DeclaredTypes.method(name, of: $0) != nil && DeclaredTypes.fields[$0]?[name] == nil }
        return isMethod ? object : nil
    }

    /// A method that is called with a dot has to be given its object.
    ///
    /// - Parameter start: where the arguments begin.
    mutating func checkDot(before method: InferredValue.Method, _ arguments: [InferredValue], _ start: Int, _ line: Int) {
        guard reports, Self.isNothingLike(method.object, arguments.first) else { return }
        let call = "\(method.base.map(Self.words) ?? "…"):\(method.name)\(cursor.text(from: start) ?? "(…)")"
        report(line, "'\(method.name)' of \(method.object) is a method: write '\(call)'")
    }

    /// Whether a first argument is certainly not the object of a method.
    private static func isNothingLike(_ object: String, _ argument: InferredValue?) -> Bool {
        guard let argument else { return true }
        switch argument.type.shape {
        case .nil: return true
        // The methods of lists take any list.
        case .plain("table"): return object != ObjectDeclaration.listName || argument.entries?.isEmpty == false
        case .plain, .words: return true
        // A function that is written out.
        default: return argument.body != nil && argument.slot == nil
        }
    }

    /// A method has to be there.
    mutating func checkMethod(_ name: String, of objects: [String], _ line: Int) {
        let declarations = objects.compactMap { DeclaredTypes.objects[$0] }
        guard !declarations.isEmpty, declarations.count == objects.count, !known.setNames.contains(name) else { return }
        let methods = declarations.flatMap { $0.methods.map(\.name) }
        guard !methods.contains(name) else { return }
        let object = objects.joined(separator: " or ")
        if declarations.contains(where: { $0.fields.contains { $0.name == name } }) {
            return report(line, "'\(name)' of \(object) is a field, not a method: write '.\(name)'")
        }
        let isLong = name.utf8.count > 64
        let unknown = LuaSuggestion.unknown("method", isLong ? String(name.prefix(64)) : name, among: methods)
        let isVerb = DeclaredTypes.functions[name]?.parameters.first?.type.annotation == "vast.Target"
        report(line, "\(unknown) (\(object))\(isVerb ? "; vast.\(name) takes one" : "")")
    }

    /// Whether no field of any of some objects can be assigned to.
    func isReadOnly(_ objects: [String]) -> Bool {
        !objects.isEmpty && objects.allSatisfy { DeclaredTypes.objects[$0]?.readOnly != nil }
    }
}
