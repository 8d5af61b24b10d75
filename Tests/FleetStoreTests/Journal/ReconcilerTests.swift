import FleetFixtures
import FleetClock
import Testing

@testable import FleetStore
@testable import VastAPI

@Suite("What a dead run left in doubt")
struct ReconcilerTests {
    /// Sends intents without outcomes and dies.
    private func die(_ rig: JournalRig, _ changes: [Change]) async throws {
        let journal = rig.journal()
        for (number, change) in changes.enumerated() {
            try await journal.willSend(.test(number + 1, change, note: CallNote(call: number + 1)))
        }
        journal.die()
    }

    @Test("a run that lives is not in doubt")
    func alive() async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        try await journal.willSend(.test(1, Change(.stop, [1])))
        #expect(try rig.reconciler.inDoubt().isEmpty)
        #expect(try rig.reconciler.reconcile(with: rig.service.snapshot(at: rig.clock.unixTime)).isEmpty)
        withExtendedLifetime(journal) {}
    }

    @Test("of a run that was ended while a request was on its way, that change is in doubt, and told of once")
    func ended() async throws {
        let rig = try JournalRig { $0.intended[2] = "stopped" }
        let journal = rig.journal()
        try await journal.willSend(.test(1, Change(.stop, [1])))
        try await journal.willSend(.test(2, Change(.stop, [2])))
        await journal.didFinish(.test(2, Change(.stop, [2])), .accepted)
        try journal.end(exitCode: 130)
        #expect(try rig.reconciler.inDoubt().map(\.instance) == [1])
        rig.clock.advance(by: .seconds(5))
        let findings = try rig.reconciler.reconcile(with: rig.service.snapshot(at: rig.clock.unixTime))
        #expect(
            findings.map(\.text) == [
                "run 7f3a9c of /x/nightly.lua ended before it knew; its stop of 1 was not made: it is running and bills $1.00/h"
            ])
        #expect(try rig.reconciler.inDoubt().isEmpty && rig.history.lastRun()?.hasCrashed == false)
    }

    @Test("an accepted change that another one of a dead run has followed stays as it was, and what it replaced is not judged by it")
    func followed() async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        for (number, change) in [Change(.stop, [1]), Change(.start, [1]), Change(.label, [2], label: "x"), Change(.label, [2], label: "y")]
            .enumerated()
        {
            try await journal.willSend(.test(number, change))
            if number != 2 { await journal.didFinish(.test(number, change), .accepted) }
        }
        journal.die()
        rig.clock.advance(by: .seconds(5))
        let findings = try rig.reconciler.reconcile(with: rig.service.snapshot(at: rig.clock.unixTime))
        #expect(findings.map(\.evidence) == [.applied, .notApplied, .notApplied])
        let run = try #require(try rig.history.lastRun())
        #expect(try rig.history.changes(of: run).map(\.status) == [.accepted, .confirmed, .notApplied, .notApplied])
    }

    @Test("other accounts' doubts are left alone")
    func otherAccount() async throws {
        let rig = try JournalRig()
        try await die(rig, [Change(.stop, [1])])
        #expect(try JournalReconciler(rig.database(), account: "other").inDoubt().isEmpty)
        #expect(try rig.reconciler.inDoubt().map(\.instance) == [1])
    }

    @Test("the fleet tells what was made and what was not, with what that costs")
    func verdicts() async throws {
        let rig = try JournalRig(1...3) { $0.intended[2] = "stopped" }
        try await die(
            rig,
            [
                Change(.stop, [1, 2]), Change(.start, [2]), Change(.label, [3], label: "x"), Change(.destroy, [3]), Change(.reboot, [3]),
                Change(.destroy, [99])
            ])
        rig.clock.advance(by: .seconds(5))
        let findings = try rig.reconciler.reconcile(with: rig.service.snapshot(at: rig.clock.unixTime))
        #expect(
            findings.map(\.evidence) == [
                .notApplied, .applied, .notApplied, .notApplied, .notApplied,
                .unknown("the fleet does not show whether it was done"), .applied
            ])
        try #require(!findings.isEmpty)
        #expect(findings[0].text == "run 7f3a9c of /x/nightly.lua died; its stop of 1 was not made: it is running and bills $1.00/h")
        let run = try #require(try rig.history.lastRun())
        #expect(run.hasCrashed)
        #expect(run.exitCode == nil)
        #expect(
            try rig.history.changes(of: run).map(\.status) == [
                .notApplied, .confirmed, .notApplied, .notApplied, .notApplied, .unknown, .confirmed
            ])
        #expect(try rig.history.exchanges(of: run).allSatisfy { $0.outcome == "lost" })
    }

    @Test("a reading from before the change says nothing about it")
    func tooOld() async throws {
        let rig = try JournalRig()
        rig.clock.advance(by: .seconds(100))
        try await die(rig, [Change(.stop, [1])])
        #expect(try rig.reconciler.reconcile(with: rig.service.snapshot(at: rig.clock.unixTime - 1)).isEmpty)
        #expect(try rig.reconciler.inDoubt().count == 1)
    }

    @Test("a start whose GPU is not free bills when it becomes free, and that is said")
    func queued() throws {
        #expect(ChangeEvidence.judge(.start, nil, instance: try TestFleet.row(1, .queued), isWhole: true) == .applied)
        #expect(ChangeEvidence.judge(.stop, nil, instance: nil, isWhole: true) == .unknown("the instance is gone"))
        #expect(ChangeEvidence.judge(.destroy, nil, instance: nil, isWhole: false) == .unknown("the instance was not read"))
    }
}
