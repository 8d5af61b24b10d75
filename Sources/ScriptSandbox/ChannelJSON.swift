import VastAPI
import VastJSON

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Strict reading of frames: what is not as it must be is an error, never a default.
extension JSON {
    func required<Value>(_ name: String, _ read: (JSON) -> Value?) throws(ChannelError) -> Value {
        guard let member = self[name], let value = read(member) else { throw .malformed("'\(name)' is missing or of the wrong kind") }
        return value
    }

    /// nil when the member is missing or null.
    func optional<Value>(_ name: String, _ read: (JSON) -> Value?) throws(ChannelError) -> Value? {
        guard let member = self[name], !member.isNull else { return nil }
        guard let value = read(member) else { throw .malformed("'\(name)' is of the wrong kind") }
        return value
    }

    /// The id of an instance: a whole number from 1 up.
    var instanceID: InstanceID? { int64.flatMap { $0 > 0 ? InstanceID($0) : nil } }

    /// A list of which every element is as it must be.
    func list<Value>(most: Int = 100_000, _ read: (JSON) -> Value?) -> [Value]? {
        guard kind == .array, count <= most else { return nil }
        var values: [Value] = []
        for element in elements {
            guard let value = read(element) else { return nil }
            values.append(value)
        }
        return values
    }
}

/// A frame under construction.
package struct ChannelFrame {
    var writer = JSONWriter()

    init() { writer.beginObject() }

    /// Goes on where another writer stands.
    init(_ writer: JSONWriter) { self.writer = writer }

    var bytes: [UInt8] {
        var copy = writer
        copy.endObject()
        return copy.bytes
    }

    mutating func put(_ name: String, _ value: String?) {
        guard let value else { return }
        writer.name(name)
        writer.string(value)
    }

    mutating func put(_ name: String, _ value: Int64?) {
        guard let value else { return }
        writer.name(name)
        writer.integer(value)
    }

    mutating func put(_ name: String, _ value: Bool) {
        writer.name(name)
        writer.bool(value)
    }

    /// A number that JSON cannot express is left out: unknown.
    mutating func put(_ name: String, _ value: Double?) {
        guard let value, value.isFinite else { return }
        writer.name(name)
        try? writer.double(value)
    }

    mutating func put(_ name: String, _ value: JSONValue) throws {
        writer.name(name)
        try value.write(to: &writer)
    }

    mutating func object(_ name: String, _ body: (inout ChannelFrame) throws -> Void) rethrows {
        writer.name(name)
        writer.beginObject()
        try body(&self)
        writer.endObject()
    }

    mutating func array<Element>(_ name: String, _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) throws -> Void)
        rethrows
    {
        writer.name(name)
        writer.beginArray()
        for element in elements { try body(&writer, element) }
        writer.endArray()
    }
}
