import LuaEngine
import VastAPI

extension Runtime {
    /// The version that `vast.version` and `--version` show.
    package static let version = "0.1.0"

    /// Writes the table `vast`.
    func writeModule(_ writer: LuaWriter) {
        writer.openTable(fields: 40)
        let groups = Dictionary(grouping: Declaration.all) { $0.name.split(separator: ".").count > 1 ? Self.group($0) : "" }
        for declaration in groups[""] ?? [] { write(declaration, as: declaration.name, writer) }
        for (group, members) in groups where !group.isEmpty {
            writer.field(group) {
                writer.openTable(fields: members.count)
                for member in members { write(member, as: String(member.name.dropFirst(group.count + 1)), writer) }
                if group == "json", let null { writer.field("null") { writer.reference(null) } }
                writer.tableType(moduleType)
            }
        }
        writer.field("version") { writer.string(Self.version) }
        writer.field("dry_run") { writer.boolean(options.isPlanning) }
        writer.tableType(moduleType)
    }

    private static func group(_ declaration: Declaration) -> String {
        String(declaration.name.prefix { $0 != "." })
    }

    private func write(_ declaration: Declaration, as name: String, _ writer: LuaWriter) {
        writer.field(name) { writer.function("vast.\(declaration.name)", declaration.binding(self)) }
    }

    /// A misspelt name in `vast` raises instead of being nil.
    func makeModuleType() -> LuaTableType {
        LuaTableType(
            "vast",
            metamethods: [
                (
                    "__index",
                    { call in
                        let name = call.argument(2).string ?? "?"
                        let known = Declaration.names.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
                        throw VastError.invalidArgument(LuaSuggestion.unknown("field of vast", name, among: known))
                    }
                )
            ])
    }

    /// The methods of an object, for its type.
    func methods(_ object: ObjectDeclaration) -> [(name: String, body: LuaBinding)] {
        object.methods.map { ($0.name, $0.binding(self, isMethod: true)) }
    }
}
