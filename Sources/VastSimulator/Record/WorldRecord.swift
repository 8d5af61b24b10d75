#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
import VastJSON

/// What became of a world so far: its seed, its beginning and the requests that may have changed it. The same ones at the same
/// times always give the same world, so that this is all that has to be kept of it.
///
/// As text it is a line of JSON for the beginning, one for every request, and one such as `{"at":60}` for time that has passed.
package struct WorldRecord: Sendable, Equatable {
    /// Why a text is no record.
    package struct Invalid: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// The Unix seconds between which worlds begin: the year 5138 is as far as anybody looks.
    private static let starts: ClosedRange<Int64> = 0...100_000_000_000
    /// How many seconds a world lasts at most: longer than any simulation.
    private static let lengths = 0...1e10

    /// From what everything random in the world is drawn.
    package let seed: UInt64
    /// When the world began.
    package let start: Date
    /// The requests that may have changed it, in the order in which they came.
    package private(set) var requests: [RecordedRequest] = []
    /// How many seconds of the world are over.
    package private(set) var end = 0.0
    /// How many bytes of the text count: the last line may have been cut off when its writer died.
    package private(set) var length = 0

    /// A world that begins; parts of a second are left away, so that its text says exactly the same.
    package init(seed: UInt64, start: Date) {
        self.seed = seed
        self.start = Date(timeIntervalSince1970: start.timeIntervalSince1970.rounded(.down))
    }

    /// - Throws: ``Invalid`` with the line that is wrong.
    package init(_ text: [UInt8]) throws(Invalid) {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        // Whole lines end with a line feed.
        let rest = lines.popLast()?.count ?? 0
        guard let first = lines.popFirst(), let header = Self.json(first), header["world"]?.wholeNumber == 1,
            let seed = header["seed"]?.text.flatMap(UInt64.init), let start = header["start"]?.wholeNumber, Self.starts.contains(start)
        else { throw Invalid(description: "line 1 is not the beginning of a world") }
        self.init(seed: seed, start: Date(timeIntervalSince1970: Double(start)))
        length = text.count - rest
        for (number, line) in lines.enumerated() {
            guard let json = Self.json(line), let at = json["at"]?.number, Self.lengths.contains(at) else {
                throw Invalid(description: "line \(number + 2) is not understood")
            }
            end = max(end, at)
            guard json["method"] != nil else { continue }
            guard let request = RecordedRequest(json, at: at) else {
                throw Invalid(description: "line \(number + 2) is not understood")
            }
            requests.append(request)
        }
    }

    /// The line with which a record begins.
    package var header: [UInt8] {
        Self.line(["world": 1, "seed": .string("\(seed)"), "start": .integer(Int64(start.timeIntervalSince1970))])
    }

    /// The line that says how much time has passed.
    package static func line(at: Double) -> [UInt8] { line(["at": .double(at)]) }

    /// The world's time, as far as it is known.
    package var now: Date { start.addingTimeInterval(end) }

    static func line(_ object: JSONObject) -> [UInt8] {
        // Times are finite, and nothing else could not be written.
        ((try? JSONValue.object(object).serialized()) ?? []) + [UInt8(ascii: "\n")]
    }

    private static func json(_ line: ArraySlice<UInt8>) -> JSONValue? { try? JSONDocument(parsing: Array(line)).root.value }
}
