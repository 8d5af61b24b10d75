internal import VastJSON

/// A line of a recording of ours that is one reading.
struct ReadingLine {
    /// Times that a recording may have, in Unix seconds.
    static let times = 0.0..<1e10

    let reading: RecordedReading

    /// - Throws: ``Invalid`` when the line is no reading.
    init(_ line: JSON) throws(Invalid) {
        guard line.kind == .object else { throw Invalid("an object is wanted") }
        guard let time = line["time"]?.double, Self.times.contains(time) else {
            throw Invalid("\"time\" is a number of Unix seconds")
        }
        guard let isComplete = line["complete"]?.bool else { throw Invalid("\"complete\" is true or false") }
        guard let rows = line["rows"], rows.kind == .array else { throw Invalid("\"rows\" is a list of instances") }
        reading = RecordedReading(time: time, isComplete: isComplete, rows: try InstanceRows(rows).rows)
    }

    /// The line of a reading, without its end; nothing of it is a secret.
    ///
    /// - Throws: `JSONError` when a number in it is not finite.
    static func bytes(of reading: RecordedReading) throws -> [UInt8] {
        var writer = JSONWriter(capacity: 64 + 1_024 * reading.rows.count)
        writer.beginObject()
        writer.name("time")
        try writer.double(reading.time)
        writer.name("complete")
        writer.bool(reading.isComplete)
        writer.name("rows")
        writer.beginArray()
        for row in reading.rows { try JSONValue.object(row).write(to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// Why a line is no reading.
    struct Invalid: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }
}
