import FleetCalendar
import FleetClock
import Foundation
import Testing
import VastJSON

@testable import FleetRecording

/// What holds for every CSV of somebody's own monitoring.
@Suite("CSV of readings") struct CSVLawTests {
    /// One line, as values and as it is written.
    private struct Entry {
        var time: Double
        var id: Int64
        var utilization: Double?
        var label: String?
        var rate: Double?
    }

    private static func entries(_ random: inout RandomRecording) -> [Entry] {
        (1...Int64(random.number(1...6))).flatMap { id in
            var time = Double(random.number(1_700_000_000...1_700_000_100))
            return (0..<random.number(1...9)).map { _ in
                time += Double(random.number(1...600_000)) / 1_000
                // As it is written, to the millisecond.
                time = (time * 1_000).rounded() / 1_000
                return Entry(
                    time: time, id: id, utilization: random.chance(0.2) ? nil : Double(random.number(0...1_000)) / 10,
                    label: random.chance(0.3) ? nil : ["a", "b, \"c\"", "two\nlines", "é"].randomElement(using: &random.dice),
                    rate: random.chance(0.3) ? nil : Double(random.number(0...3_000)) / 1_000)
            }
        }
    }

    private static func time(_ time: Double, _ random: inout RandomRecording) -> String {
        let milliseconds = Int64((time * 1_000).rounded())
        let (second, part) = (milliseconds / 1_000, milliseconds % 1_000)
        let fraction = "\(random.chance(0.5) ? "." : ",")" + String("\(part + 1_000)".dropFirst())
        switch random.number(0...4) {
        case 0: return "\(milliseconds)"
        case 1: return "\(time)"
        case 2: return iso(second, "T") + (part == 0 ? "" : fraction) + "Z"
        case 3: return iso(second + 7_200, " ") + fraction + "+02:00"
        default: return iso(second, " ") + fraction
        }
    }

    private static func iso(_ second: Int64, _ mark: String) -> String {
        let time = Zone.utc.localTime(at: second)
        let parts = [time.hour, time.minute, time.second].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(time.date)\(mark)\(parts.joined(separator: ":"))"
    }

