import FleetSafety
import Foundation
import Testing
import VastAPI
import VastSimulator

/// A script that starts instances whose GPUs are somebody else's.
struct StartWork: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let taken: [InstanceID]
    /// They were queued before, and stay so.
    let waiting: [InstanceID]
    /// They were outbid before, and stay so.
    let outbid: [InstanceID]
    /// Options of the start, as Lua has them.
    let options: String

    static let one = StartWork(
        testDescription: "1 start", taken: SweepFleet.ids(50_000_001, 1), waiting: [], outbid: [], options: "{}")
    static let many = StartWork(
        testDescription: "3 starts beside one that was queued and one that was outbid", taken: SweepFleet.ids(50_000_001, 3),
        waiting: [50_000_011], outbid: [50_000_012], options: "{}")
    static let retried = StartWork(
        testDescription: "2 starts that are tried again, beside one that was queued", taken: SweepFleet.ids(50_000_001, 2),
        waiting: [50_000_011], outbid: [], options: "{unavailable = 'retry', every = '1s', within = '1.5s'}")

    /// Those that were wanted on before the script began.
    var wantedBefore: Set<InstanceID> { Set(waiting + outbid) }

    var script: String {
        let ids = (taken + waiting + outbid).map { "\($0)" }.joined(separator: ", ")
        return "vast.start(\(taken.count == 1 && waiting.isEmpty ? ids : "{\(ids)}"), \(options))\n"
    }

    var fleet: Fleet {
        SweepFleet.make(on: SweepFleet.ids(50_000_021, 2), taken: taken, waiting: waiting, outbid: outbid)
    }
}

/// What is true of every run that starts what cannot start, however it has ended.
struct StartAccount {
    let place: String
    let work: StartWork
    let outcome: VastLua.Outcome
    let service: SweepService
    let journal: SweepJournal

    var comment: Comment { "\(place): exit \(outcome.code)\n\(outcome.errors)" }

    /// The instances that would start and bill later, against the script's wish.
    var leftQueued: Set<InstanceID> { service.queued.subtracting(work.wantedBefore) }

    /// The withdrawals that the next run has to make.
    func openWithdrawals() throws -> Set<InstanceID> {
        Set(try journal.changes().filter { $0.isCompensation && [.sent, .accepted, .unknown].contains($0.status) }.map(\.instance))
    }

    func checkWishes(begun: Set<InstanceID> = []) {
        #expect(service.queued.isSuperset(of: work.wantedBefore), comment)
        #expect(service.running.subtracting(begun).isDisjoint(with: work.taken), comment)
    }

    /// The run has ended in order: nothing is queued that is not said, the report is there once, and the journal is closed.
    func checkEnd() throws {
        checkWishes()
        let open = try openWithdrawals()
        for id in leftQueued {
            #expect(ReportLine.namesQueued(id, outcome.errors), "\(id) is queued; \(comment)")
            #expect(open.contains(id), "\(id) is queued; \(comment)")
        }
        let reports = ReportLine.lines(outcome.errors, script: "start.lua")
        #expect(reports.count <= 1, comment)
        let runs = try journal.runs()
        if !service.changes.isEmpty {
            #expect(reports.count == 1, comment)
            #expect(runs.count == 1, comment)
        }
        #expect(runs.allSatisfy { $0.ended != nil && !$0.hasCrashed && $0.exitCode == Int(outcome.code) }, comment)
        #expect(try journal.changes().allSatisfy { $0.status != .reserved }, comment)
    }
}
