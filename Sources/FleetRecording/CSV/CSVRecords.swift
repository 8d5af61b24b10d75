/// One record of a CSV: its cells without quotes.
struct CSVRecord {
    /// The cells, one behind the other.
    var bytes: [UInt8] = []
    /// Where each cell ends in `bytes`.
    var ends: [Int] = []
    /// The line in which it begins, from 1.
    var line: Int
    /// Where it begins in the file.
    var offset: Int

    /// The bytes of a cell, without blanks around them.
    func cell(_ place: Int) -> ArraySlice<UInt8> {
        let cell = bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]]
        let start = cell.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? cell.endIndex
        let end = cell.lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? start
        return cell[start..<max(start, end)]
    }

    /// Whether the line is blank.
    var isBlank: Bool { ends.count == 1 && cell(0).isEmpty }
}

/// Splits a CSV into records (RFC 4180): cells in quotes may hold commas, quotes that are doubled, and line ends.
struct CSVRecords {
    /// The longest record that is read.
    private static let longest = 1 << 20

    private var reader: ByteReader
    private var line: Int
    private var path: String { reader.file.path }

    /// - Parameters:
    ///   - offset: where a record begins.
    ///   - line: in which line that is, from 1.
    init(_ file: InputFile, at offset: Int = 0, line: Int = 1, partSize: Int = 1 << 18) {
        reader = ByteReader(file, at: offset, partSize: partSize)
        self.line = line
    }

    /// Gives the memory back; no more is read.
    mutating func close() { reader = ByteReader(reader.file, at: reader.offset, partSize: 1) }

    /// The next record that is not blank; nil after the last one.
    mutating func next() throws(RecordingError) -> CSVRecord? {
        while let record = try any() {
            if !record.isBlank { return record }
        }
        return nil
    }

    private mutating func any() throws(RecordingError) -> CSVRecord? {
        guard try reader.peek() != nil else { return nil }
        var record = CSVRecord(line: line, offset: reader.offset)
        record.bytes.reserveCapacity(64)
        while true {
            try takeCell(of: &record)
            record.ends.append(record.bytes.count)
            switch try reader.peek() {
            case UInt8(ascii: ",")?: reader.advance()
            case nil: return record
            default:
                reader.advance()
                line += 1
                return record
            }
        }
    }

    /// Takes one cell up to the comma, the line feed or the end of the file behind it.
    private mutating func takeCell(of record: inout CSVRecord) throws(RecordingError) {
        if try reader.peek() == UInt8(ascii: "\"") { return try takeQuotedCell(of: &record) }
        let start = record.bytes.count
        while let byte = try reader.peek(), !Self.isEnd(byte) {
            reader.take(into: &record.bytes, until: Self.isEnd)
            try checkLength(record)
        }
        if try reader.peek() != UInt8(ascii: ","), record.bytes.count > start, record.bytes.last == UInt8(ascii: "\r") {
            record.bytes.removeLast()
        }
        guard !record.bytes[start...].contains(UInt8(ascii: "\"")) else {
            throw wrong(
                record, "a quote inside a cell that does not begin with one", "put the whole cell in quotes, and double those in it")
        }
    }

    private mutating func takeQuotedCell(of record: inout CSVRecord) throws(RecordingError) {
        reader.advance()
        while true {
            guard let byte = try reader.peek() else {
                throw wrong(record, "the file ends inside quotes", "the last lines are cut, or a quote is missing: take a whole copy")
            }
            if byte == UInt8(ascii: "\"") {
                reader.advance()
                guard try reader.peek() == UInt8(ascii: "\"") else { return try endQuotedCell(of: record) }
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            record.bytes.append(byte)
            reader.advance()
            try checkLength(record)
        }
    }

    private mutating func endQuotedCell(of record: CSVRecord) throws(RecordingError) {
        while let byte = try reader.peek(), byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "\r") { reader.advance() }
        guard let byte = try reader.peek(), !Self.isEnd(byte) else { return }
        throw wrong(record, "text behind the quote that ends a cell", "put the whole cell in quotes, and double those in it")
    }

    private static func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") }

    private func checkLength(_ record: CSVRecord) throws(RecordingError) {
        guard record.bytes.count > Self.longest else { return }
        throw wrong(record, "more than \(Self.longest >> 10) KiB in one record", "a quote is missing somewhere, or this is no CSV")
    }

    private func wrong(_ record: CSVRecord, _ message: String, _ next: String) -> RecordingError {
        RecordingError(file: path, line: record.line, message: message, next: next)
    }
}
