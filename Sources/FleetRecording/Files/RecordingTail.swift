internal import VastJSON

/// How a file ends that is to be recorded into.
struct RecordingTail {
    /// Up to where it is whole lines; without the line feed that the last may lack.
    private(set) var end = 0
    private(set) var lastTime: Double?
    /// Whether behind that stands a line that was cut.
    private(set) var isCut = false
    /// Whether the last line is whole but for its line feed.
    private(set) var lacksLineFeed = false

    private let file: InputFile
    private static let partSize = 1 << 16

    /// - Throws: ``RecordingError`` when the file is neither empty nor a recording of that account.
    init(_ file: InputFile, account: String) throws(RecordingError) {
        self.file = file
        let size = file.size
        guard size > 0 else { return }
        var lines = LineReader(file)
        let first: LineReader.Line?
        do { first = try lines.next() } catch { throw foreign }
        guard let first, let header = (try? JSONDocument(parsing: first.bytes)).flatMap({ RecordingHeader($0.root) }) else { throw foreign }
        try header.check(file.path, line: 1)
        guard header.account == account else {
            throw RecordingError(
                file: file.path, line: 1, message: "it is a recording of another account; nothing was written", next: "name another file")
        }
        try readEnd(size)
    }

    private var foreign: RecordingError {
        RecordingError(
            file: file.path, message: "it is there already and no recording; nothing was written", next: "name another file, or remove it")
    }

    private mutating func readEnd(_ size: Int) throws(RecordingError) {
        end = size
        var start = try lineStart(before: size)
        if start < size {
            // The last line has no line feed.
            if try time(start, size) != nil || start == 0 {
                lacksLineFeed = true
            } else {
                (isCut, end) = (true, start)
            }
        }
        if !lacksLineFeed { start = try lineStart(before: end - 1) }
        guard start > 0 else { return }
        guard let time = try time(start, end) else {
            throw RecordingError(
                file: file.path, message: "its last line is no reading; nothing was written", next: "name another file, or remove that line"
            )
        }
        lastTime = time
    }

    /// Where the line begins of which the last byte stands before `place`; `place` itself right behind a line feed.
    private func lineStart(before place: Int) throws(RecordingError) -> Int {
        var high = place
        while high > 0 {
            let low = max(0, high - Self.partSize)
            let part = try file.bytes(at: low, count: high - low)
            if let found = part.lastIndex(of: UInt8(ascii: "\n")) { return low + found + 1 }
            guard place - low <= LineReader.longest else { throw foreign }
            high = low
        }
        return 0
    }

    /// The time of the reading in a part of the file; nil when it is none.
    private func time(_ start: Int, _ end: Int) throws(RecordingError) -> Double? {
        let bytes = try file.bytes(at: start, count: end - start)
        return (try? JSONDocument(parsing: bytes)).flatMap { try? ReadingLine($0.root).reading.time }
    }
}
