import FleetSafety
import Foundation
import Testing
import VastAPI
import VastSimulator

/// A run that is killed at any request of starts whose GPUs are taken: the next run of the account takes back what is
/// queued, unless somebody has wanted it on before or since.
@Suite(.serialized) struct KilledStartTests {
    /// What has happened between the two runs.
    enum Meanwhile: String, CaseIterable, Sendable {
        case nothing
        /// Another run of the account has started the first instance, and let it wait.
        case startedByAnotherRun
        /// The GPU of the first instance has become free.
        case gpuFreed
    }

    @Test(
        "what a killed run has left queued is withdrawn by the next run, which only reads",
        arguments: [
            StartWork.one, .many, .retried
        ], Meanwhile.allCases)
    func killed(work: StartWork, meanwhile: Meanwhile) async throws {
        let count = try await run(work, meanwhile, at: .max).requests
        #expect(count >= 4)
        let moments = Sweep.moments(upTo: count, most: 6)
        let ends = try await Sweep.each(moments) { try await run(work, meanwhile, at: $0) }
        #expect(ends.contains { $0.queued > 0 })
        Sweep.tell(
            "\(work.testDescription), killed, \(meanwhile.rawValue): \(moments.count) of \(count + 1) moments, "
                + "\(ends.map(\.queued).reduce(0, +)) were left queued")
    }

    private func run(_ work: StartWork, _ meanwhile: Meanwhile, at moment: Int) async throws -> (requests: Int, queued: Int) {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        try vast.write("start.lua", work.script)
        let program = SweepRun(vast)
        return try await SweepService.serving(
            work.fleet,
            hook: { number, _ in
                if number == moment { program.send(SIGKILL) }
            }
        ) { service, url in
            let outcome = try await program.run(["--url", url, "--pacing", "none", "--confirm", "2s", "start.lua"])
            let account = StartAccount(
                place: "\(work.testDescription), killed at request \(moment), \(meanwhile.rawValue)", work: work, outcome: outcome,
                service: service, journal: SweepJournal(vast))
            account.checkWishes()
            let (requests, queued) = (service.count, account.leftQueued)
            let kept = meanwhile == .nothing ? [] : queued.intersection(work.taken.prefix(1))
            for id in kept {
                switch meanwhile {
                case .nothing: break
                case .startedByAnotherRun: try await startInAnotherRun(id, vast, account.journal)
                case .gpuFreed: service.free(id)
                }
            }
            try await checkNextRun(account, queued, kept, meanwhile, vast, url, NextRun.of(moment, work, account.journal))
            return (requests, queued.count)
        }
    }

