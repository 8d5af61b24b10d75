import Foundation
import Testing
import VastJSON

@testable import FleetRecording

/// Files that are no recordings, and files that are not to be written over.
@Suite("Files of recordings") struct FileTests {
    @Test("what vastai show instances --raw has printed is one reading of the whole fleet")
    func list() throws {
        for text in [
            #"[{"id": 2, "label": "b", "onstart": "x"}, {"id": 1}]"#,
            "\u{FEFF}{\n \"instances\": [{\"id\": 2, \"label\": \"b\"}, {\"id\": 1.0}]\n}"
        ] {
            let file = try ScratchFile(text)
            var reader = try RecordingFile.reader(file.path, listTime: 1.7e9)
            #expect(try reader.next() == RecordedReading(time: 1.7e9, isComplete: true, rows: [["id": 1], ["id": 2, "label": "b"]]))
            #expect(try reader.next() == nil)
        }
    }

    @Test(
        "what is no recording is said to be none, with the line where there is one",
        arguments: [
            ("", nil), (" \n", nil), ("[{\"id\": 1},\n{\"id\": ]", 2), ("[{\"id\": 1}, {\"id\": 1}]", nil), ("[{}]", nil),
            ("{\"a\": []}", nil),
            ("{\"vast_lua_recording\":1", 1), ("{\"vast_lua_recording\":2,\"account\":\"a\"}\n", 1),
            ("{\"time\":1,\"complete\":true,\"rows\":[]}\n", 1), ("\u{1F}\u{8B}", 1)
        ] as [(String, Int?)])
    func none(text: String, line: Int?) throws {
        let error = try #require(try ScratchFile(text).readings().error)
        #expect(error.line == line, "\(error)")
    }

    @Test(
        "compressed and UTF-16 files, folders and what is not there are named",
        arguments: [[0x1F, 0x8B, 8], [0xFF, 0xFE, 0x74, 0]] as [[UInt8]])
    func foreign(bytes: [UInt8]) throws {
        #expect(try ScratchFile(bytes).readings().error?.line == nil)
        #expect(throws: RecordingError.self) { _ = try RecordingFile.reader("/nonexistent/file") }
        #expect(throws: RecordingError.self) { _ = try RecordingFile.reader("/tmp") }
    }

    @Test(
        "nothing but a recording of the same account is written into, and the other file stays as it was",
        arguments: [
            "notes\n", "{}\n", "time,id,gpu_util\n1,1,1\n", "{\"vast_lua_recording\":1,\"account\":\"b\"}\n", "\n",
            "{\"vast_lua_recording\":2,\"account\":\"a\"}\n", "{\"vast_lua_recording\":1,\"account\":\"a\"}\nx\n",
            "{\"vast_lua_recording\":1,\"acc"
        ])
    func refused(text: String) throws {
        let file = try ScratchFile(text)
        #expect(throws: RecordingError.self) { _ = try RecordingWriter(file.path, account: "a") }
        #expect(try file.bytes == Array(text.utf8))
    }

    @Test("an empty file and a header alone are begun")
    func begun() throws {
        for text in ["", "{\"vast_lua_recording\":1,\"account\":\"a\"}", "{\"vast_lua_recording\":1,\"account\":\"a\"}\n"] {
            let file = try ScratchFile(text)
            let writer = try RecordingWriter(file.path, account: "a")
            try writer.write(RecordedReading(time: 5, isComplete: true, rows: []))
            #expect(file.readings().readings.count == 1)
        }
    }

    @Test("a second writer is refused while the first one writes, and an earlier time is, too")
    func second() throws {
        let file = ScratchFile()
        let writer = try RecordingWriter(file.path, account: "a")
        try writer.write(RecordedReading(time: 5, isComplete: true, rows: []))
        #expect(throws: RecordingError.self) { _ = try RecordingWriter(file.path, account: "a") }
        #expect(throws: RecordingError.self) { try writer.write(RecordedReading(time: 5, isComplete: true, rows: [])) }
        #expect(throws: RecordingError.self) { try writer.write(RecordedReading(time: .nan, isComplete: true, rows: [])) }
        #expect(file.readings().readings.map(\.time) == [5])
    }

    @Test("recordings of one account may stand behind each other, of two not")
    func joined() throws {
        let header = { (account: String) in "{\"vast_lua_recording\":1,\"account\":\"\(account)\"}\n" }
        let reading = { (time: Int) in "{\"time\":\(time),\"complete\":true,\"rows\":[]}\n" }
        #expect(try ScratchFile(header("a") + reading(1) + header("a") + reading(2)).readings().readings.count == 2)
        #expect(try ScratchFile(header("a") + reading(1) + header("b") + reading(2)).readings().error?.line == 3)
    }

    @Test("a tag tells accounts apart and shows nothing of them")
    func tags() {
        #expect(RecordingHeader.tag(of: "console.vast.ai-1a") != RecordingHeader.tag(of: "console.vast.ai-1b"))
        #expect(!RecordingHeader.tag(of: "console.vast.ai-1a").contains("vast"))
    }
}
