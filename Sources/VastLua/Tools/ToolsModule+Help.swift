import LuaEngine
import VastAPI

/// `vast.help` and `vast.live`.
extension ToolsModule {
    func help(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let topic = call.argument(1)
        let name = topic.isNil ? nil : topic.string ?? call.host.bindingName(of: topic) ?? name(of: topic)
        guard let name else {
            call.results.string(topic.isNil ? Reference.index : "a \(topic.typeName) of Lua; see the manual of Lua 5.4")
            return .values
        }
        guard let text = Reference.help(for: name) else {
            throw call.wrong(1, "name", LuaSuggestion.unknown("entry", name, among: Reference.topics + Declaration.names))
        }
        call.results.string(text)
        return .values
    }

    /// The type of an object of ours.
    private func name(of view: LuaView) -> String? {
        if view.object(runtime.verbs.resultType) != nil { return ObjectDeclaration.result.name }
        if runtime.fleet.origin(of: view) != nil { return ObjectDeclaration.list.name }
        if view.isTable(of: runtime.moduleType) { return "vast" }
        return view.kind == .userdata ? Reference.topics.first { $0.lowercased() == view.typeName } : nil
    }

    func goLive(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard let onLive = runtime.onLive else {
            throw VastError.invalidArgument("vast.live is for the prompt; a script is live unless it is run with -n")
        }
        try onLive(call.argument(1).isNil || call.argument(1).isTrue)
        return .values
    }
}