    private func checkNextRun(
        _ account: StartAccount, _ queued: Set<InstanceID>, _ kept: Set<InstanceID>, _ meanwhile: Meanwhile, _ vast: VastLua, _ url: String,
        _ run: NextRun
    ) async throws {
        let before = account.service.changes.count
        let killed = try account.journal.runs().min { $0.number < $1.number }?.info.id
        let hasBegun = meanwhile == .gpuFreed ? kept : []
        try await checkWhatOnlyReads(account, queued.subtracting(kept).union(hasBegun), vast, url)
        #expect(account.service.changes.count == before, account.comment)
        // What has begun to bill is an error, which --quiet leaves.
        let quiet = hasBegun.isEmpty ? [] : ["--quiet"]
        let next = try await vast.run(run.words(url, quiet))
        let comment: Comment = "\(account.comment)\nthe next run: exit \(next.code)\n\(next.errors)"
        #expect(next.code == 0, comment)
        #expect(account.leftQueued == kept.subtracting(hasBegun), comment)
        account.checkWishes(begun: hasBegun)
        for id in hasBegun {
            let text =
                "the start of \(id) that run [0-9a-f]+ (could not withdraw|left unfinished) has come about: it (runs and bills|is not running yet, and will bill)"
            #expect(next.errors.range(of: text, options: .regularExpression) != nil && account.service.running.contains(id), comment)
        }
        for id in queued {
            let withdrawn = "the start of \(id) that run [0-9a-f]+ left queued is withdrawn"
            let isSaid = next.errors.range(of: withdrawn, options: .regularExpression) != nil
            #expect(isSaid == (quiet.isEmpty && !kept.contains(id)), "\(id); \(comment)")
        }
        if queued.subtracting(kept).isEmpty { #expect(account.service.changes.count == before, comment) }
        #expect(try account.journal.runs().allSatisfy { $0.ended != nil && ($0.info.id == killed || $0.exitCode == 0) }, comment)
        try checkJournal(account, withdrawn: queued.subtracting(kept), begun: hasBegun, comment)
        let third = try await vast.run("--url", url, "--pacing", "none", "-e", "vast.instances()")
        #expect(third.errors == "", "\(comment)\nthe third: \(third.errors)")
    }

    /// What the fleet has shown of each start: it is withdrawn, which the next run has done, or has come about.
    private func checkJournal(
        _ account: StartAccount, withdrawn: Set<InstanceID>, begun: Set<InstanceID>, _ comment: Comment
    ) throws {
        let changes = try account.journal.changes()
        #expect(changes.allSatisfy { $0.status != .reserved && $0.status != .sent }, comment)
        let first = changes.min { $0.number < $1.number }?.run
        for id in withdrawn {
            let own = changes.filter { $0.instance == id && $0.run == first && !$0.isCompensation }
            #expect(own.allSatisfy { [.failed, .notApplied].contains($0.status) }, "\(id): \(own.map(\.status)); \(comment)")
            let withdrawals = changes.filter { $0.instance == id && $0.isCompensation && $0.run != first }
            #expect(withdrawals.map(\.status) == [.confirmed], "\(id): \(withdrawals.map(\.status)); \(comment)")
        }
        for id in begun {
            let own = changes.last { $0.instance == id && $0.run == first && !$0.isCompensation }
            #expect(own?.status == .confirmed, "\(id): \(String(describing: own?.status)); \(comment)")
        }
    }

    /// What changes nothing tells of each start that is queued, and leaves it to the next run.
    private func checkWhatOnlyReads(_ account: StartAccount, _ queued: Set<InstanceID>, _ vast: VastLua, _ url: String) async throws {
        try vast.write("reads.lua", "vast.label(50000001, 'x')")
        let written = try account.journal.changes()
        var commands = [
            ["ls", "--unpaced"], ["sample", "--unpaced"], ["-n", "--pacing", "none", "reads.lua"],
            ["plan", "--pacing", "none", "-o", "reads.plan", "reads.lua"], ["apply", "-n", "reads.plan"]
        ]
        if !written.isEmpty { commands.append(["undo", "-n", "--last"]) }
        // It has no way to be faster.
        if account.work.taken.count == 1 { commands.append(["doctor"]) }
        for words in commands {
            let told = try await vast.run(words[0] == "-n" ? ["--url", url] + words : [words[0], "--url", url] + words.dropFirst())
            let text = told.output + told.errors
            for id in queued {
                #expect(text.contains("the start of \(id) that run "), "\(words): \(text)\n\(account.comment)")
            }
            if queued.isEmpty { #expect(!text.contains("the start of"), "\(words): \(text)\n\(account.comment)") }
        }
        #expect(try account.journal.changes() == written, account.comment)
    }

    /// Writes down what another run of the account has done.
    private func startInAnotherRun(_ id: InstanceID, _ vast: VastLua, _ journal: SweepJournal) async throws {
        let other = try await OtherRun(Change(.start, [id]), vast, account: try #require(try journal.runs().first?.account))
        try await other.finish()
    }
}

/// What the next run of the account does: whatever asks the service for something settles what was left.
private enum NextRun {
    case reads, asksForUser
    /// The command that puts back what the killed run has done.
    case undoes(String)

    static func of(_ moment: Int, _ work: StartWork, _ journal: SweepJournal) throws -> NextRun {
        guard moment % 3 == 0, work.taken.count == 1, let run = try journal.runs().first else {
            return moment % 2 == 0 ? .reads : .asksForUser
        }
        return .undoes(run.info.id)
    }

    func words(_ url: String, _ quiet: [String]) -> [String] {
        switch self {
        case .reads: ["--url", url, "--pacing", "none"] + quiet + ["-e", "print(#vast.instances())"]
        case .asksForUser: ["--url", url, "--pacing", "none"] + quiet + ["-e", "print(vast.user().id)"]
        case .undoes(let run): ["undo", "--url", url, "--unpaced", run]
        }
    }
}
