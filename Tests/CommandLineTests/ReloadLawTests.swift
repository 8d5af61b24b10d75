import FleetClock
import Foundation
import Testing

/// What holds of a script that stays alive, whatever it is reloaded with.
@Suite struct ReloadLawTests {
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 6)

    /// What a script is replaced with before SIGHUP.
    private enum Step: CaseIterable {
        case good, goodTwice, failsWhileServing, doesNotLoad, failsAtOnce, failsWithJobs, badCalendar, exits, isMissing

        var isTaken: Bool { [.good, .goodTwice, .failsWhileServing].contains(self) }

        /// nil: there is no file.
        func script(_ word: String) -> String? {
            let ticks = "vast.every(0.02, function() print('\(word)') io.stdout:flush() end, {name = 'tick'}) "
            return switch self {
            case .good, .goodTwice: ticks
            case .failsWhileServing: ticks + "vast.every(0.03, function() error('late') end, {name = 'late'})"
            case .doesNotLoad: "x = = 1"
            case .failsAtOnce: "error('broken')"
            case .failsWithJobs: ticks + "error({})"
            case .badCalendar: ticks + "vast.cron('61 * * * *', print)"
            case .exits: ticks + "os.exit(0)"
            case .isMissing: nil
            }
        }
    }

    @Test("after good reloads and failed ones in any order, the last good script runs until it is told to end", arguments: seeds)
    func law(seed: UInt64) async throws {
        let vast = try VastLua()
        var dice = SeededGenerator(seed: seed)
        let steps = (0..<6).map { _ in Step.allCases.randomElement(using: &dice) ?? .good }
        let signal = [SIGTERM, SIGINT].randomElement(using: &dice) ?? SIGTERM
        let path = try vast.write("s.lua", Step.good.script("s0") ?? "")
        let log = vast.folder.appendingPathComponent("log")
        let program = try RunningProgram(vast, ["--log-file", log.path, path])
        let (problem, end) = try await program.converse { program -> String? in
            func failures() -> Int {
                ((try? String(contentsOf: log, encoding: .utf8)) ?? "").components(separatedBy: "goes on as it was").count - 1
            }
            var (running, failed) = ("s0", 0)
            guard program.readUntil(running) else { return "did not begin" }
            for (number, step) in steps.enumerated() {
                let word = "s\(number + 1)"
                try? FileManager.default.removeItem(atPath: path)
                if let script = step.script(word) { _ = try? vast.write("s.lua", script) }
                program.send(SIGHUP)
                if step == .goodTwice { program.send(SIGHUP) }
                if step.isTaken { running = word } else { failed += 1 }
                guard program.readUntil(running) else { return "ended at step \(number), \(step)" }
                while failures() < failed { guard program.readUntil(running) else { return "ended after step \(number), \(step)" } }
            }
            guard program.readUntil(running) else { return "ended behind all steps" }
            program.send(signal)
            return nil
        }
        #expect(problem == nil, "\(steps): \(end.errors)")
        #expect(end.code == 128 + signal, "\(steps): \(end.errors)")
    }
}
