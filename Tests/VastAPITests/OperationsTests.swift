import FleetClock
import Testing
import VastJSON

@testable import VastAPI

@Suite("Stopping many")
struct StopTests {
    @Test("takes five requests a second apart and one to check for 300, and none is refused")
    func threeHundred() async throws {
        let rig = try Rig(300) { $0.interval = .seconds(1) }
        let report = await rig.perform { await $0.stop(rig.ids(1...300)) }
        try report.get()
        #expect(report.results.count == 300)
        let requests = rig.vast.requests
        let changes = requests.filter(\.isChange)
        #expect(changes.count == 5 && requests.count == 6)
        #expect(rig.vast.world.withLock(\.refusals) == 0)
        let length = try #require(changes.last).at - (try #require(changes.first)).at
        #expect(length >= .seconds(4) && length < .milliseconds(4400))
        #expect(rig.vast.rows.values.allSatisfy { $0.intended == "stopped" })
    }

    @Test("tries those that did not change one by one")
    func laggards() async throws {
        let rig = try Rig(70) { $0.stubborn = [3, 68] }
        let report = await rig.perform { await $0.stop(rig.ids(1...71)) }
        #expect(report.failed == [71] && report.results[71]?.error?.kind == .notFound)
        #expect(rig.vast.rows.values.allSatisfy { $0.intended == "stopped" })
        #expect(rig.vast.requests.filter { $0.isChange && $0.path != "/api/v0/instances/" }.count == 3)
    }

    @Test("goes one by one where there is no bulk route, asks for it once, and is still paced")
    func noBulk() async throws {
        let rig = try Rig(5) {
            $0.hasBulk = false; $0.interval = .seconds(1)
        }
        try await rig.perform { await $0.stop(rig.ids(1...5)) }.get()
        try await rig.perform { await $0.stop(rig.ids(1...5)) }.get()
        #expect(rig.vast.requests.filter { $0.path == "/api/v0/instances/" }.count == 1)
        #expect(rig.vast.requests.count == 11 && rig.vast.world.withLock(\.refusals) == 0, "\(rig.vast.requests)")
    }

    @Test("checks by plain pages where filters are refused or ignored", arguments: [false, true])
    func noFilters(ignored: Bool) async throws {
        let rig = try Rig(60) {
            $0.hasFilters = ignored
            $0.ignoresFilters = ignored
            $0.stubborn = [7]
        }
        try await rig.perform { await $0.stop(rig.ids(1...50)) }.get()
        #expect(rig.vast.rows.filter { $0.value.intended == "stopped" }.count == 50)
    }

    @Test("only slows down when the service refuses, whatever it allows")
    func slower() async throws {
        let rig = try Rig(200, pacing: .unpaced) { $0.interval = .seconds(1) }
        try await rig.perform { await $0.stop(rig.ids(1...200)) }.get()
        #expect(rig.vast.world.withLock(\.refusals) == 1)
    }

    @Test("ends at once when the key is not accepted, with the results so far")
    func unauthorized() async throws {
        let transport = Script { _, _ in
            FakeVast.json(["success": false, "error": "auth_error", "msg": "Invalid user key"], status: 404)
        }
        let client = try makeClient(transport, clock: VirtualClock(mode: .jumping))
        let outcomes = await Operations(client).stop([1, 2, 3])
        #expect(throws: VastError.self) { try outcomes.get() }
        #expect(outcomes.failure(of: .stop, isSingle: false)?.kind == .unauthorized && transport.count == 1)
    }
}

@Suite("A start whose GPU is taken")
struct UnavailableTests {
    static func rig(_ count: Int, taken: Set<Int64>) throws -> Rig {
        try Rig(count) { world in
            world.taken = taken
            for id in world.rows.keys { world.rows[id] = .init(intended: "stopped", cur: "stopped", actual: "exited") }
        }
    }

    @Test("is withdrawn, which is confirmed and journaled as a compensation")
    func cancel() async throws {
        let rig = try Self.rig(1, taken: [1])
        let report = await rig.perform { await $0.start([1]) }
        let error = try #require(report.results[1]?.error)
        #expect(error.kind == .unavailable && error.effect == .none && error.instance == 1)
        #expect(rig.vast.rows[1]?.intended == "stopped" && rig.vast.rows[1]?.starts == 1)
        #expect(rig.journal.all.map(\.intent.change.isCompensation) == [false, true])
        #expect(rig.journal.all.allSatisfy { $0.outcome != nil })
    }

    @Test("is withdrawn alone: the others of the list run")
    func partial() async throws {
        let rig = try Self.rig(70, taken: [5, 69])
        let report = await rig.perform { await $0.start(rig.ids(1...70)) }
        #expect(report.failed == [5, 69])
        #expect(rig.vast.rows.filter { $0.value.cur == "running" }.count == 68)
        #expect(rig.vast.rows[5]?.intended == "stopped" && rig.vast.rows[69]?.intended == "stopped")
        #expect(throws: VastError.self) { try report.get() }
    }

    @Test("is left alone when asked for")
    func queue() async throws {
        let rig = try Self.rig(1, taken: [1])
        try await rig.perform { await $0.start([1], unavailable: .queue) }.get()
        #expect(rig.vast.rows[1]?.intended == "running" && rig.vast.rows[1]?.cur == "stopped")
    }

