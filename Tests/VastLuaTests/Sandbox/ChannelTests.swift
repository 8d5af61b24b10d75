import FleetClock
import FleetRules
import FleetSafety
import Foundation
import Testing
import VastAPI
import VastJSON
import ScriptSandbox
import VastLua

/// What crosses the line between a restricted script and the process that holds the key.
@Suite struct ChannelTests {
    private func line(_ prepare: (FakeFleet) -> Void = { _ in }) throws -> (TestLine, FakeFleet) {
        let fleet = FakeFleet(clock: VirtualClock(mode: .jumping), rows: [FakeFleet.row(12), FakeFleet.row(13, ["label": "train"])])
        prepare(fleet)
        return (try TestLine(fleet), fleet)
    }

    @Test("a fleet crosses with every field but the secret ones")
    func snapshot() async throws {
        let (line, fleet) = try line()
        let (here, there) = (try await fleet.list(.all), try await line.remote.list(.all))
        #expect(there.instances.map(\.id) == here.instances.map(\.id))
        #expect(there.isAuthoritative)
        #expect(there.observedAt == here.observedAt)
        for (mine, other) in zip(here.instances, there.instances) {
            for (name, value) in mine.row.members {
                let wanted: JSONValue? = Instance.secretFields.contains(name) ? .none : value.value
                #expect(other.raw(name)?.value == wanted, "\(name)")
            }
        }
        #expect(try await line.remote.show(12)?.id == 12)
        #expect(try await line.remote.show(99) == nil)
        #expect(try await line.remote.user().email == "ops@lab.ai")
        await line.end()
    }

    @Test("an order crosses as it was given, but for its scope; the other side keeps account")
    func order() async throws {
        let (line, fleet) = try line()
        var order = ChangeOrder(.label, [12, 13], label: "x\u{1B}[31m")
        order.confirmed = [12]
        order.decision = Decision(line: "a.lua:1\u{7}", scope: 9)
        order.decision.reasons = [12: "idle\nfor long"]
        order.decision.seen = [13: ["gpu_util"]]
        let outcomes = await line.remote.change(order)
        #expect(outcomes.byID.count == 2 && outcomes.failed.isEmpty)
        let received = try #require(fleet.orders.first)
        #expect(received.ids == [12, 13])
        #expect(received.payload == order.payload)
        #expect(received.confirmed == [12])
        #expect(received.decision.scope == 0)
        #expect(received.decision.line == "a.lua:1?")
        #expect(received.decision.reasons == [12: "idle?for long"])
        #expect(received.decision.seen == [13: ["gpu_util"]])
        #expect(fleet.ledger.unconfirmed == [12, 13])
        await Confirmation(fleet, clock: fleet.clock) { _ in }.run(until: .seconds(1_000_000), fleetSize: 2)
        #expect(fleet.ledger.unconfirmed.isEmpty)
        await line.end()
    }

    @Test("an error crosses with all that scripts and exit codes see")
    func errors() async throws {
        var error = VastError(
            .unavailable, "rented", status: 200, code: "resources_unavailable", instance: 12, request: "PUT /x/", attempts: 3,
            retryAfter: .seconds(4), effect: .unknown)
        error.results = [13: .success(())]
        let (line, _) = try line { [error] fleet in
            fleet.state.withLock {
                $0.failures[.start] = [12: error]; $0.rows[12] = FakeFleet.row(12, FakeFleet.off)
            }
        }
        let outcomes = await line.remote.change(ChangeOrder(.start, [12, 13]))
        guard case .unknown(let there)? = outcomes[12], case .satisfied? = outcomes[13] else { throw error }
        #expect(there.kind == .unavailable)
        #expect(there.message == "rented")
        #expect(there.status == 200)
        #expect(there.code == "resources_unavailable")
        #expect(there.instance == 12)
        #expect(there.request == "PUT /x/")
        #expect(there.attempts == 3)
        #expect(there.retryAfter == .seconds(4))
        #expect(there.effect == .unknown)
        #expect(there.results.count == 1)
        await line.end()
    }

    @Test("limits of the script's own are asked for, and warnings come back")
    func limits() async throws {
        let (line, _) = try line()
        let limits = GuardLimits(
            [.maxStops: 3], permissions: [.allowRaw: false], protect: Protection(labels: [LabelGlob("prod*")], ids: [7]))
        let warnings = try await Task.detachedForTest { try line.remote.limit(limits) }
        #expect(warnings == ["noted"])
        #expect(line.limitsAsked == [limits])
        await line.end()
    }

    @Test(
        "what no binding sends ends the line",
        arguments: [
            "", "x", "[]", "{}", #"{"call":"format_disk","id":1}"#, #"{"call":"list","id":1}"#, #"{"call":"list","id":0,"filters":{}}"#,
            #"{"call":"list","id":1,"filters":{"label":{"in":["x"]}}}"#, #"{"call":"list","id":1,"filters":{"id":{"notin":[1]}}}"#,
            #"{"call":"list","id":1,"filters":{"id":{"in":[1],"neq":2}}}"#, #"{"call":"show","id":1,"instance":-1}"#,
            #"{"call":"show","id":1,"instance":"12"}"#, #"{"call":"change","id":1,"verb":"other","ids":[12]}"#,
            #"{"call":"change","id":1,"verb":"stop","ids":[]}"#, #"{"call":"change","id":1,"verb":"stop","ids":[12,12]}"#,
            #"{"call":"change","id":1,"verb":"stop","ids":[12],"label":"x"}"#, #"{"call":"change","id":1,"verb":"label","ids":[12]}"#,
            #"{"call":"change","id":1,"verb":"start","ids":[12],"unavailable":"retry","every":-1,"within":1}"#,
            #"{"call":"change","id":1,"verb":"start","ids":[12],"unavailable":"hope"}"#, #"{"call":"request","id":1,"path":"/"}"#,
            #"{"call":"guard","id":1,"numbers":{"max_hopes":1},"labels":[],"ids":[]}"#, #"{"call":"log","level":"shout"}"#,
            #"{"call":"end"}"#, String(repeating: "[", count: 1_000)
        ])
    func violations(_ text: String) async throws {
        let verdict = try await TestLine.verdict(on: Array(text.utf8))
        guard case .malformed? = verdict else { return #expect(Bool(false), "\(text) was taken") }
    }

    @Test("a frame that is too long is refused before it is read")
    func tooLong() async throws {
        let verdict = try await TestLine.verdict(on: [UInt8](repeating: 32, count: Channel.longestFromScript + 1))
        #expect(verdict?.description.contains("where 1 to") == true)
    }
}

extension Task where Success == Never, Failure == Never {
    /// Runs what blocks on a thread of its own.
    fileprivate static func detachedForTest<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result(catching: body)) }.start()
        }
    }
}
