import LuaEngine
import VastLua

/// Fields and methods that an object does not have.
extension TypeWalk {
    /// A field is a finding only where it is nearly one that there is: rows may have fields that nobody has heard of yet.
    mutating func checkField(_ name: String, of objects: [String], _ line: Int) {
        guard !objects.isEmpty, !known.setNames.contains(name), name.utf8.count <= 64 else { return }
        let names = objects.flatMap { DeclaredTypes.objects[$0]?.names ?? [] }
        guard !names.isEmpty, !names.contains(name), LuaSuggestion.closest(to: name, among: names) != nil else { return }
        report(line, "\(LuaSuggestion.unknown("field", name, among: names)) (\(objects.joined(separator: " or ")))")
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
        report(line, "\(LuaSuggestion.unknown("method", isLong ? String(name.prefix(64)) : name, among: methods)) (\(object))")
    }
}
