import LuaEngine
import VastAPI
import VastJSON

/// `vast.json.encode` and `vast.json.decode`.
final class JSONModule: RuntimeModule {
    func encode(_ call: borrowing LuaCall) throws -> LuaOutcome {
        var writer = JSONWriter()
        try encode(call.argument(1), to: &writer, depth: 0)
        call.results.bytes(writer.bytes)
        return .values
    }

    func decode(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard let bytes = call.argument(1).bytes else { throw call.expected("string", 1, "text") }
        let document: JSONDocument
        do { document = try JSONDocument(parsing: bytes) } catch {
            throw VastError.invalidArgument("\(call.name): \(error)")
        }
        write(document, call.results)
        return .values
    }

    /// The value of a whole JSON text; null is `vast.json.null`, and not nil.
    func write(_ document: JSONDocument, _ writer: LuaWriter) {
        if document.root.isNull, let null = runtime.null { writer.reference(null) } else { runtime.write(document.root, writer) }
    }

    /// How deep tables may be nested; deeper ones are most likely cycles.
    private static let depthLimit = 100

    func encode(_ view: LuaView, to writer: inout JSONWriter, depth: Int) throws {
        guard depth < Self.depthLimit else {
            throw VastError.invalidArgument("tables nested more than \(Self.depthLimit) deep, or in a cycle, are no JSON")
        }
        switch view.kind {
        case .none, .nil: writer.null()
        case .boolean: writer.bool(view.isTrue)
        case .number: try encodeNumber(view, &writer)
        case .string:
            guard let text = view.string else { throw VastError.invalidArgument("a string that is not UTF-8 is no JSON") }
            writer.string(text)
        case .table: try encodeTable(view, &writer, depth)
        default: try encodeObject(view, &writer)
        }
    }

    private func encodeNumber(_ view: LuaView, _ writer: inout JSONWriter) throws {
        if view.isInteger, let integer = view.integer { return writer.integer(integer) }
        do { try writer.double(view.number ?? .nan) } catch {
            throw VastError.invalidArgument("\((view.number ?? .nan).plainText) is no JSON")
        }
    }

    /// `vast.json.null` and instances, without the fields that can hold secrets.
    private func encodeObject(_ view: LuaView, _ writer: inout JSONWriter) throws {
        if view.object(runtime.types.null) != nil { return writer.null() }
        guard let object = view.object(runtime.fleet.instanceType) else {
            throw VastError.invalidArgument("a \(view.typeName) is no JSON")
        }
        writer.beginObject()
        for (name, value) in InstanceFields.all(of: object.instance) where !Instance.secretFields.contains(name) {
            writer.name(name)
            switch value {
            case .none: writer.null()
            case .boolean(let value): writer.bool(value)
            case .integer(let value): writer.integer(value)
            case .number(let value): try writer.double(value)
            case .string(let value): writer.string(value)
            case .json(let json): try json.value.write(to: &writer)
            case .tags(let tags): try JSONValue.object(tags.json).write(to: &writer)
            }
        }
        writer.endObject()
    }

    private func encodeTable(_ view: LuaView, _ writer: inout JSONWriter, _ depth: Int) throws {
        var fields = 0
        try view.forEachField { _, _ in fields += 1 }
        let isArray = fields > 0 ? fields == view.length : view.isTable(of: runtime.types.array)
        if isArray {
            writer.beginArray()
            try view.forEachElement { _, element in try encode(element, to: &writer, depth: depth + 1) }
            writer.endArray()
            return
        }
        // In the order of their names, so that the same value always gives the same text.
        writer.beginObject()
        for name in try names(of: view).sorted() {
            writer.name(name)
            try view.withField(name) { try encode($0, to: &writer, depth: depth + 1) }
        }
        writer.endObject()
    }

    private func names(of view: LuaView) throws -> [String] {
        var names: [String] = []
        try view.forEachField { key, _ in
            guard key.kind == .string, let name = key.string else {
                throw VastError.invalidArgument(try Self.problem(with: key, of: view))
            }
            names.append(name)
        }
        return names
    }

    /// What is wrong with a table that is neither a list nor a table of names, because of one of its keys, and what to do.
    private static func problem(with key: LuaView, of table: LuaView) throws -> String {
        var (places, others) = (Set<Int64>(), 0)
        try table.forEachField { key, _ in
            if key.isInteger, let place = key.integer, place > 0 { places.insert(place) } else { others += 1 }
        }
        guard others == 0, let last = places.max() else {
            let shown = key.number.map { "the number \($0.plainText)" } ?? "a \(key.typeName)"
            return "a table with \(shown) as key is no JSON, where the names of an object are texts: use tostring(key) as key"
                + (places.isEmpty ? "" : ", or make the list a field of its own")
        }
        let hole = (1...).first { !places.contains($0) } ?? last
        return "a list with nothing at \(hole) and something at \(last) is no JSON: "
            + "put vast.json.null where a null is meant, or leave no holes (for a table of ids, use tostring(id) as key)"
    }

    /// A value of Lua as JSON that is kept, such as the body of a request.
    func jsonValue(_ view: LuaView) throws -> JSONValue {
        var writer = JSONWriter()
        try encode(view, to: &writer, depth: 0)
        do { return try JSONDocument(parsing: writer.bytes).root.value } catch {
            throw VastError.invalidArgument("\(error)")
        }
    }
}
