import FleetClock
import FleetWorld
import Synchronization
import Testing
import VastAPI
import VastSimulator

@Suite("The simulated transport")
struct SimulatedTransportTests {
    private let world: TestWorld
    private let id: Int64

    init() throws {
        var options = TestWorld.Options()
        options.fleetSize = 1
        options.fleet = { fleet in
            fleet = Fleet(instances: [
                InstanceSpecification(id: 7, label: "a").instance(at: .init(timeIntervalSince1970: 1_795_000_000), seed: 1)
            ])
        }
        world = try TestWorld(seed: 3, options: options)
        id = 7
    }

    private func stop(timeout: Duration = .seconds(60), limit: Int = 1 << 20) async throws -> HTTPResponse {
        let request = HTTPRequest(
            .put, "https://console.vast.ai/api/v0/instances/\(id)/", headers: [(name: "Authorization", value: "Bearer simulator")],
            body: Array(#"{"state":"stopped"}"#.utf8), timeout: timeout, bodyLimit: limit)
        return try await world.clock.working { try await world.transport.exchange(request) }
    }

    private var isStopped: Bool { world.service.world.instances[id]?.status.intended == "stopped" }

    /// What comes back: a status and the kind of a failure.
    private func outcome(_ fault: ExchangeFault) async throws -> (status: Int?, failure: TransportError?) {
        world.transport.plan = ExchangePlan([1: fault])
        do {
            return (try await stop().status, nil)
        } catch let error as TransportError {
            return (nil, error)
        }
    }

    @Test("without a fault the change is made, takes time, and is written down with its id")
    func plain() async throws {
        #expect(try await stop().status == 200)
        #expect(isStopped)
        #expect(world.clock.uptime >= .milliseconds(20) && world.clock.uptime <= .milliseconds(400))
        #expect(world.transport.changes.map { "\($0.exchange) \($0.instance) \($0.what)" } == ["1 7 intended running -> stopped"])
        let line = try #require(world.transport.trace.first)
        #expect(world.transport.trace.count == 1)
        #expect(line.hasPrefix(#"0.0 #1 PUT /api/v0/instances/7/ {"state":"stopped"} -> 200, 16 bytes, "#), "\(line)")
    }

    @Test(
        "a fault lets the change through or not, and says so or not",
        arguments: [
            (ExchangeFault.refused, false, TransportError.Kind.notConnected, nil as Int?), (.lostRequest, false, .broken, nil),
            (.lostAnswer, true, .broken, nil), (.reset(applied: false), false, .broken, nil), (.reset(applied: true), true, .broken, nil),
            (.timeOut(applied: false), false, .timedOut, nil), (.timeOut(applied: true), true, .timedOut, nil),
            (.status(503, applied: false), false, nil, 503), (.status(502, applied: true), true, nil, 502),
            (.tooMany(retryAfter: 3), false, nil, 429), (.unauthorizedFromHere, false, nil, 401), (.truncated(0.5), true, nil, 200),
            (.slow(.seconds(5)), true, nil, 200)
        ] as [(ExchangeFault, Bool, TransportError.Kind?, Int?)])
    func faults(fault: ExchangeFault, isApplied: Bool, kind: TransportError.Kind?, status: Int?) async throws {
        let (found, failure) = try await outcome(fault)
        #expect(found == status && failure?.kind == kind)
        #expect(isStopped == isApplied)
        #expect(world.transport.changes.isEmpty != isApplied)
        if let failure { #expect(failure.wasNotSent == (fault == .refused)) }
        if fault == .timeOut(applied: true) { #expect(world.clock.uptime == .seconds(60)) }
        if case .slow = fault { #expect(world.clock.uptime >= .seconds(5)) }
    }

    @Test("a key that is lost stays lost; half an answer is no JSON; a 429 says how long to wait")
    func details() async throws {
        world.transport.plan = ExchangePlan([2: .tooMany(retryAfter: 3), 3: .truncated(0.5), 4: .unauthorizedFromHere])
        let whole = try await stop()
        #expect(try await stop().header("retry-after") == "3")
        let half = try await stop()
        #expect(half.status == 200 && half.body == Array(whole.body.prefix(half.body.count)) && half.body.count == whole.body.count / 2)
        #expect(try await stop().status == 401)
        #expect(try await stop().status == 401)
    }

    @Test("an answer that is too late or too large is a failure of that kind")
    func limits() async throws {
        await #expect { try await stop(timeout: .milliseconds(1)) } throws: { ($0 as? TransportError)?.kind == .timedOut }
        #expect(world.clock.uptime == .milliseconds(1))
        await #expect { try await stop(limit: 3) } throws: { ($0 as? TransportError)?.kind == .tooLarge }
        #expect(isStopped)
    }

    @Test(
        "a request whose task is cancelled throws CancellationError, whether the service has acted or not",
        arguments: [(ExchangeMoment.before, false), (.answering, true), (.after, true)])
    func cancelled(moment: ExchangeMoment, isApplied: Bool) async throws {
        let running = Mutex<Task<HTTPResponse, any Error>?>(nil)
        var plan = ExchangePlan()
        plan.at(moment, 1) { running.withLock { $0?.cancel() } }
        world.transport.plan = plan
        world.clock.beginWork(.thread)
        running.withLock { $0 = Task { try await stop() } }
        world.clock.endWork(.thread)
        let task = try #require(running.withLock { $0 })
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(isStopped == isApplied)
        #expect(world.transport.trace.count == 1)
        #expect(world.transport.trace.first?.contains("cancelled") == (moment != .after))
    }

    @Test("something else happens at each moment of an exchange, in time for it")
    func moments() async throws {
        let seen = Mutex<[String]>([])
        var plan = ExchangePlan()
        for (name, moment) in [("before", ExchangeMoment.before), ("answering", .answering), ("after", .after)] {
            plan.at(moment, 2) { [service = world.service, id] in
                let intended = service.world.instances[id]?.status.intended ?? "gone"
                seen.withLock { $0.append("\(name) \(intended)") }
            }
        }
        plan.at(.before, 2) { [service = world.service, id] in _ = service.changeWorld { $0.setLabel("theirs", of: id) } }
        world.transport.plan = plan
        _ = try? await stop(timeout: .milliseconds(1))
        _ = try await stop()
        #expect(seen.withLock { $0 } == ["before running", "answering stopped", "after stopped"])
        #expect(world.service.world.instances[id]?.label == "theirs")
        #expect(world.transport.changes.map(\.what) == ["intended running -> stopped"])
    }
}
