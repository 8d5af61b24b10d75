extension JSON {
    /// How many elements an array or members an object has; zero for anything else.
    public var count: Int {
        guard tag == Tag.array || tag == Tag.object else { return 0 }
        let count = Int((word >> 32) & 0xFF_FFFF)
        // The tape counts up to 2^24 - 1; above that the values have to be counted.
        return count < 0xFF_FFFF ? count : tag == Tag.array ? elements.reduce(0) { n, _ in n + 1 } : memberCount
    }

    private var memberCount: Int { members.reduce(0) { n, _ in n + 1 } }

    /// The place one past the last value inside an array or object.
    var end: Int { Int(word & 0xFFFF_FFFF) - 1 }

    /// The member of that name, the first of several; nil when there is none or this is not an object.
    public subscript(name: String) -> JSON? {
        var name = name
        return name.withUTF8 { member($0) }
    }

    /// The element at that position, from zero; nil when there is none or this is not an array. Takes linear time.
    public subscript(position: Int) -> JSON? {
        guard position >= 0 else { return nil }
        for (offset, element) in elements.enumerated() where offset == position { return element }
        return nil
    }

    /// The member whose name has these UTF-8 bytes; see ``subscript(_:)-(String)``.
    public func member(_ name: UnsafeBufferPointer<UInt8>) -> JSON? {
        guard tag == Tag.object, let place = document.place(ofMember: name, from: index + 1, to: end) else { return nil }
        return JSON(document: document, index: place)
    }

    /// Calls `body` with the name, as UTF-8 text valid during the call only, and the value of each member of an
    /// object, in the order of the text; does nothing for any other value.
    public func forEachMember(_ body: (UnsafeBufferPointer<UInt8>, JSON) throws -> Void) rethrows {
        guard tag == Tag.object else { return }
        let end = end
        var place = index + 1
        while place < end {
            try body(document.text(at: place), JSON(document: document, index: place + 1))
            place = document.place(after: place + 1)
        }
    }

    /// The elements of an array, in order; none for any other value.
    public var elements: Elements {
        tag == Tag.array
            ? Elements(document: document, place: index + 1, end: end) : Elements(document: document, place: 0, end: 0)
    }

    /// The members of an object, in the order of the text; none for any other value.
    public var members: Members {
        tag == Tag.object
            ? Members(document: document, place: index + 1, end: end) : Members(document: document, place: 0, end: 0)
    }

    /// The elements of an array, without copying them.
    public struct Elements: Sequence, IteratorProtocol, Sendable {
        let document: JSONDocument
        var place: Int
        let end: Int

        public mutating func next() -> JSON? {
            guard place < end else { return nil }
            defer { place = document.place(after: place) }
            return JSON(document: document, index: place)
        }
    }

    /// The members of an object; the names are copied.
    public struct Members: Sequence, IteratorProtocol, Sendable {
        let document: JSONDocument
        var place: Int
        let end: Int

        public mutating func next() -> (name: String, value: JSON)? {
            guard place < end else { return nil }
            defer { place = document.place(after: place + 1) }
            let name = String(decoding: document.text(at: place), as: UTF8.self)
            return (name, JSON(document: document, index: place + 1))
        }
    }
}
