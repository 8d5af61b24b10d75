/// Reads a file line by line.
struct LineReader {
    /// One line without its end.
    struct Line {
        var bytes: [UInt8]
        /// From 1.
        var number: Int
        /// Whether a line feed ends it; the last line may have none.
        var isEnded: Bool
    }

    /// The longest line that is read: ten thousand instances and more.
    static let longest = 64 << 20

    private var reader: ByteReader
    private var number = 0

    init(_ file: InputFile) { reader = ByteReader(file) }

    /// The next line; nil after the last one.
    mutating func next() throws(RecordingError) -> Line? {
        guard try reader.peek() != nil else { return nil }
        number += 1
        var bytes: [UInt8] = []
        while let byte = try reader.peek() {
            if byte == UInt8(ascii: "\n") {
                reader.advance()
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                return Line(bytes: bytes, number: number, isEnded: true)
            }
            reader.take(into: &bytes) { $0 == UInt8(ascii: "\n") }
            guard bytes.count <= Self.longest else {
                throw RecordingError(
                    file: reader.file.path, line: number, message: "the line is longer than \(Self.longest >> 20) MiB",
                    next: "check whether this is a recording: it has one line a reading")
            }
        }
        return Line(bytes: bytes, number: number, isEnded: false)
    }
}
