internal import VastJSON

/// Reads what `vastai show instances --raw` has printed, or a page of the service: one reading, of the whole fleet.
struct FleetListReader: RecordingReader {
    /// The largest file that is read.
    private static let most = 256 << 20
    private var reading: RecordedReading?

    /// - Parameter time: when it was read, in Unix seconds: the file does not say.
    /// - Throws: ``RecordingError``.
    init(_ file: InputFile, time: Double) throws(RecordingError) {
        let size = file.size
        guard size <= Self.most else {
            throw RecordingError(
                file: file.path, message: "a list of instances of more than \(Self.most >> 20) MiB",
                next: "check whether this is what vastai show instances --raw has printed")
        }
        let bytes = try file.bytes(at: 0, count: size)
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes)
        } catch {
            let line = error.offset.map { bytes.prefix($0).count { $0 == UInt8(ascii: "\n") } + 1 }
            throw RecordingError(file: file.path, line: line, message: "it is not JSON: \(error)", next: Self.next)
        }
        let root = document.root
        guard let rows = root.kind == .array ? root : root["instances"], rows.kind == .array else {
            throw RecordingError(file: file.path, message: "it is no list of instances, and no recording", next: Self.next)
        }
        do {
            reading = RecordedReading(time: time, isComplete: true, rows: try InstanceRows(rows).rows)
        } catch {
            throw RecordingError(file: file.path, message: error.reason, next: Self.next)
        }
    }

    private static let next = "print the list again: vastai show instances --raw > FILE"

    mutating func next() throws(RecordingError) -> RecordedReading? {
        defer { reading = nil }
        return reading
    }
}
