import FleetFixtures
import FleetClock
import SQLite
import Synchronization
import Testing

@testable import FleetStore
@testable import VastAPI

@Suite("Faults under the journal")
struct JournalFaultTests {
    /// Fails from the nth point on, or at the nth alone.
    final class Faults: Sendable {
        struct Broken: Error {}
        private let count = Mutex(0)
        let target: Int
        let isLasting: Bool

        init(at target: Int, isLasting: Bool) {
            self.target = target
            self.isLasting = isLasting
        }

        var hook: FaultHook {
            { [self] _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                if number == target || (isLasting && number > target) { throw Broken() }
            }
        }

        var reached: Int { count.withLock { $0 } }
    }

    /// Four changes, one of them repeated after a lost answer, and the end of the run.
    private func work(_ rig: JournalRig, _ journal: Journal) async {
        for id in [InstanceID](1...3) {
            _ = try? await rig.operations(journal, call: Int(id.rawValue)).stop([id])
        }
        _ = try? await rig.operations(journal, call: 4).label([4], "new")
        try? journal.confirm(with: rig.service.snapshot(at: rig.clock.unixTime))
        try? journal.end(exitCode: 0)
    }

    private func points() async throws -> Int {
        let rig = try JournalRig(1...4) { $0.lostAnswers = [2] }
        let counter = Faults(at: 0, isLasting: false)
        await work(rig, rig.journal(faults: counter.hook))
        return counter.reached
    }

    @Test(
        "whichever write fails, every change that reached the service is named, and none that did not is called done",
        arguments: [false, true])
    func sweep(isLasting: Bool) async throws {
        let points = try await points()
        #expect(points >= 30)
        for point in 1...points {
            let rig = try JournalRig(1...4) { $0.lostAnswers = [2] }
            let faults = Faults(at: point, isLasting: isLasting)
            await work(rig, rig.journal(faults: faults.hook))
            #expect(faults.reached >= point)
            // Another process opens it afterwards.
            let named = try rig.history.runs(limit: 10).flatMap { try rig.history.changes(of: $0) }
            let arrived = Set(rig.service.arrived.map { $0.prefix(1) })
            let names = Set(named.map { "\($0.instance)".prefix(1) })
            #expect(arrived.isSubset(of: names), "point \(point): arrived \(arrived), named \(names)")
            let done = named.filter { $0.status == .accepted || $0.status == .confirmed }.map { "\($0.instance)".prefix(1) }
            #expect(Set(done).isSubset(of: arrived), "point \(point)")
        }
    }

    @Test("a run that dies at any point is reconciled by the next one, once, and rightly")
    func deaths() async throws {
        let points = try await points()
        var findings = 0
        for point in 1...points {
            let rig = try JournalRig(1...4) { $0.lostAnswers = [2] }
            let journal = rig.journal(faults: Faults(at: point, isLasting: true).hook)
            await work(rig, journal)
            journal.die()
            await rig.untilNobodyLives()
            rig.clock.advance(by: .seconds(60))
            let found = try rig.reconciler.reconcile(with: rig.service.snapshot(at: rig.clock.unixTime))
            findings += found.count
            for finding in found {
                let hasArrived = rig.service.arrived.contains { $0.hasPrefix("\(finding.change.instance) ") }
                #expect(finding.evidence == (hasArrived ? .applied : .notApplied), "point \(point): \(finding.text)")
            }
            #expect(try rig.reconciler.reconcile(with: rig.service.snapshot(at: rig.clock.unixTime)).isEmpty)
            #expect(try rig.reconciler.inDoubt().isEmpty)
        }
        #expect(findings >= points / 2)
    }

    @Test("without an intent on the disk nothing is sent, and the list ends", arguments: ["full", "gone"])
    func noIntentNoChange(why: String) async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        if why == "full" {
            try journal.database.open()
            try journal.database.write("test") { database in
                // Uses up what is free inside of the pages.
                try database.execute(
                    sql:
                        "CREATE TRIGGER t BEFORE INSERT ON exchange BEGIN INSERT INTO value SELECT 'a', 's', hex(randomblob(4)), hex(zeroblob(1000000)); END"
                )
                let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(pages)")
            }
        } else {
            try rig.place.write("state.sqlite", String(repeating: "not a database ", count: 100))
        }
        let outcomes = try await rig.operations(journal).stop([1, 2])
        let error = try #require(outcomes.endedBy)
        #expect(error.kind == .guard && error.code == "journal" && error.message.contains("state.sqlite"))
        #expect(outcomes.isNothingSent)
        #expect(rig.service.arrived.isEmpty)
    }
}
