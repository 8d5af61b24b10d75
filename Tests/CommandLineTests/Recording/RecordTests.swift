import FleetRecording
import Foundation
import Testing

/// `vast-lua record` with the real program.
@Suite("record") struct RecordTests {
    private let vast: VastLua
    private var path: String { vast.folder.appendingPathComponent("week.jsonl").path }

    init() throws { vast = try VastLua() }

    private func readings() throws -> [RecordedReading] {
        var reader = try RecordingFile.reader(path)
        var readings: [RecordedReading] = []
        while let reading = try reader.next() { readings.append(reading) }
        return readings
    }

    private static let fast = ["--simulator", "--simulator-speed", "6000"]

    @Test("it writes readings of the fleet until the time is over, and goes on with them")
    func fleet() async throws {
        let run = try await vast.run(["record", "week.jsonl", "--for", "1h", "--every", "20m"] + Self.fast)
        #expect(run.code == 0, "\(run.errors)")
        let first = try readings()
        #expect((1...4).contains(first.count) && run.output.hasPrefix("\(first.count) reading"), "\(run.output)")
        #expect(first.allSatisfy { $0.isComplete && !$0.rows.isEmpty })
        // The clock of a world that ends with the run begins now: behind what was recorded of the one before.
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test("nothing of the simulated rows that is secret gets into the file")
    func secrets() async throws {
        try vast.write(
            "fleet.json",
            #"""
            [{"id": 1, "label": "a", "actual_status": "running", "onstart": "S3CRET", "extra_env": [["K", "S3CRET"]],
              "jupyter_token": "S3CRET", "ssh_host": "S3CRET.example", "public_ipaddr": "203.0.113.77", "image_uuid": "S3CRET/image"}]
            """#)
        let run = try await vast.run("record", "week.jsonl", "--for", "1s", "--every", "1h", "--simulator=fleet.json")
        #expect(run.code == 0, "\(run.errors)")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("\"label\":\"a\"") && !text.contains("S3CRET") && !text.contains("203.0.113.77"), "\(text)")
    }

    @Test("Ctrl-C ends it with what is written, and exit code 130", arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func interrupted(signal: Int32, code: Int32) async throws {
        let program = try RunningProgram(vast, ["record", "week.jsonl", "--every", "1m"] + Self.fast)
        let (said, end) = try await program.converse { [path] program in
            while (try? String(contentsOfFile: path, encoding: .utf8))?.count(where: { $0 == "\n" }) ?? 0 < 3 { poll(nil, 0, 20) }
            program.send(signal)
            return program.readLine()
        }
        #expect(end.code == code, "\(end.errors)")
        let count = try readings().count
        #expect(count >= 2 && said?.hasPrefix("\(count) readings recorded in week.jsonl") == true, "\(said ?? "")")
    }

    @Test("a full disk ends it with what was kept, in whole lines")
    func fullDisk() async throws {
        // Blocks of 512 bytes or a kilobyte, by the shell.
        let run = try await vast.shell(
            "trap '' XFSZ; ulimit -f 400; exec \"$V\" record week.jsonl --for 30d --every 1m --simulator --simulator-speed 60000")
        #expect(run.code == 1, "\(run.errors)")
        let readings = try readings()
        #expect(!readings.isEmpty && run.errors.contains("\(readings.count) reading"), "\(run.errors)")
        #expect(run.errors.contains("cannot be written"))
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasSuffix("\n"))
    }

    @Test("a file that is something else stays as it was")
    func foreign() async throws {
        try vast.write("week.jsonl", "my notes\n")
        let run = try await vast.run(["record", "week.jsonl", "--for", "1s"] + Self.fast)
        #expect(run.code == 1 && run.errors.contains("nothing was written"), "\(run.errors)")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "my notes\n")
    }

    @Test("--from-history writes what samples have kept, and later only what is new")
    func history() async throws {
        var vast = vast
        vast.environment["VAST_API_KEY"] = "simulator"
        let simulator = try await RunningSimulator(vast)
        defer { withExtendedLifetime(simulator) {} }
        vast.environment["VAST_URL"] = simulator.url
        #expect(try await vast.run("sample", "--unpaced").code == 0)
        let run = try await vast.run("record", "week.jsonl", "--from-history", "--since", "7d")
        #expect(run.code == 0 && run.output.hasPrefix("1 reading recorded"), "\(run.output)\(run.errors)")
        let reading = try #require(try readings().first)
        #expect(try readings().count == 1 && !reading.isComplete && reading.rows.contains { $0["id"] == 40_112_233 })
        let again = try await vast.run("record", "week.jsonl", "--from-history")
        #expect(again.code == 0 && again.output.hasPrefix("0 readings recorded"), "\(again.output)\(again.errors)")
        #expect(again.errors.contains("goes on behind the reading of"))
    }

    @Test(
        "options that do not go together, and lengths that are none, are wrong usage",
        arguments: [
            "--since 7d", "--from-history --for 1h", "--from-history --every 1h", "--every 0s", "--for x",
            "--from-history --since x --simulator=:a"
        ])
    func usage(words: String) async throws {
        let run = try await vast.run(["record", "week.jsonl"] + words.split(separator: " ").map(String.init))
        #expect(run.code == 2, "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("without a key nothing is begun")
    func withoutKey() async throws {
        let run = try await vast.run("record", "week.jsonl")
        #expect(run.code == 4 && !FileManager.default.fileExists(atPath: path), "\(run.errors)")
    }
}
