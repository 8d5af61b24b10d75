internal import VastJSON

/// Reads a recording of ours: JSON, one line a reading.
package struct LineRecordingReader: RecordingReader {
    private var lines: LineReader
    private let path: String
    private var lastTime: Double?
    /// What the first line says.
    package let header: RecordingHeader
    /// The number of the last line when that was cut, as by a kill in the middle of it, and left out; nil while it is not read.
    package private(set) var cutLine: Int?

    /// - Throws: ``RecordingError`` when the first line is none of a recording.
    init(_ file: InputFile) throws(RecordingError) {
        path = file.path
        lines = LineReader(file)
        guard let first = try lines.next(), let header = Self.header(first.bytes) else {
            throw RecordingError(
                file: path, line: 1, message: "the first line is none of a recording", next: "vast-lua record FILE makes a recording")
        }
        try header.check(path, line: 1)
        self.header = header
    }

    private static func header(_ bytes: [UInt8]) -> RecordingHeader? {
        (try? JSONDocument(parsing: bytes)).flatMap { RecordingHeader($0.root) }
    }

    package mutating func next() throws(RecordingError) -> RecordedReading? {
        while let line = try lines.next() {
            if line.bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { continue }
            guard let document = try document(line) else { return nil }
            if let other = RecordingHeader(document.root) {
                try check(other, line.number)
                continue
            }
            return try reading(document.root, line.number)
        }
        return nil
    }

    /// nil when it is the last line, and cut.
    private mutating func document(_ line: LineReader.Line) throws(RecordingError) -> JSONDocument? {
        do {
            return try JSONDocument(parsing: line.bytes)
        } catch {
            if !line.isEnded {
                cutLine = line.number
                return nil
            }
            throw RecordingError(
                file: path, line: line.number, message: "no reading: \(error)", next: "remove the line, or take an undamaged copy")
        }
    }

    /// Recordings of one account may stand behind each other in one file.
    private func check(_ other: RecordingHeader, _ line: Int) throws(RecordingError) {
        try other.check(path, line: line)
        guard other.account == header.account else {
            throw RecordingError(
                file: path, line: line, message: "a recording of another account begins here",
                next: "keep each account in a file of its own")
        }
    }

    private mutating func reading(_ line: JSON, _ number: Int) throws(RecordingError) -> RecordedReading {
        let reading: RecordedReading
        do {
            reading = try ReadingLine(line).reading
        } catch {
            throw RecordingError(
                file: path, line: number, message: "no reading: \(error.reason)", next: "remove the line, or take an undamaged copy")
        }
        if let lastTime, reading.time <= lastTime {
            let what = reading.time == lastTime ? "the time of the reading before it comes again" : "earlier than the reading before it"
            throw RecordingError(
                file: path, line: number, message: "\(what): \(reading.time) after \(lastTime)",
                next: "the readings of a recording stand in the order of their times, each once; remove the line")
        }
        lastTime = reading.time
        return reading
    }
}
