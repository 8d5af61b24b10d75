/// Receives the parts of a JSON value in the order of its text; see ``JSON/visit(_:)``.
///
/// Text is handed over as UTF-8 buffers that are valid during the call only. Counts are those of the container, so a
/// receiver can reserve what it needs.
public protocol JSONVisitor {
    /// The value `null`.
    mutating func null() throws
    /// A value `true` or `false`.
    mutating func bool(_ value: Bool) throws
    /// A whole number that fits `Int64`.
    mutating func integer(_ value: Int64) throws
    /// An integer that is too large for `Int64`.
    mutating func unsigned(_ value: UInt64) throws
    /// Every other number: one with a point or an exponent, or beyond 64 bits where ``JSONDocument/Limits`` lets it
    /// through.
    mutating func double(_ value: Double) throws
    /// A string, its escapes resolved.
    mutating func string(_ text: UnsafeBufferPointer<UInt8>) throws
    /// An array with so many elements, which follow.
    mutating func beginArray(count: Int) throws
    /// The array that was begun last ends.
    mutating func endArray() throws
    /// An object with so many members, which follow.
    mutating func beginObject(count: Int) throws
    /// The name of the member whose value follows.
    mutating func name(_ text: UnsafeBufferPointer<UInt8>) throws
    /// The object that was begun last ends.
    mutating func endObject() throws
}

extension JSON {
    /// Walks this value and everything inside it, without recursion beyond the depth that parsing has allowed.
    ///
    /// - Throws: what `visitor` throws; the walk ends there.
    public func visit<Visitor: JSONVisitor>(_ visitor: inout Visitor) throws {
        try withExtendedLifetime(document) { try walk(index, &visitor) }
    }

    private func walk<Visitor: JSONVisitor>(_ place: Int, _ visitor: inout Visitor) throws {
        let value = JSON(document: document, index: place)
        switch value.tag {
        case Tag.null: try visitor.null()
        case Tag.true: try visitor.bool(true)
        case Tag.false: try visitor.bool(false)
        case Tag.signed: try visitor.integer(Int64(bitPattern: document.words[place + 1]))
        case Tag.unsigned:
            let number = document.words[place + 1]
            if let small = Int64(exactly: number) { try visitor.integer(small) } else { try visitor.unsigned(number) }
        case Tag.double: try visitor.double(Double(bitPattern: document.words[place + 1]))
        case Tag.string: try visitor.string(document.text(at: place))
        case Tag.array: try walkArray(value, &visitor)
        case Tag.object: try walkObject(value, &visitor)
        default: try visitor.null()
        }
    }

    private func walkArray<Visitor: JSONVisitor>(_ array: JSON, _ visitor: inout Visitor) throws {
        try visitor.beginArray(count: array.count)
        var place = array.index + 1
        while place < array.end {
            try walk(place, &visitor)
            place = document.place(after: place)
        }
        try visitor.endArray()
    }

    private func walkObject<Visitor: JSONVisitor>(_ object: JSON, _ visitor: inout Visitor) throws {
        try visitor.beginObject(count: object.count)
        var place = object.index + 1
        while place < object.end {
            try visitor.name(document.text(at: place))
            try walk(place + 1, &visitor)
            place = document.place(after: place + 1)
        }
        try visitor.endObject()
    }
}
