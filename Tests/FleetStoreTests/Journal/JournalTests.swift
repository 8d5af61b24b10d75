import FleetFixtures
import FleetClock
import Testing
import VastAPI

@testable import FleetStore

@Suite("The journal")
struct JournalTests {
    @Test("a run without changes leaves no trace on the disk")
    func empty() throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        journal.noteSatisfied(Change(.stop, [1]), note: CallNote(call: 1))
        try journal.end(exitCode: 0)
        #expect(rig.place.mode("state.sqlite") == nil)
        #expect(journal.isEmpty)
    }

    @Test("a change is kept with run, line, reason, and what was known before, and becomes confirmed when the fleet shows it")
    func course() async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        let facts = InstanceFacts(try TestFleet.row(1, label: "train-a", rateOn: 2))
        journal.noteSatisfied(Change(.label, [5], label: "x"), note: CallNote(call: 1))
        _ = try await rig.operations(journal, call: 2, before: [facts]).stop([1])
        let run = try #require(try rig.history.lastRun())
        #expect(run.info == journal.run)
        #expect(run.ended == nil)
        #expect(try rig.history.changes(of: run).map(\.status) == [.satisfied, .accepted])
        try journal.confirm(with: rig.service.snapshot(at: rig.clock.unixTime))
        try journal.end(exitCode: 6)
        let change = try #require(try rig.history.changes(of: run).last)
        #expect(change.status == .confirmed)
        #expect(change.reason == "idle")
        #expect(change.line == "nightly.lua:9")
        #expect(change.before == facts)
        #expect(change.attempts == 1)
        let ended = try #require(try rig.history.lastRun())
        #expect(ended.exitCode == 6)
        #expect(ended.ended == rig.clock.unixTime)
        #expect(ended.counts.map { "\($0.verb) \($0.status) \($0.count)" } == ["label satisfied 1", "stop confirmed 1"])
        #expect(try rig.history.exchanges(of: run).map(\.request) == ["PUT /api/v0/instances/1/"])
    }

    @Test("a repetition is one change with two attempts and two requests")
    func repetition() async throws {
        let rig = try JournalRig(1...3) { $0.lost = [1] }
        let journal = rig.journal()
        _ = try await rig.operations(journal).stop([1])
        let run = try #require(try rig.history.lastRun())
        let changes = try rig.history.changes(of: run)
        #expect(changes.map(\.attempts) == [2])
        #expect(changes.map(\.status) == [.accepted])
        #expect(try rig.history.exchanges(of: run).map(\.outcome) == ["unknown", "accepted"])
    }

    @Test("a refusal after a lost answer leaves the change unknown; without one it failed", arguments: [true, false])
    func lostThenRefused(isLost: Bool) async throws {
        let rig = try JournalRig(1...3) { world in
            world.lost = isLost ? [1] : []
            world.refused = isLost ? [2: 400] : [1: 400]
        }
        let journal = rig.journal()
        let outcomes = try await rig.operations(journal).stop([1])
        let run = try #require(try rig.history.lastRun())
        // It may be tried again, or alone, and counts until the call has ended.
        #expect(try rig.history.changes(of: run).map(\.status) == [isLost ? .unknown : .sent])
        await journal.note(outcomes, of: .stop, call: 1)
        #expect(try rig.history.changes(of: run).map(\.status) == [isLost ? .unknown : .failed])
    }

    @Test("what was read afterwards settles what a bulk request left open")
    func results() async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        let intent = ChangeIntent.test(1, Change(.stop, [1, 2, 3]), note: CallNote(call: 4))
        try await journal.willSend(intent)
        await journal.didFinish(intent, .failed(VastError(.network, "gone", effect: .unknown)))
        var outcomes = ChangeOutcomes([1, 2, 3])
        outcomes.set(1, .accepted)
        outcomes.set(2, .refused(VastError(.conflict, "no")))
        outcomes.set(3, .unknown(VastError(.network, "?", effect: .unknown)))
        await journal.note(outcomes, of: .stop, call: 4)
        let run = try #require(try rig.history.lastRun())
        #expect(try rig.history.changes(of: run).map(\.status) == [.accepted, .failed, .unknown])
    }

    @Test("what counts for the guard: what was made or may have been, once a call, without compensation")
    func guardEntries() async throws {
        let rig = try JournalRig(1...9) { world in
            world.lostAnswers = [1]
            world.refused = [3: 400]
        }
        let journal = rig.journal()
        let facts = try (1...9).map { InstanceFacts(try TestFleet.row($0, rateOn: 3)) }
        _ = try await rig.operations(journal, call: 1, before: facts).stop([1])
        _ = try await rig.operations(journal, call: 2, before: facts).stop([2])
        let refused = try await rig.operations(journal, call: 3, before: facts).stop([3])
        await journal.note(refused, of: .stop, call: 3)
        let compensation = ChangeIntent.test(99, Change(.stop, [4], isCompensation: true), note: CallNote(call: 4))
        try await journal.willSend(compensation)
        await journal.didFinish(compensation, .accepted)
        let entries = try rig.history.guardEntries(account: JournalRig.account, since: rig.clock.unixTime - 3_600)
        #expect(
            entries.entries.map(\.id) == [1, 2]
                && entries.entries.allSatisfy { $0.verb == .stop && $0.rate == USDPerHour(3) && $0.gpuCount == 2 })
        #expect(try rig.history.guardEntries(account: JournalRig.account, since: rig.clock.unixTime + 1).entries.isEmpty)
        #expect(try rig.history.guardEntries(account: "other", since: 0).entries.isEmpty)
    }

    @Test("a frozen fleet and a frozen label stop the request, but not what takes back a start")
    func frozen() async throws {
        let rig = try JournalRig()
        let freeze = FreezeFile(directory: rig.place.path)
        let journal = rig.journal(freeze: freeze)
        let facts = InstanceFacts(try TestFleet.row(1, label: "a [freeze]"))
        let labelled = ChangeIntent.test(1, Change(.stop, [1]), note: CallNote(call: 1, before: [1: facts]))
        await #expect(throws: VastError.self) { try await journal.willSend(labelled) }
        let plain = ChangeIntent.test(2, Change(.stop, [2]), note: CallNote(call: 2))
        try freeze.freeze(Freeze(since: 0, by: "x"))
        await #expect { try await journal.willSend(plain) } throws: { ($0 as? VastError)?.code == "frozen" }
        #expect(journal.isEmpty)
        try await journal.willSend(ChangeIntent.test(3, Change(.stop, [2], isCompensation: true), note: CallNote(call: 2)))
        #expect(!journal.isEmpty)
        try freeze.thaw()
        try await journal.willSend(plain)
        #expect(!journal.isEmpty)
    }

    @Test("runs are found by the beginning of their id, and a beginning of several is refused")
    func lookup() async throws {
        let rig = try JournalRig()
        for id in ["7f3a9c", "7f3b00", "0012ab"] {
            let journal = rig.journal(id)
            _ = try await rig.operations(journal).stop([1])
            try journal.end(exitCode: 0)
        }
        #expect(try rig.history.run("7F3a").info.id == "7f3a9c")
        #expect(try rig.history.runs(limit: 2).map(\.info.id) == ["0012ab", "7f3b00"])
        #expect { try rig.history.run("7f3") } throws: { ($0 as? VastError)?.kind == .invalidArgument }
        #expect { try rig.history.run("ff") } throws: { ($0 as? VastError)?.kind == .notFound }
        #expect { try rig.history.run("") } throws: { ($0 as? VastError)?.kind == .notFound }
    }

    @Test("no key, token, script or body of an unknown request is in the file")
    func secrets() async throws {
        let rig = try JournalRig()
        let journal = rig.journal()
        let facts = InstanceFacts(try TestFleet.row(1))
        _ = try await rig.operations(journal, before: [facts]).stop([1])
        let raw = ChangeIntent.test(50, Change(.other, []), note: CallNote(call: 9))
        try await journal.willSend(raw)
        await journal.didFinish(raw, .failed(VastError(.conflict, "cannot use SECRET-ENV")))
        try journal.end(exitCode: 0)
        journal.database.close()
        for name in ["state.sqlite", "state.sqlite-wal"] {
            let text = SmallFile.read("\(rig.place.path)/\(name)", limit: 1 << 24) ?? ""
            #expect(!text.contains("SECRET"), "\(name)")
            #expect(!text.contains("marker0key"), "\(name)")
        }
        #expect(SmallFile.read("\(rig.place.path)/state.sqlite", limit: 1 << 24)?.contains("nightly.lua:9") == true)
    }

    @Test("ids have six digits and differ")
    func ids() {
        var generator = SeededGenerator(seed: 3)
        let ids = (0..<1_000).map { _ in RunInfo.newID(using: &generator) }
        #expect(ids.allSatisfy { $0.count == 6 })
        #expect(Set(ids).count > 990)
    }
}
