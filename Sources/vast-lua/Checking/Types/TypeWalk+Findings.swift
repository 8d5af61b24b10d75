import LuaEngine
import VastLua

/// Fields and methods that an object does not have.
extension TypeWalk {
    /// A field is a finding only where it is nearly one that there is: rows may have fields that nobody has heard of yet.
    mutating func checkField(_ name: String, of objects: [String], _ line: Int) {
        guard reports, !objects.isEmpty, !known.setNames.contains(name), name.utf8.count <= 64 else { return }
        let names = objects.flatMap { DeclaredTypes.objects[$0]?.names ?? [] }
        guard !names.contains(name) else { return }
        // Names of quite another length are never close, and there may be many.
        let near = names.filter { abs($0.utf8.count - name.utf8.count) <= max(1, max($0.utf8.count, name.utf8.count) / 3) }
        guard let closest = LuaSuggestion.closest(to: name, among: near) else { return }
        report(line, "\(LuaSuggestion.unknown("field", name, among: [closest])) (\(objects.joined(separator: " or ")))")
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