    private static func quoted(_ text: String, _ random: inout RandomRecording) -> String {
        let needs = text.contains { ",\"\n".contains($0) }
        guard needs || random.chance(0.2) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func text(_ entries: [Entry], _ random: inout RandomRecording) -> String {
        let columns = ["time", "id", "gpu_util", "label", "rate_on"].shuffled(using: &random.dice)
        let end = random.chance(0.5) ? "\r\n" : "\n"
        var text = random.chance(0.3) ? "\u{FEFF}" : ""
        let names = columns.map { name in
            [name, name, " \(name.uppercased()) ", "\"\(name)\""].randomElement(using: &random.dice) ?? name
        }
        text += names.joined(separator: ",") + end
        for entry in entries {
            let cells = columns.map { column in
                switch column {
                case "time": quoted(time(entry.time, &random), &random)
                case "id": "\(entry.id)"
                case "gpu_util": entry.utilization.map { "\($0)" } ?? ["", " ", "nan", "[N/A]"].randomElement(using: &random.dice) ?? ""
                case "label": entry.label.map { quoted($0, &random) } ?? ""
                default: entry.rate.map { "\($0)" } ?? ""
                }
            }
            text += cells.joined(separator: ",") + end
        }
        return random.chance(0.3) ? String(text.dropLast()) : text
    }

    private static func expected(_ entries: [Entry]) -> [RecordedReading] {
        Dictionary(grouping: entries, by: \.time).sorted { $0.key < $1.key }.map { time, entries in
            RecordedReading(
                time: time, isComplete: false,
                rows: entries.sorted { $0.id < $1.id }.map { entry in
                    var row: JSONObject = ["id": .integer(entry.id)]
                    row["gpu_util"] = entry.utilization.map { .double($0) }
                    row["label"] = entry.label.map { .string($0) }
                    row["dph_total"] = entry.rate.map { .double($0) }
                    if entry.utilization != nil { for (name, value) in InstanceStates.running { row[name] = value } }
                    return row
                })
        }
    }

    /// Sorted by time, grouped by instance, or interleaved in any way that keeps each instance's order.
    private static func ordered(_ entries: [Entry], _ random: inout RandomRecording) -> [Entry] {
        switch random.number(0...2) {
        case 0: return entries.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
        case 1: return entries
        default:
            var series = Dictionary(grouping: entries, by: \.id).sorted { $0.key < $1.key }.map { $0.value[...] }
            var mixed: [Entry] = []
            while !series.isEmpty {
                let place = random.number(0...series.count - 1)
                mixed.append(series[place].removeFirst())
                if series[place].isEmpty { series.remove(at: place) }
            }
            return mixed
        }
    }

    @Test("however its lines are ordered and written, it says the same", arguments: RandomRecording.seeds(200))
    func same(seed: UInt64) throws {
        var random = RandomRecording(seed)
        let entries = Self.entries(&random)
        let text = Self.text(Self.ordered(entries, &random), &random)
        let read = try ScratchFile(text).readings()
        #expect(read.error == nil)
        #expect(read.readings == Self.expected(entries), "\(text)")
    }

    @Test(
        "a reading that comes twice, or before an earlier one of its instance, is an error with its line",
        arguments: RandomRecording.seeds(100))
    func disorder(seed: UInt64) throws {
        var random = RandomRecording(seed)
        let count = random.number(2...30)
        var lines = (0..<count).map { "\(1_700_000_000 + $0 * 60),\($0 % 3 + 1),5" }
        let place = random.number(0...count - 1)
        let later = random.number(min(place + 1, count)...count)
        let isSame = random.chance(0.5)
        let cells = lines[place].split(separator: ",")
        let time = (Int(cells[0]) ?? 0) - (isSame ? 0 : 1)
        lines.insert("\(time),\(cells[1]),7", at: later)
        let read = try ScratchFile("time,id,gpu_util\n" + lines.joined(separator: "\n") + "\n").readings()
        #expect(read.error?.line == later + 2, "\(read.error.map { "\($0)" } ?? "no error")")
        #expect(read.error?.message.contains("line \(lastLine(lines, cells[1], before: later))") == true)
    }

    /// The line of the file with the instance's last reading before a place.
    private func lastLine(_ lines: [String], _ id: Substring, before place: Int) -> Int {
        (lines[..<place].lastIndex { $0.split(separator: ",")[1] == id } ?? 0) + 2
    }

    private static let wrongLines = [
        "1700000000,1", "1700000000,1,2,3", "x,1,5", ",1,5", "1700000000,,5", "1700000000,1.5,5", "1700000000,a,5", "1700000000,0,5",
        "1700000000,1,x", "1700000000,1,0x10", "1700000000,1,-5", "1700000000,1,inf", "1700000000,1,\"5\"6", "1700000000,1,5\"",
        "1700000000,1,\"5", "2026-02-30T00:00:00Z,1,5", "2026-13-01 00:00:00,1,5", "2026-01-01,1,5", "-5,1,5", "20261123180000,1,5",
        "1700000000000000,1,5", "1700000000,1,50,5", "nan,1,5", "2026-01-01T00:00:00.Z,1,5", "2026-01-01T25:00:00Z,1,5"
    ]

    @Test("a wrong line anywhere is an error with its line, whatever is wrong with it", arguments: wrongLines)
    func wrong(line: String) throws {
        for place in [0, 3, 10] {
            var lines = (0..<10).map { "\(1_600_000_000 + $0 * 60),1,5" }
            lines.insert(line, at: place)
            let read = try ScratchFile("time,id,gpu_util\n" + lines.joined(separator: "\n")).readings()
            #expect(read.error?.line == place + 2, "\(line): \(read.error.map { "\($0)" } ?? "no error")")
            #expect(read.error?.next.isEmpty == false && read.readings.isEmpty)
        }
    }

    @Test(
        "a header that is wrong says what is meant",
        arguments: [
            ("time,id,gpu_utl", "did you mean 'gpu_util'?"), ("tiem,id,gpu_util", "did you mean 'time'?"),
            ("time;id;gpu_util", "separate the columns by commas"), ("1700000000,1,5", "the first line names the columns"),
            ("time,id,gpu_util,wattage_of_the_card", "the columns are time, id"), ("time,id", "at least time,id,gpu_util"),
            ("time,id,gpu_util,id", "remove one of them")
        ])
    func header(text: String, next: String) throws {
        let error = try #require(try ScratchFile("\(text)\n1700000000,1,5\n").readings().error)
        #expect(error.line == 1 && error.next.contains(next), "\(error)")
    }

    @Test("the state counts where there is one, and a word that is none says what is meant")
    func states() throws {
        let read = try ScratchFile("time,id,gpu_util,state\n1700000000,1,5,stopped\n1700000000,2,5,\n").readings()
        #expect(read.readings.first?.rows.map { $0["cur_state"] } == ["stopped", nil])
        let error = try ScratchFile("time,id,gpu_util,state\n1700000000,1,5,runing\n").readings().error
        #expect(error?.message.contains("did you mean 'running'?") == true)
    }

    @Test("a file that goes back too often and too far is refused with the line, and what to do")
    func jumble() throws {
        let limits = CSVLimits()
        var text = "time,id,gpu_util\n"
        // Each instance begins a second before the one above it.
        for id in 1...limits.runs + 1 { text += "\(1_700_000_000 - id),\(id),5\n" }
        let error = try #require(try ScratchFile(text).readings().error)
        #expect(error.line == limits.runs + 2 && error.next.contains("sort"))
    }

    @Test("lines that are each a little late are read in order, however many there are", arguments: RandomRecording.seeds(60))
    func late(seed: UInt64) throws {
        var random = RandomRecording(seed)
        let window = random.number(4...12)
        // Within a round of so many instances, times are in any order.
        let rounds = (0..<random.number(10...30)).map { round in
            (1...window / 2).shuffled(using: &random.dice).map { id in
                (time: 1_700_000_000 + round * 100 + random.number(0...99), id: id)
            }
        }
        let lines = rounds.joined().map { "\($0.time),\($0.id),5" }
        let file = try ScratchFile("time,id,gpu_util\n" + lines.joined(separator: "\n"))
        var reader = try CSVRecordingReader(try InputFile(file.path), zone: .utc, limits: CSVLimits(runs: 2, window: window))
        var times: [Double] = []
        var count = 0
        while let reading = try reader.next() {
            times.append(reading.time)
            count += reading.rows.count
        }
        #expect(times == Set(rounds.joined().map { Double($0.time) }).sorted() && count == lines.count)
    }
}
