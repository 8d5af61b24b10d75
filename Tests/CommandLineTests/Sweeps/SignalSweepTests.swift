import Foundation
import Testing
import VastAPI
import VastSimulator

/// How a run is ended from outside, at a request that is counted.
enum Interruption: String, CaseIterable, Sendable {
    /// A signal when the service has answered.
    case answered
    /// A signal while the answer is on its way.
    case received
    /// The same, of a restricted script.
    case restricted
    /// The time limit while the answer is on its way.
    case timeLimit
    /// Two signals while the answer is on its way: the second ends the process at once.
    case twice
    /// The same, of a restricted script.
    case restrictedTwice
    /// SIGQUIT, which ends the process at once, while the answer is on its way.
    case quit
    /// The same, of a restricted script.
    case restrictedQuit

    func faults(at number: Int) throws -> FaultPlan {
        let seconds: Double
        switch self {
        case .answered: return FaultPlan()
        case .received, .restricted, .twice, .restrictedTwice, .quit, .restrictedQuit: seconds = 0.4
        case .timeLimit: seconds = 2
        }
        return try FaultPlan(json: Array(#"[{"nth": \#(number), "fault": {"kind": "slow", "seconds": \#(seconds)}}]"#.utf8))
    }

    var options: [String] {
        switch self {
        case .answered, .received, .twice, .quit: []
        case .restricted, .restrictedTwice, .restrictedQuit: ["--restricted"]
        case .timeLimit: ["--time-limit", "1.7s"]
        }
    }

    func strike(_ run: SweepRun, _ signal: Int32) {
        switch self {
        case .answered: DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(4)) { run.send(signal) }
        case .received, .restricted, .quit, .restrictedQuit: run.send(signal)
        case .twice, .restrictedTwice:
            run.send(signal)
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(100)) { run.send(signal) }
        case .timeLimit: return
        }
    }
}

/// A signal or the time limit ends starts whose GPUs are taken, at each of their requests in turn: none is left queued
/// unless that is said and written down.
@Suite(.serialized) struct SignalSweepTests {
    @Test(
        "a start that is interrupted at any request is withdrawn, or is said to be queued",
        arguments: [
            StartWork.one, .many, .retried
        ])
    func interrupted(work: StartWork) async throws {
        let count = try await run(work, .received, at: .max).requests
        #expect(count >= 4)
        let moments = Sweep.moments(upTo: count, most: 4)
        let cases = Interruption.allCases.flatMap { interruption in moments.map { (interruption, $0) } }
        let ends = try await Sweep.each(cases) { (interruption: $0.0, end: try await run(work, $0.0, at: $0.1)) }
        for interruption in Interruption.allCases {
            let ends = ends.filter { $0.interruption == interruption }.map(\.end)
            #expect(ends.contains { $0.isInterrupted }, "\(interruption)")
            Sweep.tell(
                "\(work.testDescription), \(interruption.rawValue): \(moments.count) of \(count + 1) moments, "
                    + "\(ends.count { $0.isInterrupted }) interrupted, \(ends.map(\.queued).reduce(0, +)) left queued")
        }
        // Whatever is not withdrawn in the end has been looked for, too.
        #expect(ends.contains { $0.end.queued > 0 })
    }

    private struct End: Sendable {
        let requests: Int
        let isInterrupted: Bool
        let queued: Int
    }

    private func run(_ work: StartWork, _ interruption: Interruption, at moment: Int) async throws -> End {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        try vast.write("start.lua", work.script)
        let program = SweepRun(vast)
        let signal = [.quit, .restrictedQuit].contains(interruption) ? SIGQUIT : moment % 2 == 0 ? SIGINT : SIGTERM
        let faults = moment == .max ? FaultPlan() : try interruption.faults(at: moment)
        return try await SweepService.serving(
            work.fleet, faults: faults,
            hook: { number, _ in
                if number == moment { interruption.strike(program, signal) }
            }
        ) { service, url in
            let options = moment == .max && interruption == .timeLimit ? [] : interruption.options
            let outcome = try await program.run(
                ["--url", url, "--pacing", "none", "--confirm", "2s", "--grace", "4s"] + options + ["start.lua"])
            let account = StartAccount(
                place: "\(work.testDescription), \(interruption.rawValue) at request \(moment)", work: work, outcome: outcome,
                service: service, journal: SweepJournal(vast))
            try account.checkEnd()
            let code = interruption == .timeLimit ? 124 : 128 + signal
            // What strikes at the very end may come too late: when the run has been reported.
            let word = outcome.errors.range(of: #"vast-lua: (interrupted|terminated|quit)"#, options: .regularExpression)
            let report = outcome.errors.range(of: "vast-lua start.lua: ")
            let isLate =
                interruption == .answered && report.map { report in word.map { report.lowerBound < $0.lowerBound } ?? true } ?? false
            let isTooLate = service.count <= moment || isLate
            #expect(outcome.code == code || isTooLate && outcome.code == 6, account.comment)
            let queued = account.leftQueued.count
            if queued > 0 { try await checkNextRun(account, vast, url) }
            return End(requests: service.count, isInterrupted: outcome.code == code, queued: queued)
        }
    }

    /// What was left queued is withdrawn by the next run.
    private func checkNextRun(_ account: StartAccount, _ vast: VastLua, _ url: String) async throws {
        let next = try await vast.run("--url", url, "--pacing", "none", "-e", "vast.instances()")
        #expect(account.leftQueued.isEmpty, "\(account.comment)\n\(next.errors)")
        account.checkWishes()
    }
}
