import FleetRules
import Foundation
import Testing
import VastModels

/// The rule of idleness against three days of readings whose truth is known; see `Traces/README.md`.
@Suite struct TraceTests {
    struct Reading {
        var sample: Sample
        var isBusy: Bool
    }

    private static let step = 300.0
    private static let start = 1_795_000_000.0
    /// Work that a stop would destroy, in each of these.
    static let working = ["training", "serving", "loading", "null-spells", "false-zeros", "late", "restarts", "gaps"]
    /// Those that have idle time which a rule can see.
    static let wasteful = ["forgotten", "notebook", "never-used", "noise"]

    private static let traces: [String: [Reading]] = {
        guard let url = Bundle.module.url(forResource: "traces", withExtension: "csv", subdirectory: "Traces"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [:] }
        let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        return Dictionary(grouping: rows) { String($0[0]) }.mapValues { rows in
            rows.map { row in
                Reading(
                    sample: Sample(
                        time: start + (Double(row[1]) ?? .nan) * 60, state: InstanceState(rawValue: String(row[2])) ?? .unknown,
                        gpuUtilization: Double(row[3]), gpuTemperature: Double(row[4]), cpuUtilization: Double(row[5]),
                        diskUsage: Double(row[6]), gpuCount: 1),
                    isBusy: row[7] == "1")
            }
        }
    }()

    /// Whether the rule would stop it at each reading.
    private func verdicts(_ trace: [Reading], _ rule: IdleRule) -> [Bool] {
        var seen: [Sample] = []
        return trace.map { reading in
            seen.append(reading.sample)
            return reading.sample.state == .running && rule.verdict(seen, now: reading.sample.time + 1) == .idle
        }
    }

    @Test("the set is whole")
    func whole() {
        #expect(Set(Self.traces.keys) == Set(Self.working + Self.wasteful + ["stuck"]))
        for (_, trace) in Self.traces { #expect(trace.count > 600) }
    }

    @Test("no working instance is ever called idle", arguments: working + ["notebook", "forgotten"], [2_700.0, 3_600, 7_200])
    func neverIdle(name: String, window: Double) throws {
        let trace = try #require(Self.traces[name])
        let wrong = zip(trace, verdicts(trace, IdleRule(window: .seconds(window)))).filter { $0.0.isBusy && $0.1 }
        #expect(
            wrong.isEmpty,
            "\(wrong.count) of \(trace.count), first at minute \(wrong.first.map { ($0.0.sample.time - Self.start) / 60 } ?? -1)")
    }

    @Test("at least nine tenths of the idle time beyond the window is found", arguments: wasteful, [2_700.0, 7_200])
    func found(name: String, window: Double) throws {
        let trace = try #require(Self.traces[name])
        let answers = verdicts(trace, IdleRule(window: .seconds(window)))
        var (idleSince, possible, saved) = (Double?.none, 0, 0)
        for (reading, isFound) in zip(trace, answers) {
            idleSince = reading.isBusy ? nil : idleSince ?? reading.sample.time
            guard let idleSince, reading.sample.time - idleSince > window else { continue }
            possible += 1
            if isFound { saved += 1 }
        }
        #expect(possible > 100)
        #expect(Double(saved) >= 0.9 * Double(possible), "\(saved) of \(possible) readings")
    }

    @Test("a kernel that hangs at 100 % reads as busy: nothing tells it from work")
    func stuck() throws {
        let trace = try #require(Self.traces["stuck"])
        #expect(!verdicts(trace, IdleRule(window: .seconds(2_700))).contains(true))
    }
}
