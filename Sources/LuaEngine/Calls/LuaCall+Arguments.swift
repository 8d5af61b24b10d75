public import CLuaBridge

/// Readers for arguments. Each names, when it throws, the function, the position, the parameter, what was wanted and
/// what came: "bad argument #1 'target' to 'vast.stop' (instance id expected, got nil)".
extension LuaCall {
    /// The error for an argument of the wrong type.
    public func expected(_ what: String, _ position: Int, _ parameter: String) -> LuaArgumentError {
        wrong(position, parameter, "\(what) expected, got \(argument(position).typeName)")
    }

    /// The error for an argument with a bad value. What stands before the colon of a method call is not counted, as in Lua.
    public func wrong(_ position: Int, _ parameter: String, _ reason: String) -> LuaArgumentError {
        let number = vl_is_method_call(raw.pointee.L) ? position - 1 : position
        guard number > 0 else { return LuaArgumentError("calling '\(name)' on bad self (\(reason))") }
        return LuaArgumentError("bad argument #\(number) '\(parameter)' to '\(name)' (\(reason))")
    }

    /// - Throws: `LuaArgumentError`, as all readers here.
    @inlinable
    public func integer(_ position: Int, _ parameter: StaticString) throws -> Int64 {
        let integer = vl_read_integer(raw.pointee.L, vl_argument(raw, Int64(position)))
        if integer.is_there { return integer.value }
        return try integerSlowly(position, parameter)
    }

    /// Floats with an integral value, and errors; apart, so that the common case stays small.
    @inline(never) @usableFromInline
    func integerSlowly(_ position: Int, _ parameter: StaticString) throws -> Int64 {
        let argument = argument(position)
        if let value = argument.integer { return value }
        if argument.kind == .number {
            throw wrong(position, "\(parameter)", "number has no integer representation")
        }
        throw expected("integer", position, "\(parameter)")
    }

    /// An integer, or a float with an integral value; nil for nil and for a missing argument.
    public func optionalInteger(_ position: Int, _ parameter: StaticString) throws -> Int64? {
        argument(position).isNil ? nil : try integer(position, parameter)
    }

    /// A number of either subtype; text is not taken for a number.
    @inlinable
    public func number(_ position: Int, _ parameter: StaticString) throws -> Double {
        let number = vl_read_number(raw.pointee.L, vl_argument(raw, Int64(position)))
        if number.is_there { return number.value }
        throw expected("number", position, "\(parameter)")
    }

    /// A number; nil for nil and for a missing argument.
    public func optionalNumber(_ position: Int, _ parameter: StaticString) throws -> Double? {
        argument(position).isNil ? nil : try number(position, parameter)
    }

    /// `true` or `false`; nothing else is taken for a condition.
    public func boolean(_ position: Int, _ parameter: StaticString) throws -> Bool {
        guard let value = argument(position).boolean else { throw expected("boolean", position, "\(parameter)") }
        return value
    }

    /// A boolean; nil for nil and for a missing argument.
    public func optionalBoolean(_ position: Int, _ parameter: StaticString) throws -> Bool? {
        argument(position).isNil ? nil : try boolean(position, parameter)
    }

    /// Text; numbers are not taken for text.
    public func string(_ position: Int, _ parameter: StaticString) throws -> String {
        let argument = argument(position)
        guard argument.kind == .string else { throw expected("string", position, "\(parameter)") }
        guard let value = argument.string else { throw wrong(position, "\(parameter)", "the text is not UTF-8") }
        return value
    }

    /// Text; nil for nil and for a missing argument.
    public func optionalString(_ position: Int, _ parameter: StaticString) throws -> String? {
        argument(position).isNil ? nil : try string(position, parameter)
    }

    /// A table, which is looked at where it is: valid during the call.
    public func table(_ position: Int, _ parameter: StaticString) throws -> LuaView {
        guard argument(position).kind == .table else { throw expected("table", position, "\(parameter)") }
        return argument(position)
    }

    /// A table; nil for nil and for a missing argument.
    public func optionalTable(_ position: Int, _ parameter: StaticString) throws -> LuaView? {
        argument(position).isNil ? nil : try table(position, parameter)
    }

    /// A function; something else with `__call` is none.
    public func function(_ position: Int, _ parameter: StaticString) throws -> LuaView {
        guard argument(position).kind == .function else { throw expected("function", position, "\(parameter)") }
        return argument(position)
    }

    /// An object of a registered type.
    public func object<Object>(_ position: Int, _ parameter: StaticString, _ type: LuaType<Object>) throws -> Object {
        guard let object = argument(position).object(type) else {
            throw expected(type.name, position, "\(parameter)")
        }
        return object
    }

    /// Visits the options of a table, which may be absent.
    ///
    /// - Parameter known: the names that there are, any other is an error; nil: whoever declared the function has looked.
    public func options(
        _ position: Int, _ parameter: StaticString, known: [String]? = nil,
        _ body: (_ name: String, _ value: LuaView) throws -> Void
    ) throws {
        guard let table = try optionalTable(position, parameter) else { return }
        try table.forEachField { key, value in
            guard let option = key.string else {
                throw wrong(position, "\(parameter)", "option names are strings, got a \(key.typeName)")
            }
            if let known, !known.contains(option) {
                throw wrong(position, "\(parameter)", LuaSuggestion.unknown("option", option, among: known))
            }
            try body(option, value)
        }
    }
}
