import LuaEngine

/// The metatables that do not need a ``Runtime``.
struct Types {
    let error = ErrorObject()
    let plain = PlainTables()
    /// Marks arrays, so that empty ones are not written as objects.
    let array = LuaTableType("vast.json.array")
    let null = LuaType<JSONNull>(
        "vast.json.null",
        metamethods: [
            (
                "__tostring",
                { call in
                    call.results.string("null")
                    return .values
                }
            )
        ])
}

/// JSON's null where Lua's nil would make a hole: inside arrays. A value of its own, equal only to itself.
final class JSONNull {}
