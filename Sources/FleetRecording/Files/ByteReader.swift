/// Reads a file from one place on, a part at a time.
struct ByteReader {
    let file: InputFile
    private let partSize: Int
    private var part: [UInt8] = []
    private var position = 0
    /// Where in the file the part begins.
    private var start: Int

    /// - Parameter partSize: how many bytes are held at a time.
    init(_ file: InputFile, at offset: Int = 0, partSize: Int = 1 << 18) {
        self.file = file
        self.partSize = partSize
        start = offset
    }

    /// Where in the file the next byte is.
    var offset: Int { start + position }

    /// The next byte without taking it; nil at the end of the file.
    mutating func peek() throws(RecordingError) -> UInt8? {
        if position == part.count {
            start += position
            part = try file.bytes(at: start, count: partSize)
            position = 0
        }
        return position < part.count ? part[position] : nil
    }

    /// Takes the byte that ``peek()`` has shown.
    mutating func advance() { position += 1 }

    /// Takes bytes up to one that `isEnd` holds for, or up to the end of the part, and adds them to `bytes`.
    mutating func take(into bytes: inout [UInt8], until isEnd: (UInt8) -> Bool) {
        let rest = part[position...]
        let end = rest.firstIndex(where: isEnd) ?? rest.endIndex
        bytes.append(contentsOf: rest[..<end])
        position = end
    }
}
