import FleetSafety
import Foundation
import Synchronization
import Testing
import VastAPI
import VastSimulator

/// A signal at each request of `apply` and of `undo`.
@Suite(.serialized) struct InterruptedApplyTests {
    private static let stopped = SweepFleet.ids(50_000_001, 4)

    @Test("ends with its code, says that no change was sent when none was, and reports what was", arguments: ["apply", "undo"])
    func interrupted(command: String) async throws {
        let count = try await run(command, at: .max).requests
        #expect(count > 3)
        let ends = try await Sweep.each(Array(1...count)) { try await run(command, at: $0) }
        #expect(ends.contains { !$0.hasSent } && ends.contains { $0.hasSent })
    }

    /// - Returns: how many requests the command has made, and whether one of them was a change.
    private func run(_ command: String, at moment: Int) async throws -> (requests: Int, hasSent: Bool) {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        try vast.write("stop.lua", "vast.stop{\(Self.stopped.map { "\($0)" }.joined(separator: ", "))}")
        let (program, signal) = (SweepRun(vast), [SIGINT, SIGTERM, SIGQUIT][moment % 3])
        let begun = Counter()
        return try await SweepService.serving(
            SweepFleet.make(on: Self.stopped),
            hook: { number, _ in
                if begun.isAt(moment, number) { program.send(signal) }
            }
        ) { service, url in
            // What the command works on is made before it is counted.
            let made = try await vast.run(
                command == "apply"
                    ? ["plan", "--url", url, "stop.lua", "-o", "stop.plan"]
                    : ["--url", url, "--pacing", "none", "--confirm", "5s", "stop.lua"])
            #expect(made.code == 0, "\(made)")
            let (requests, changes) = (service.count, service.changes.count)
            begun.begin(after: requests)
            let words = command == "apply" ? ["apply", "stop.plan"] : ["undo", "--last"]
            let outcome = try await program.run(words + ["--url", url, "--unpaced"])
            let comment: Comment = "\(command), signal \(signal) at request \(moment): \(outcome)"
            let hasSent = service.changes.count > changes
            // The second is of a change that was about to leave.
            let saysNothing = ["before any of its changes was sent", "Nothing was sent"].contains { outcome.errors.contains($0) }
            #expect(!(hasSent && saysNothing), comment)
            if moment != .max { #expect(outcome.code == 128 + signal || hasSent && outcome.code == 0, comment) }
            // SIGQUIT leaves no time to say so.
            if !hasSent { #expect(saysNothing || signal == SIGQUIT && outcome.errors.contains("quit; ended at once"), comment) }
            let journal = SweepJournal(vast)
            #expect(try journal.runs().allSatisfy { $0.ended != nil }, comment)
            return (service.count - requests, hasSent)
        }
    }

    /// Counts from when it is told to.
    private final class Counter: Sendable {
        private let first = Mutex<Int?>(nil)
        func begin(after count: Int) { first.withLock { $0 = count } }
        func isAt(_ moment: Int, _ number: Int) -> Bool { first.withLock { $0.map { number - $0 == moment } ?? false } }
    }
}
