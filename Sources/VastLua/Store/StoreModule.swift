import LuaEngine
import VastAPI
import VastJSON

/// `vast.store`: small values that last between runs, per script.
final class StoreModule: RuntimeModule {
    /// What the script keeps for its later runs.
    private(set) lazy var values = ValueStore(runtime.memory?.values, isPlanning: isPlanning)

    /// The longest key, in bytes.
    private static let keyLimit = 1_024

    private func key(_ call: borrowing LuaCall) throws -> String {
        let key = try call.string(1, "key")
        guard !key.isEmpty, key.utf8.count <= Self.keyLimit else {
            throw call.wrong(1, "key", "a text of 1 to \(Self.keyLimit) bytes expected")
        }
        return key
    }

    func keys(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let keys = try values.keys()
        call.results.table(array: keys.count) {
            for (index, key) in keys.enumerated() { call.results.element(index + 1) { call.results.string(key) } }
        }
        return .values
    }

    /// `vast.store.get(key [, default])`
    func get(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard let text = try values.get(try key(call)) else {
            if call.count >= 2 { call.results.view(call.argument(2)) } else { call.results.nil() }
            return .values
        }
        let document: JSONDocument
        do { document = try JSONDocument(parsing: text) } catch {
            throw VastError(.invalidArgument, "\(call.name): what was kept cannot be read any more: \(error)")
        }
        runtime.json.write(document, call.results)
        return .values
    }

    /// `vast.store.delete(key)`
    func delete(_ call: borrowing LuaCall) throws -> LuaOutcome {
        try values.set(try key(call), nil)
        return .values
    }

    /// `vast.store.set(key, value)`: anything that is JSON.
    func set(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let key = try self.key(call)
        guard call.count >= 2 else { throw call.expected("value", 2, "value") }
        let value = call.argument(2)
        guard !value.isNil else {
            try values.set(key, nil)
            return .values
        }
        var writer = JSONWriter()
        try runtime.json.encode(value, to: &writer, depth: 0)
        guard writer.bytes.count <= ValueStore.limit else {
            throw call.wrong(
                2, "value",
                "a value has at most \(ValueStore.limit) bytes as JSON, this one has \(writer.bytes.count); keep large ones in a file")
        }
        if isPlanning { logger.info("would keep '\(key)' in vast.store") }
        try values.set(key, String(decoding: writer.bytes, as: UTF8.self))
        return .values
    }
}
