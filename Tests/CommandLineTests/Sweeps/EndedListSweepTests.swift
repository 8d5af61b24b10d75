import FleetStore
import Foundation
import Testing
import VastAPI
import VastSimulator

/// What ends a list from outside, at a request that is counted.
enum ListEnd: String, CaseIterable, Sendable {
    /// Somebody freezes everything.
    case freeze
    /// The service refuses the key from that request on.
    case refusedKey
    /// The answer of that request is lost; it was carried out.
    case lostAnswer
    /// The same, and somebody freezes everything while it is looked for.
    case lostAnswerThenFreeze
    /// Nothing can be written into the journal.
    case fullDisk

    func faults(at number: Int) throws -> FaultPlan {
        switch self {
        case .freeze, .fullDisk: return FaultPlan()
        case .refusedKey:
            let body = #"{"success": false, "error": "auth_error", "msg": "Invalid user key"}"#
            return try FaultPlan(json: Array(#"[{"from": \#(number), "fault": {"kind": "status", "status": 401, "body": \#(body)}}]"#.utf8))
        case .lostAnswer, .lostAnswerThenFreeze:
            return try FaultPlan(json: Array(#"[{"nth": \#(number), "fault": {"kind": "reset", "applied": true}}]"#.utf8))
        }
    }

    func strike(_ directory: String) {
        switch self {
        case .freeze, .lostAnswerThenFreeze:
            do { try FreezeFile(directory: directory).freeze(Freeze(since: Date().timeIntervalSince1970, by: "sweep")) } catch {
                Issue.record(error)
            }
        case .fullDisk:
            do { try SweepJournal.fill(directory) } catch { Issue.record(error) }
        case .refusedKey, .lostAnswer: return
        }
    }
}

/// Something ends a list of changes at each of its requests in turn: what the script was told, the journal, the report and
/// the service agree about every instance.
@Suite(.serialized) struct EndedListSweepTests {
    /// What a script does, and how many instances it names.
    struct Work: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        let fleet: @Sendable () -> Fleet
    }

    private static let stops = Work(
        testDescription: "134 stops",
        script: """
            vast.guard {max_stops = 200, max_fraction = 1}
            make('stop', range(50000001, 134))
            finish()
            """,
        fleet: { SweepFleet.make(on: SweepFleet.ids(50_000_001, 140)) })

    private static let mixed = Work(
        testDescription: "5 labels, 5 reboots and 4 starts",
        script: """
            vast.guard {max_fraction = 1}
            make('label', range(50000001, 5), 'night')
            make('reboot', range(50000006, 5))
            make('start', range(50000011, 4))
            finish()
            """,
        fleet: {
            SweepFleet.make(
                on: SweepFleet.ids(50_000_001, 10), off: SweepFleet.ids(50_000_011, 2), taken: SweepFleet.ids(50_000_013, 2))
        })

    @Test("a list that is ended at any request leaves one account of every instance", arguments: [stops, mixed])
    func ended(work: Work) async throws {
        let count = try await run(work, .freeze, at: .max).requests
        #expect(count > 8)
        let moments = Sweep.moments(upTo: count, most: 8)
        let cases = ListEnd.allCases.flatMap { end in moments.map { (end, $0) } }
        let compared = try await Sweep.each(cases) { (end: $0.0, count: try await run(work, $0.0, at: $0.1).compared) }
        for end in ListEnd.allCases {
            let ids = compared.filter { $0.end == end }.map(\.count).reduce(0, +)
            Sweep.tell("\(work.testDescription), \(end.rawValue): \(moments.count) of \(count + 1) moments, \(ids) instances compared")
        }
    }

    private func run(_ work: Work, _ end: ListEnd, at moment: Int) async throws -> (requests: Int, compared: Int) {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let directory = vast.folder.path
        try vast.write("work.lua", Saying.functions + work.script)
        let faults = moment == .max ? FaultPlan() : try end.faults(at: moment)
        return try await SweepService.serving(
            work.fleet(), faults: faults,
            hook: { number, _ in
                if number == moment { end.strike(directory) }
            }
        ) { service, url in
            let before = service.stopped
            let outcome = try await SweepRun(vast).run([
                "--url", url, "--pacing", "none", "--confirm", "2s", "--grace", "4s", "work.lua"
            ])
            let requests = service.count
            let account = SweepAccount(
                place: "\(work.testDescription), \(end.rawValue) at request \(moment)", end: end, outcome: outcome, service: service,
                stoppedBefore: before, journal: SweepJournal(vast))
            try account.check()
            if end == .fullDisk, moment != .max { try await account.checkNextRun(vast, url) }
            return (requests, account.saying.told.count)
        }
    }
}
