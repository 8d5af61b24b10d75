extension JSONValue {
    /// This value as JSON text.
    ///
    /// - Throws: ``JSONError`` of kind `notFinite` when a number inside is NaN or infinite.
    public func serialized() throws -> [UInt8] {
        var writer = JSONWriter()
        try write(to: &writer)
        return writer.bytes
    }

    /// Writes this value where `writer` stands.
    ///
    /// - Throws: ``JSONError`` of kind `notFinite` when a number inside is NaN or infinite.
    public func write(to writer: inout JSONWriter) throws {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .unsigned(let value): writer.unsigned(value)
        case .double(let value): try writer.double(value)
        case .string(let text): writer.string(text)
        case .array(let elements):
            writer.beginArray(count: elements.count)
            for element in elements { try element.write(to: &writer) }
            writer.endArray()
        case .object(let object):
            writer.beginObject(count: object.count)
            for (name, value) in object {
                writer.name(name)
                try value.write(to: &writer)
            }
            writer.endObject()
        }
    }
}

extension JSON {
    /// This value as JSON text, with every member that was in the original, in its order.
    public func serialized() -> [UInt8] {
        var writer = JSONWriter()
        // Parsed text has no number that is not finite, so writing it cannot fail.
        try? visit(&writer)
        return writer.bytes
    }
}
