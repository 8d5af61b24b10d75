import FleetFixtures
import Testing

@testable import FleetStore
@testable import VastAPI

@Suite("A start whose call had not ended when its run was killed")
struct RefusedStartTests {
    private let start = Change(.start, [1])

    /// The service has refused the start, which may have left it queued; the call was to find out.
    private func killed(withdrawing: Bool = false) async throws -> JournalRig {
        let rig = try JournalRig()
        let journal = rig.journal()
        let note = CallNote(call: 1)
        try await journal.willSend(.test(1, start, note: note))
        await journal.didFinish(.test(1, start, note: note), .failed(VastError(.unavailable, "state change queued", status: 400)))
        if withdrawing { try await journal.willSend(.test(2, Change(.stop, [1], isCompensation: true), note: note)) }
        journal.die()
        await rig.untilNobodyLives()
        return rig
    }

    @Test("is a change that may have been made: the run is the last that changed something", arguments: [false, true])
    func lastRun(withdrawing: Bool) async throws {
        let rig = try await killed(withdrawing: withdrawing)
        #expect(try rig.history.lastChangingRun()?.info.id == "7f3a9c")
    }

    @Test("is shown as sent, by itself and in the sum of the run")
    func shown() async throws {
        let rig = try await killed()
        let run = try #require(try rig.history.lastRun())
        #expect(try rig.history.changes(of: run).map(\.status) == [.sent])
        #expect(run.counts.map { "\($0.verb) \($0.status) \($0.count)" } == ["start sent 1"])
    }

    @Test("is not called known when the death of the run is told", arguments: [false, true])
    func death(withdrawing: Bool) async throws {
        let rig = try await killed(withdrawing: withdrawing)
        #expect(
            try rig.reconciler.deadWithoutDoubts() == [
                "run 7f3a9c of /x/nightly.lua died while its start of 1 was under way: vast-lua history 7f3a9c"
            ])
    }

    @Test("a run whose changes are all known is told so")
    func known() async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        try await journal.willSend(.test(1, Change(.stop, [1])))
        await journal.didFinish(.test(1, Change(.stop, [1])), .failed(VastError(.forbidden, "no", status: 403)))
        journal.die()
        await rig.untilNobodyLives()
        #expect(
            try rig.reconciler.deadWithoutDoubts() == [
                "run 7f3a9c of /x/nightly.lua died; what became of its changes was known: vast-lua history 7f3a9c"
            ])
        #expect(try rig.history.lastChangingRun() == nil)
    }
}
