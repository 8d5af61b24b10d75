import FleetRules
import LuaEngine
import VastAPI
import VastJSON

/// A snapshot of an instance as a userdata.
final class InstanceObject {
    let instance: Instance
    init(_ instance: Instance) { self.instance = instance }
}

extension Runtime {
    func write(_ instance: Instance, _ writer: LuaWriter) {
        writer.object(InstanceObject(instance), as: fleet.instanceType)
    }

    /// A list with methods.
    func write(_ instances: [Instance], from origin: ListOrigin, _ writer: LuaWriter) {
        writer.openTable(array: instances.count)
        for (offset, instance) in instances.enumerated() {
            write(instance, writer)
            writer.setElement(offset + 1)
        }
        if let type = fleet.listTypes[origin] { writer.tableType(type) }
    }

    func write(_ value: FieldValue, _ writer: LuaWriter) {
        switch value {
        case .none: writer.nil()
        case .boolean(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .number(let value): writer.number(value)
        case .string(let value): writer.string(value)
        case .json(let value): write(value, writer)
        case .tags(let tags): write(tags, writer)
        }
    }

    /// A word alone is true.
    private func write(_ tags: [LabelTags.Tag], _ writer: LuaWriter) {
        writer.openTable(fields: tags.count)
        for tag in tags {
            writer.string(tag.name)
            if let value = tag.value { writer.string(value) } else { writer.boolean(true) }
            writer.setField()
        }
    }

    /// A JSON value: null is nil in objects and `vast.json.null` inside arrays; empty arrays stay arrays.
    func write(_ json: JSON, _ writer: LuaWriter) {
        switch json.kind {
        case .null: writer.nil()
        case .bool: writer.boolean(json.bool ?? false)
        case .integer:
            if let integer = json.int64 { writer.integer(integer) } else { writer.number(json.double ?? .nan) }
        case .double: writer.number(json.double ?? .nan)
        case .string: json.withUTF8 { writer.bytes(UnsafeRawBufferPointer($0)) }
        case .array: writeArray(json, writer)
        case .object:
            writer.openTable(fields: json.count)
            for (name, value) in json.members where !value.isNull {
                writer.string(name)
                write(value, writer)
                writer.setField()
            }
        }
    }

    private func writeArray(_ json: JSON, _ writer: LuaWriter) {
        writer.openTable(array: json.count)
        for (offset, element) in json.elements.enumerated() {
            if element.isNull, let null { writer.reference(null) } else { write(element, writer) }
            writer.setElement(offset + 1)
        }
        writer.tableType(types.array)
    }
}
