package import VastAPI
import LuaEngine

/// A function or a method that scripts see. Argument checks, `vast.help`, completion, `vast-lua check`, the editor
/// definitions and the reference all start here.
package struct Declaration: Sendable {
    /// Without `vast.`, dotted where it belongs to a sub-table, such as `log.info`; of a method its own name.
    package let name: String
    /// One line, beginning in lower case, without a full stop.
    package let summary: String
    /// In their order; a parameter `...` is the last one.
    package let parameters: [Parameter]
    /// In their order; empty: it returns nothing.
    package let results: [Returned]
    /// The kinds of errors it raises besides `invalid_argument`.
    package let raises: [VastError.Kind]
    /// A chunk of Lua that runs as it is.
    package let example: String
    /// The version that brought it.
    package let since: String
    private let body: @Sendable (Runtime, borrowing LuaCall) throws -> LuaOutcome

    init(
        _ name: String, _ summary: String, _ parameters: [Parameter] = [], returns results: [Returned] = [],
        raises: [VastError.Kind] = [], example: String, since: String = "0.1",
        body: @escaping @Sendable (Runtime, borrowing LuaCall) throws -> LuaOutcome
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.results = results
        self.raises = raises
        self.example = example
        self.since = since
        self.body = body
    }

    /// The function for a runtime, with its arguments checked before it begins.
    ///
    /// - Parameter isMethod: whether argument 1 is the object.
    func binding(_ runtime: Runtime, isMethod: Bool = false) -> LuaBinding {
        let (body, parameters) = (body, parameters)
        let first = isMethod ? 2 : 1
        let checked = parameters.indices.filter { parameters[$0].isChecked }
        let most = parameters.last?.isVariadic == true ? Int.max : parameters.count + first - 1
        return runtime.bound { runtime, call in
            if call.count > most { try Self.refuseSurplus(call, after: most, takes: parameters.count) }
            for index in checked { try parameters[index].check(call, index + first) }
            return try body(runtime, call)
        }
    }

    /// - Throws: `LuaArgumentError` where something else than nil comes behind the last parameter.
    private static func refuseSurplus(_ call: borrowing LuaCall, after most: Int, takes count: Int) throws {
        for position in most + 1...call.count where !call.argument(position).isNil {
            throw LuaArgumentError("\(call.name) \(takes(count)), not \(count + call.count - most)")
        }
    }

    /// `takes at most 2 arguments`
    package static func takes(_ count: Int) -> String {
        switch count {
        case 0: "takes no arguments"
        case 1: "takes 1 argument"
        default: "takes at most \(count) arguments"
        }
    }
}

/// What a function returns, or one of several results.
package struct Returned: Sendable {
    /// As annotations write it; `?` behind it: may be nil.
    package let type: String
    /// What it is, with its unit; empty where the type says all.
    package let summary: String
    /// Of a verb: what it returns instead for one instance with the option `wait`; for several it is a list.
    package let waited: String?

    init(_ type: String, _ summary: String = "", waited: String? = nil) {
        self.type = type
        self.summary = summary
        self.waited = waited
    }

    static let accepted = verb(waited: "vast.Instance")
    /// Of a verb that ends a rental: there is no fresh instance.
    static let gone = verb(waited: "vast.Result")

    private static func verb(waited: String) -> Returned {
        Returned(
            "vast.Result", "accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them",
            waited: waited)
    }
}