    @Test("is tried again every so often, and withdrawn at the end")
    func retry() async throws {
        let rig = try Self.rig(1, taken: [1])
        let rule = UnavailableRule.retry(every: .seconds(300), within: .seconds(3600))
        let report = await rig.perform { await $0.start([1], unavailable: rule) }
        #expect(report.results[1]?.error?.kind == .unavailable)
        #expect((11...13).contains(rig.vast.rows[1]?.starts ?? 0) && rig.vast.rows[1]?.intended == "stopped")
    }

    @Test("is not tried where it would add more than allowed")
    func maxRate() async throws {
        let rig = try Self.rig(3, taken: [])
        let rule = UnavailableRule.retry(every: .seconds(300), within: .seconds(600), maxRate: USDPerHour(2))
        let report = await rig.perform { await $0.start([1, 2, 3], unavailable: rule) }
        #expect(report.failed == [3] && rig.vast.rows[3]?.starts == 0)
    }
}

@Suite("A fault in any exchange")
struct FaultSweepTests {
    /// Runs `flow` with each fault in each exchange until the fault comes too late to matter.
    private func sweep(
        _ fault: FakeVast.Fault, instances: Int = 60, prepare: @escaping (inout FakeVast.World) -> Void = { _ in },
        flow: (Rig, Int) async throws -> Void
    ) async throws {
        for position in 1...40 {
            let rig = try Rig(instances) { world in
                prepare(&world)
                world.faults[position] = fault
            }
            try await flow(rig, position)
            #expect(rig.journal.all.allSatisfy { $0.outcome != nil })
            if rig.vast.requests.count < position { return }
        }
        Issue.record("the flow never ended")
    }

    @Test("never makes a list empty or shorter", arguments: FakeVast.Fault.allCases)
    func list(fault: FakeVast.Fault) async throws {
        try await sweep(fault) { rig, _ in
            let snapshot = try await rig.client.list()
            #expect(snapshot.instances.count == 60 && snapshot.isAuthoritative)
        }
    }

    @Test("does not keep a stop from being made", arguments: FakeVast.Fault.allCases)
    func stop(fault: FakeVast.Fault) async throws {
        try await sweep(fault, instances: 130, prepare: { $0.stubborn = [9] }) { rig, _ in
            try await rig.perform { await $0.stop(rig.ids(1...130)) }.get()
            #expect(rig.vast.rows.values.allSatisfy { $0.intended == "stopped" })
        }
    }

    @Test("does not label twice differently", arguments: FakeVast.Fault.allCases)
    func label(fault: FakeVast.Fault) async throws {
        try await sweep(fault) { rig, _ in
            try await rig.perform { await $0.label([1, 2], "é") }.get()
            #expect(rig.vast.rows[1]?.label == "é" && rig.vast.rows[2]?.label == "é")
        }
    }

    @Test("never sends a start again that has been seen to work", arguments: FakeVast.Fault.allCases)
    func start(fault: FakeVast.Fault) async throws {
        let stopped = FakeVast.Row(intended: "stopped", cur: "stopped", actual: "exited")
        try await sweep(fault, instances: 1, prepare: { $0.rows[1] = stopped }) { rig, position in
            let report = await rig.perform { await $0.start([1]) }
            #expect(report.failed.isEmpty && rig.vast.rows[1]?.starts == 1, "\(fault) at \(position)")
        }
    }

    @Test("never reboots twice", arguments: FakeVast.Fault.allCases)
    func reboot(fault: FakeVast.Fault) async throws {
        try await sweep(fault, instances: 1) { rig, _ in
            let report = await rig.perform { await $0.reboot([1]) }
            #expect((rig.vast.rows[1]?.reboots ?? 0) <= 1)
            if rig.vast.rows[1]?.reboots == 0 { #expect(!report.failed.isEmpty) }
        }
    }

    @Test("does not make a destroyed instance an error", arguments: FakeVast.Fault.allCases)
    func destroy(fault: FakeVast.Fault) async throws {
        try await sweep(fault, instances: 2) { rig, _ in
            try await rig.perform { await $0.destroy([1]) }.get()
            #expect(rig.vast.rows.keys.sorted() == [2])
        }
    }
}

@Suite("Other verbs")
struct VerbTests {
    @Test("a label that is too long is refused before anything is sent")
    func longLabel() async throws {
        let rig = try Rig(1)
        let outcomes = await rig.perform { await $0.label([1], String(repeating: "x", count: 1025)) }
        #expect(outcomes.endedBy?.kind == .invalidArgument && outcomes.isNothingSent && rig.vast.requests.isEmpty)
    }

    @Test("an instance that never was is not found, and others are done")
    func missing() async throws {
        let rig = try Rig(2)
        let report = await rig.perform { await $0.destroy([1, 9]) }
        #expect(report.failed == [9] && report.results[9]?.error?.kind == .notFound)
    }

    @Test("nothing is sent when the journal cannot be written")
    func journal() async throws {
        struct Full: Error {}
        final class FullJournal: ExchangeObserver {
            func willSend(_ intent: ChangeIntent) async throws { throw Full() }
            func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async {}
        }
        let clock = VirtualClock(mode: .jumping)
        let vast = FakeVast(clock: clock, instances: 3)
        let client = try makeClient(vast, clock: clock, observer: FullJournal())
        let outcomes = await Operations(client).stop([1, 2, 3])
        #expect(outcomes.endedBy?.cause is Full && outcomes.isNothingSent && outcomes.failed == [1, 2, 3])
        #expect(vast.requests.isEmpty)
    }
}
