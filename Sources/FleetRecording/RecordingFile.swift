package import FleetCalendar
internal import VastJSON

/// A file with readings, in any of the forms that are known: a recording of ours, somebody's CSV, a printed list of instances.
package enum RecordingFile {
    /// Opens it; what it is shows in its first bytes.
    ///
    /// - Parameters:
    ///   - zone: what times in a CSV mean that have no offset.
    ///   - listTime: when a printed list of instances was read, in Unix seconds; the list does not say.
    /// - Throws: ``RecordingError``: the file cannot be read; of a CSV also each wrong line.
    package static func reader(
        _ path: String, zone: Zone = .utc, listTime: Double = 0
    ) throws(RecordingError) -> any RecordingReader {
        let file = try InputFile(path)
        let start = try file.bytes(at: 0, count: 1 << 16)
        try refuseForeign(start, path)
        let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start[3...] : start[...]
        guard let first = text.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
            throw RecordingError(file: path, message: "it is empty", next: "vast-lua record FILE makes a recording")
        }
        switch first {
        case UInt8(ascii: "["): return try FleetListReader(file, time: listTime)
        case UInt8(ascii: "{"): return try isRecording(text) ? LineRecordingReader(file) : FleetListReader(file, time: listTime)
        default: return try CSVRecordingReader(file, zone: zone)
        }
    }

    /// Whether the first line is, or begins like, that of a recording.
    private static func isRecording(_ text: ArraySlice<UInt8>) -> Bool {
        let line = text.prefix { $0 != UInt8(ascii: "\n") }
        if let document = try? JSONDocument(parsing: Array(line)) {
            return RecordingHeader(document.root) != nil || document.root["rows"] != nil
        }
        return line.starts(with: "{\"\(RecordingHeader.member)".utf8) || line.starts(with: #"{"time":"#.utf8)
    }

    private static func refuseForeign(_ start: [UInt8], _ path: String) throws(RecordingError) {
        if start.starts(with: [0x1F, 0x8B]) || start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            throw RecordingError(file: path, message: "it is compressed", next: "unpack it first")
        }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
            throw RecordingError(file: path, message: "it is UTF-16", next: "save it as UTF-8")
        }
    }
}
