#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import VastJSON

/// Appends readings to a recording of ours, each as one whole line in one write, so that a kill loses at most the last one.
package final class RecordingWriter {
    private let path: String
    private let descriptor: Int32
    /// Up to where the file is whole lines.
    private var end: Int
    /// When the last reading of the file was, in Unix seconds; nil when there is none yet.
    package private(set) var lastTime: Double?
    /// Whether a last line that was cut was removed.
    package let removedCutLine: Bool
    /// How many readings were written by this writer.
    package private(set) var count = 0

    /// Makes the file, or opens it when it is a recording of the same account; an empty file is taken as well.
    ///
    /// - Parameter account: as ``RecordingHeader/tag(of:)`` makes it.
    /// - Throws: ``RecordingError``; the file is then as it was.
    package init(_ path: String, account: String) throws(RecordingError) {
        self.path = path
        descriptor = try Self.opened(path)
        let known: RecordingTail
        do {
            known = try RecordingTail(InputFile(path), account: account)
        } catch {
            close(descriptor)
            throw error
        }
        (end, lastTime, removedCutLine) = (known.end, known.lastTime, known.isCut)
        // From here on `deinit` closes.
        try prepare(known, account)
    }

    deinit { close(descriptor) }

    private static func opened(_ path: String) throws(RecordingError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw unwritable(path, errno, next: "check the path, and who may write there") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw RecordingError(file: path, message: "it is no regular file", next: "name a file for the recording")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw RecordingError(file: path, message: "another process is recording into it", next: "name another file")
        }
        return descriptor
    }

    /// Removes a line that was cut, ends one that lacks its end, and begins a file that is empty.
    private func prepare(_ known: RecordingTail, _ account: String) throws(RecordingError) {
        if known.isCut, ftruncate(descriptor, off_t(end)) != 0 { throw Self.unwritable(path, errno, next: Self.nothing) }
        if known.lacksLineFeed { try append([UInt8(ascii: "\n")], next: Self.nothing) }
        if end == 0 { try append(RecordingHeader(account: account).line + [UInt8(ascii: "\n")], next: Self.nothing) }
    }

    private static let nothing = "nothing was recorded; make room, or check who may write there"

    /// Adds a reading, which must be later than the last one. Fields that no recording has are left out.
    ///
    /// - Throws: ``RecordingError``; what was written before is kept, in whole lines.
    package func write(_ reading: RecordedReading) throws(RecordingError) {
        guard ReadingLine.times.contains(reading.time), lastTime.map({ $0 < reading.time }) ?? true else {
            throw RecordingError(
                file: path, message: "a reading of \(reading.time) cannot stand behind one of \(lastTime.map { "\($0)" } ?? "none")",
                next: "set the clock, or record into another file")
        }
        guard let line = try? ReadingLine.bytes(of: reading.scrubbed), line.count < LineReader.longest else {
            throw RecordingError(file: path, message: "a reading that is too large, or no JSON", next: kept)
        }
        try append(line + [UInt8(ascii: "\n")], next: kept)
        lastTime = reading.time
        count += 1
    }

    private var kept: String {
        "\(count) \(count == 1 ? "reading was" : "readings were") recorded before and kept; to go on, record into the same file again"
    }

    private func append(_ bytes: [UInt8], next: String) throws(RecordingError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Self.write(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let number = count == 0 ? ENOSPC : errno
                // A part of a line is no reading.
                _ = ftruncate(descriptor, off_t(end))
                throw Self.unwritable(path, number, next: next)
            }
            written += count
        }
        end += bytes.count
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func unwritable(_ path: String, _ number: Int32, next: String) -> RecordingError {
        RecordingError(file: path, message: "it cannot be written: \(String(cString: strerror(number)))", next: next)
    }
}

extension RecordedReading {
    /// The same reading with the fields alone that a recording has.
    fileprivate var scrubbed: RecordedReading {
        get throws {
            let text = try JSONValue.array(rows.map { .object($0) }).serialized()
            let rows = try InstanceRows(JSONDocument(parsing: text).root).rows
            return RecordedReading(time: time, isComplete: isComplete, rows: rows)
        }
    }
}
