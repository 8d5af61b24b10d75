import FleetClock
import Foundation
import Testing
import VastJSON

@testable import FleetRecording

/// What holds for every recording of ours.
@Suite("Recordings") struct RecordingLawTests {
    private static func write(_ readings: [RecordedReading], to file: ScratchFile) throws {
        let writer = try RecordingWriter(file.path, account: "a1")
        for reading in readings { try writer.write(reading) }
    }

    @Test("what is written is read again, also when it was written in two parts", arguments: RandomRecording.seeds(60))
    func roundTrip(seed: UInt64) throws {
        var random = RandomRecording(seed)
        let readings = random.readings(random.number(0...8))
        let file = ScratchFile()
        let middle = random.number(0...readings.count)
        try Self.write(Array(readings[..<middle]), to: file)
        try Self.write(Array(readings[middle...]), to: file)
        let read = file.readings()
        #expect(read.error == nil && read.readings == readings)
    }

    @Test("cut anywhere, it is read up to the cut, and goes on where it was whole", arguments: RandomRecording.seeds(40))
    func cut(seed: UInt64) throws {
        var random = RandomRecording(seed)
        let readings = random.readings(4)
        let file = ScratchFile()
        try Self.write(Array(readings[..<3]), to: file)
        let whole = try file.bytes
        let header = try #require(whole.firstIndex(of: 10)) + 1
        let place = random.number(header...whole.count)
        try file.write(Array(whole[..<place]))
        // The line feed alone may be what is missing.
        let kept = (whole + [10])[...place].dropFirst(header).count { $0 == 10 }
        let expected = whole[..<place].dropFirst(header).count { $0 == 10 }
        let read = file.readings()
        #expect(read.error == nil)
        #expect(read.readings == Array(readings[..<read.readings.count]) && read.readings.count >= expected && read.readings.count <= kept)
        try Self.write([readings[3]], to: file)
        #expect(file.readings().error == nil)
        #expect(file.readings().readings == read.readings + [readings[3]])
    }

    @Test("a line that is damaged, comes twice or stands elsewhere is an error with its line", arguments: RandomRecording.seeds(80))
    func damage(seed: UInt64) throws {
        var random = RandomRecording(seed)
        let file = ScratchFile()
        let readings = random.readings(5)
        try Self.write(readings, to: file)
        var lines = try file.bytes.split(separator: 10).map(Array.init)
        // Line 1 is the header, readings begin in line 2.
        let line = random.number(2...5)
        var wrong = line
        switch random.number(0...4) {
        case 0: lines[line - 1].removeLast()
        case 1: lines[line - 1].insert(UInt8(ascii: "}"), at: 0)
        case 2:
            lines.insert(lines[line - 1], at: line)
            wrong = line + 1
        case 3:
            lines.swapAt(line - 1, line)
            wrong = line + 1
        default: lines[line - 1] = Array(#"{"time":1e9,"complete":1,"rows":[]}"#.utf8)
        }
        try file.write(Array(lines.joined(separator: [10])) + [10])
        let read = file.readings()
        #expect(read.error?.line == wrong, "\(read.error.map { "\($0)" } ?? "no error")")
        #expect(read.error?.file == file.path)
        #expect(read.readings.prefix(line - 2) == readings.prefix(line - 2))
    }

    /// Every field of the contract's rows, and some that may come.
    private static let fields =
        RecordedFields.names + [
            "bundle_id", "template_id", "template_hash_id", "template_name", "image_uuid", "image_args", "image_runtype", "extra_env",
            "onstart", "jupyter_token", "status_msg", "time_remaining", "time_remaining_isbid", "gpu_arch", "cpu_name", "cpu_arch",
            "disk_name", "volume_info", "credit_balance", "credit_discount", "public_ipaddr", "static_ip", "local_ipaddrs", "ssh_host",
            "ssh_port", "ssh_idx", "machine_dir_ssh_port", "direct_port_count", "direct_port_start", "direct_port_end", "ports",
            "driver_version", "external", "webpage", "logo", "os_version", "mobo_name", "image_login", "api_key", "password", "new_field"
        ]

    private static func secret(_ mark: String, _ random: inout RandomRecording) -> JSONValue {
        switch random.number(0...5) {
        case 0: [.string(mark), ["K", .string(mark)]]
        case 1: ["totalHour": .string(mark), "diskHour": [.string(mark)], "nested": .string(mark)]
        case 2: .object(JSONObject([(mark, JSONValue.integer(1))]))
        case 3: .string("error: OCI runtime failed: env \(mark)")
        case 4: .string("Error \(mark)")
        default: .string(mark)
        }
    }

    @Test("nothing of a row survives but names, places, states and numbers", arguments: RandomRecording.seeds(200))
    func secrets(seed: UInt64) throws {
        var random = RandomRecording(seed)
        var row: JSONObject = ["id": 7]
        for name in Self.fields where name != "id" && !RecordedFields.textNames.contains(name) && random.chance(0.8) {
            row[name] = Self.secret(random.chance(0.5) ? "sk-SeCReT\(random.number(100...999))" : "secret", &random)
        }
        let file = ScratchFile()
        try Self.write([RecordedReading(time: 1.7e9, isComplete: true, rows: [row])], to: file)
        let text = String(decoding: try file.bytes, as: UTF8.self)
        #expect(!text.lowercased().contains("secret"), "\(text)")
        // What somebody else has put into a file does not come out of it either.
        let foreign = try ScratchFile(try JSONValue.array([.object(row)]).serialized())
        #expect(!"\(foreign.readings())".lowercased().contains("secret"))
    }

    @Test("no field that a recording has may hold a secret")
    func names() {
        let risky = ["onstart", "extra_env", "jupyter_token", "image_args", "image_uuid", "status_msg", "ports"]
        for name in RecordedFields.names {
            #expect(!risky.contains(name) && !name.contains("ssh") && !name.contains("token"), "\(name)")
        }
    }
}
