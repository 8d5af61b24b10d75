import LuaEngine
import VastAPI

/// The metatables of plain tables with declared fields: to read a field that there is not raises, as with instances.
struct PlainTables {
    let types = Dictionary(
        uniqueKeysWithValues: ObjectDeclaration.plain.filter { !$0.isOpen }.map { object in
            var metamethods: [(name: String, body: LuaBinding)] = [("__index", { try absentField(of: object, $0) })]
            if object.name == ChangeText.type { metamethods.append(("__tostring", { try ChangeText.write($0) })) }
            return (object.name, LuaTableType(object.name, metamethods: metamethods))
        })

    /// A field that such a table may have and this one lacks is nil; any other name is a mistake.
    private static func absentField(of object: ObjectDeclaration, _ call: borrowing LuaCall) throws -> LuaOutcome {
        if let name = call.argument(2).string, !object.fields.contains(where: { $0.name == name }) {
            throw VastError.invalidArgument("a \(object.name) has no field '\(name.prefix(64))'\(object.meant(by: name))")
        }
        call.results.nil()
        return .values
    }
}

extension LuaWriter {
    /// A plain table with the fields that a declaration gives it.
    func table(fields: Int, like name: String, _ types: Types, _ body: () throws -> Void) rethrows {
        try table(fields: fields, body)
        if let type = types.plain.types[name] { tableType(type) }
    }
}
