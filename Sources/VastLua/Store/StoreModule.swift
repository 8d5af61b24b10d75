import LuaEngine
import VastAPI
import VastJSON

/// `vast.store`: small values that last between runs, per script.
extension Runtime {
    /// The longest key, in bytes.
    private static let keyLimit = 1_024

    func storeKey(_ call: borrowing LuaCall) throws -> String {
        let key = try call.string(1, "key")
        guard !key.isEmpty, key.utf8.count <= Self.keyLimit else {
            throw call.wrong(1, "key", "a text of 1 to \(Self.keyLimit) bytes expected")
        }
        return key
    }

    func storeKeys(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let keys = try values.keys()
        call.results.table(array: keys.count) {
            for (index, key) in keys.enumerated() { call.results.element(index + 1) { call.results.string(key) } }
        }
        return .values
    }

    /// `vast.store.get(key [, default])`
    func storeGet(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard let text = try values.get(try storeKey(call)) else {
            if call.count >= 2 { call.results.view(call.argument(2)) } else { call.results.nil() }
            return .values
        }
        let document: JSONDocument
        do { document = try JSONDocument(parsing: text) } catch {
            throw VastError(.invalidArgument, "\(call.name): what was kept cannot be read any more: \(error)")
        }
        if document.root.isNull, let null { call.results.reference(null) } else { write(document.root, call.results) }
        return .values
    }

    /// `vast.store.set(key, value)`: anything that is JSON.
    func storeSet(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let key = try storeKey(call)
        guard call.count >= 2 else { throw call.expected("value", 2, "value") }
        let value = call.argument(2)
        guard !value.isNil else {
            try values.set(key, nil)
            return .values
        }
        var writer = JSONWriter()
        try encode(value, to: &writer, depth: 0)
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
