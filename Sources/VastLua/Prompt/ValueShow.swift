import FleetRules
import LuaEngine
import VastAPI

/// Shows what a statement at the prompt has come to: instances as a table or a card, errors with their fields, other
/// tables by the inspector, the rest as `print` does.
struct ValueShow {
    private let runtime: Runtime
    private let display: Display

    init(_ runtime: Runtime, _ display: Display) {
        self.runtime = runtime
        self.display = display
    }

    /// Several short values stand beside each other, as `print` has them; others below each other.
    func text(_ call: borrowing LuaCall) throws -> String {
        var texts: [String] = []
        for position in stride(from: 1, through: call.count, by: 1) { texts.append(try text(of: call.argument(position))) }
        let separator = texts.contains { $0.contains("\n") } ? "\n" : "\t"
        return texts.joined(separator: separator)
    }

    private func text(of view: LuaView) throws -> String {
        switch view.kind {
        case .table: return limited(try table(view), hint: "print(vast.inspect(_, {limit = 1000000})) shows all")
        case .userdata:
            if let object = view.object(runtime.fleet.instanceType) { return InstanceCard(object.instance, display).text }
            return display.shown(try plain(view))
        case .string: return limited(display.shown(Self.printable(view)), hint: "print(_) shows all")
        case .function:
            guard let name = runtime.host.bindingName(of: view) else { return try plain(view) }
            return "function " + (Reference.signature(of: name) ?? name)
        default: return try plain(view)
        }
    }

    private func table(_ view: LuaView) throws -> String {
        if runtime.fleet.origin(of: view) != nil { return try list(view) }
        if view.isTable(of: runtime.types.error.type) { return try error(view) }
        if try view.hasMetamethod("__tostring") { return display.shown(try plain(view)) }
        return display.shown(try Inspector(runtime, Inspector.Limits(width: display.width ?? 78)).text(of: view))
    }

    private func list(_ view: LuaView) throws -> String {
        var rows: [Instance] = []
        rows.reserveCapacity(view.length)
        var isPure = true
        try view.forEachElement { _, element in
            if let object = element.object(runtime.fleet.instanceType) { rows.append(object.instance) } else { isPure = false }
        }
        return isPure ? FleetTable(rows, display).text : try Inspector(runtime).text(of: view)
    }

    private func error(_ view: LuaView) throws -> String {
        var lines = [display.styled(display.shown(try plain(view)), .red)]
        for name in ["code", "status", "instance", "request", "attempts"] {
            try view.withField(name) { if !$0.isNil { lines.append("  \(name)  \(try plain($0))") } }
        }
        try view.withField("results") { results in
            try results.forEachField { key, value in
                lines.append(
                    "  \(try plain(key))  \(value.isTrue && value.kind == .boolean ? "done" : try plain(value))"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    /// What `tostring` gives, without what acts on a terminal: labels of others may be in it.
    private func plain(_ view: LuaView) throws -> String { PrintableText.lines(try runtime.host.text(of: view)) }

    /// A text as it is, unless it would do something to the terminal.
    private static func printable(_ view: LuaView) -> String {
        let text = view.withBytes { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { PlainText.safe(String($0).replacing("\t", with: "    ")) }.joined(separator: "\n")
    }

    /// The first lines of a long answer, and how to see the rest.
    private func limited(_ text: String, hint: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > display.lineLimit else { return text }
        let left = lines.count - display.lineLimit
        return lines.prefix(display.lineLimit).joined(separator: "\n") + "\n\(display.isASCII ? "..." : "…") \(left) more lines; \(hint)"
    }
}
