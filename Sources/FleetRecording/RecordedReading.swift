package import VastJSON

/// One look at a fleet, or at some instances of it.
package struct RecordedReading: Sendable, Equatable {
    /// When it was read, in Unix seconds.
    package var time: Double
    /// Whether what is missing is gone.
    package var isComplete: Bool
    /// The rows in the service's form, each with an `id`, sorted by it, each id once.
    package var rows: [JSONObject]

    /// - Parameters:
    ///   - time: when it was read, in Unix seconds.
    ///   - isComplete: whether what is missing is gone.
    ///   - rows: in the service's form, each with an `id`.
    package init(time: Double, isComplete: Bool, rows: [JSONObject]) {
        self.time = time
        self.isComplete = isComplete
        self.rows = rows
    }
}

/// Gives the readings of a recording one after the other, in ascending time and bounded memory.
package protocol RecordingReader {
    /// The next reading; nil after the last one.
    mutating func next() throws(RecordingError) -> RecordedReading?
}

/// Why a recording cannot be read or written.
package struct RecordingError: Error, Equatable, CustomStringConvertible {
    /// The path of the recording.
    package var file: String
    /// Where in it, from 1; nil when it is about the whole file.
    package var line: Int?
    /// What is wrong.
    package var message: String
    /// What to do about it.
    package var next: String

    /// - Parameters:
    ///   - line: from 1; nil when it is about the whole file.
    ///   - next: what to do about it.
    package init(file: String, line: Int? = nil, message: String, next: String) {
        self.file = file
        self.line = line
        self.message = message
        self.next = next
    }

    /// `week.jsonl:12: the line is cut`, and below it what to do.
    package var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)\n  \(next)" }
}
