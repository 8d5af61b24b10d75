import FleetRules
import LuaEngine
import VastAPI

/// Shows any value of Lua: nested tables with sorted keys, to a depth, cycles marked. For one value.
final class Inspector {
    /// How much of a value is shown.
    struct Limits {
        /// How many tables deep.
        var depth = 8
        /// How many entries of each table.
        var entries = 200
        /// How wide a line may be, in columns.
        var width = 78
    }

    private let runtime: Runtime
    private let limits: Limits
    /// The tables that what is shown stands in.
    private var open: Set<UnsafeRawPointer> = []
    /// Whether something was left out.
    private(set) var isCut = false

    init(_ runtime: Runtime, _ limits: Limits = Limits()) {
        self.runtime = runtime
        self.limits = limits
    }

    func text(of view: LuaView) throws -> String { try text(of: view, indent: "", depth: 0) }

    private func text(of view: LuaView, indent: String, depth: Int) throws -> String {
        switch view.kind {
        case .none, .nil: return "nil"
        case .boolean: return view.isTrue ? "true" : "false"
        case .string: return Self.quoted(view.withBytes { String(decoding: $0, as: UTF8.self) } ?? "")
        case .table: return try table(view, indent: indent, depth: depth)
        case .userdata where view.object(runtime.fleet.instanceType) != nil:
            return "<\(PlainText.safe(view.object(runtime.fleet.instanceType)?.instance.description ?? "instance"))>"
        case .function: return "<function\(runtime.host.bindingName(of: view).map { " \($0)" } ?? "")>"
        default: return try runtime.host.text(of: view)
        }
    }

    private func table(_ view: LuaView, indent: String, depth: Int) throws -> String {
        if let identity = view.identity, !open.insert(identity).inserted { return "<cycle>" }
        defer { if let identity = view.identity { open.remove(identity) } }
        guard depth < limits.depth else {
            isCut = true
            return "{…}"
        }
        let inner = indent + "  "
        var (items, fields, count) = ([String](), [(key: String, text: String)](), 0)
        try view.forEachElement { position, element in
            guard position <= limits.entries else { return }
            items.append(try text(of: element, indent: inner, depth: depth + 1))
        }
        let length = view.length
        try view.forEachField { key, value in
            if let index = key.integer, key.isInteger, index >= 1, index <= Int64(length) { return }
            count += 1
            guard fields.count < limits.entries else { return }
            // A copied row may hold secrets; they are read, never shown.
            let isSecret = key.string.map(Instance.secretFields.contains) ?? false
            let shown = isSecret ? "<not shown>" : try text(of: value, indent: inner, depth: depth + 1)
            fields.append((try name(key), shown))
        }
        items += fields.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.text)" }
        let left = max(0, length - limits.entries) + max(0, count - limits.entries)
        if left > 0 {
            isCut = true
            items.append("… \(left) more")
        }
        return joined(items, indent: indent)
    }

    private func joined(_ items: [String], indent: String) -> String {
        let line = "{" + items.joined(separator: ", ") + "}"
        if PlainText.width(line) + indent.count <= limits.width, !line.contains("\n") { return line }
        return "{\n" + items.map { "\(indent)  \($0),\n" }.joined() + indent + "}"
    }

    private func name(_ key: LuaView) throws -> String {
        guard let text = key.string, key.kind == .string else { return "[\(try text(of: key))]" }
        return LuaLiteral.isName(text) ? text : "[\(Self.quoted(text))]"
    }

    private static func quoted(_ text: String) -> String { "\"\(LuaLiteral.escaped(text))\"" }
}
