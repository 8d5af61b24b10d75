import Foundation
import Testing
import VastAPI
import VastSimulator

/// Several programs on one account at the same moment.
@Suite(.serialized) struct TogetherTests {
    private static let times = 1...(Sweep.isWhole ? 50 : 10)

    /// The first answers are held back until all programs wait for theirs.
    private static func barrier(_ count: Int) throws -> FaultPlan {
        try FaultPlan(json: Array(#"[{"to": \#(count), "fault": {"kind": "slow", "seconds": 0.3}}]"#.utf8))
    }

    @Test("three programs at once never stop more than the account may in an hour")
    func cap() async throws {
        var (arrived, refused) = (0, 0)
        for round in Self.times {
            let scripts = [3, 3, 1].enumerated().map { number, count in
                "vast.guard {max_stops = 4, max_fraction = 1}\n"
                    + "vast.stop {\(SweepFleet.ids(50_000_001 + Int64(number) * 10, count).map { "\($0)" }.joined(separator: ", "))}\n"
            }
            let on = SweepFleet.ids(50_000_001, 30)
            let (stopped, codes, errors) = try await run(scripts, on: on)
            #expect(stopped.count <= 4 && stopped.count >= 3, "round \(round): \(stopped.sorted()), exit \(codes)\n\(errors)")
            #expect(codes.allSatisfy { $0 == 0 || $0 == 3 }, "round \(round): exit \(codes)\n\(errors)")
            arrived += stopped.count
            refused += codes.count { $0 == 3 }
        }
        Sweep.tell("3 programs under a cap of 4: \(Self.times.count) rounds, \(arrived) stops arrived, \(refused) programs refused")
    }

    @Test("two programs at once never stop the last two under keep_at_least = 1")
    func lastTwo() async throws {
        for round in Self.times {
            let on: [InstanceID] = [50_000_001, 50_000_002]
            let scripts = on.map { "vast.guard {keep_at_least = 1, max_fraction = 1}\nvast.stop(\($0))\n" }
            let (stopped, codes, errors) = try await run(scripts, on: on)
            #expect(stopped.count == 1, "round \(round): \(stopped.sorted()), exit \(codes)\n\(errors)")
            #expect(codes.sorted() == [0, 3], "round \(round)\n\(errors)")
        }
        Sweep.tell("2 programs at the last two: \(Self.times.count) rounds")
    }

    @Test(
        "a stop that another run has written down and not sent yet is taken off what a later reading shows as on", arguments: [false, true])
    func stopOnItsWay(isAnswered: Bool) async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        try vast.write("0.lua", "vast.guard {keep_at_least = 1, max_fraction = 1}\nvast.stop(50000002)\n")
        try await SweepService.serving(SweepFleet.make(on: [50_000_001, 50_000_002])) { service, url in
            let account = try APIKey("simulator").accountName(at: try ServiceURL(url))
            let other = try await OtherRun(Change(.stop, [50_000_001]), vast, account: account)
            // Answered before the reading began, it has no part in it: somebody has started the instance again since.
            if isAnswered { try await other.finish() }
            let run = try await SweepRun(vast).run(["--url", url, "--pacing", "none", "--confirm", "30s", "0.lua"])
            #expect(run.code == (isAnswered ? 0 : 3), "\(run.errors)")
            #expect(service.stopped == (isAnswered ? [50_000_002] : []), "\(run.errors)")
            if !isAnswered { try await other.finish() }
        }
    }

    /// Runs a program for each script, all at once on one state.
    private func run(
        _ scripts: [String], on: [InstanceID]
    ) async throws -> (stopped: Set<InstanceID>, codes: [Int32], errors: String) {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        for (number, script) in scripts.enumerated() { try vast.write("\(number).lua", script) }
        return try await SweepService.serving(SweepFleet.make(on: on), faults: try Self.barrier(scripts.count)) { service, url in
            let ends = try await Sweep.each(Array(scripts.indices)) { number in
                try await SweepRun(vast).run(["--url", url, "--pacing", "none", "--confirm", "30s", "\(number).lua"])
            }
            let journal = SweepJournal(vast)
            let comment: Comment = "\(ends.map(\.errors).joined())"
            #expect(try journal.runs().allSatisfy { $0.ended != nil && !$0.hasCrashed }, comment)
            #expect(try journal.changes().allSatisfy { $0.status != .reserved }, comment)
            #expect(Set(try journal.counted()) == service.stopped, comment)
            return (service.stopped, ends.map(\.code), ends.map(\.errors).joined())
        }
    }
}
