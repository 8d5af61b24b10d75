import FleetClock
import FleetStore
import Foundation
import Testing
@testable import VastAPI

/// One process with several connections to its state, beside other processes that come and go.
@Suite struct SharedStateTests {
    @Test("what a process writes is there for others, however often it and others have opened the state meanwhile", arguments: 0..<4)
    func connections(opened: Int) async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let first = StateDatabase(directory: vast.folder.path)
        try first.open()
        for _ in 0..<opened {
            let more = StateDatabase(directory: vast.folder.path)
            try more.open()
            more.close()
        }
        // A process that ends takes the log away when nobody else seems to be there.
        let before = try await vast.run("history")
        #expect(before.output.contains("no run has changed anything"), "\(before)")
        let clock = SystemClock()
        let journal = Journal(
            first, run: RunInfo(id: "0ther0", script: "/other.lua", started: clock.unixTime), account: "a", clock: clock)
        let intent = ChangeIntent(
            number: 1, change: Change(.stop, [1]), request: "PUT /api/v0/instances/1/", attempt: 1, note: CallNote(call: 1))
        try await journal.willSend(intent)
        let after = try await vast.run("history")
        #expect(after.output.contains("0ther0"), "\(after)")
    }
}
