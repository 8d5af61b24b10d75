import FleetClock
import FleetFixtures
import FleetRules
import Foundation
import Testing
import VastJSON
import VastModels

@testable import FleetStore

/// The fleet that a run leaves to the next is the fleet as it saw it.
@Suite struct KeptFleetLawTests {
    private static let words = ["running", "stopped", "exited", "loading", "created", "offline", "rebooting", "unknown"]

    private static func row(_ id: Int64, _ dice: inout SeededGenerator) throws -> Instance {
        var row: JSONObject = [:]
        for field in ["actual_status", "intended_status", "cur_state"] {
            row[field] = words.randomElement(using: &dice).map { .string($0) }
        }
        row["is_bid"] = .bool(.random(using: &dice))
        var instance = try TestFleet.row(id, label: "a", more: row)
        instance.hints.isOutbid = .random(using: &dice)
        instance.hints.wasRunning = .random(using: &dice)
        instance.hints.justStarted = .random(using: &dice)
        return instance
    }

    @Test("nothing has happened between a reading and the same one, kept and read again", arguments: 0..<200 as Range<UInt64>)
    func unchanged(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let place = try TemporaryDirectory()
        let memory = ScriptMemory(StateDatabase(directory: place.path), account: "a", script: "s")
        let rows = try (1...6 as ClosedRange<Int64>).map { try Self.row($0, &dice) }
        try memory.keepFleet(rows, at: 1)
        let kept = try #require(try memory.lastFleet())
        #expect(kept.map(\.state) == rows.map(\.state) && kept.map(\.hints) == rows.map(\.hints))
        var history = FleetHistory()
        _ = history.note(kept)
        #expect(history.note(rows).isEmpty)
    }

    @Test("an instance that was outbid and is stopped now has been stopped")
    func stoppedSince() throws {
        let place = try TemporaryDirectory()
        let memory = ScriptMemory(StateDatabase(directory: place.path), account: "a", script: "s")
        let stopped = try TestFleet.row(1, .stopped, more: ["is_bid": true])
        var outbid = stopped
        outbid.hints.isOutbid = true
        #expect(outbid.state == .outbid && stopped.state == .stopped)
        try memory.keepFleet([outbid], at: 1)
        var history = FleetHistory()
        _ = history.note(try #require(try memory.lastFleet()))
        #expect(history.note([stopped]).map(\.event) == [.stopped])
    }
}
