import FleetClock
import FleetRules
import FleetSafety
import FleetWorld
import Testing
import VastAPI
import VastJSON
import VastSimulator

/// What scripts rely on of whatever stands behind them. The fleet in memory, on which most tests of the bindings run, has to hold
/// to it as the simulated service behind client and guard does: the same cases, and the same random calls.
@Suite("A fleet behind a script") struct FleetContractTests {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case fake, simulator
        var testDescription: String { rawValue }
    }

    /// Running instances 1 to 4 of which 2 has a label, and 5 and 6, which are stopped.
    private static let fleet: [(id: InstanceID, isOn: Bool, label: String?)] = [
        (1, true, nil), (2, true, "train"), (3, true, nil), (4, true, nil), (5, false, nil), (6, false, "spare")
    ]

    private static func service(_ kind: Kind, _ clock: VirtualClock) throws -> any FleetChain {
        switch kind {
        case .fake:
            let rows = fleet.map { instance in
                var fields: JSONObject = instance.isOn ? [:] : FakeFleet.off
                if let label = instance.label { fields["label"] = .string(label) }
                return FakeFleet.row(instance.id.rawValue, fields)
            }
            return FakeFleet(clock: clock, rows: rows)
        case .simulator:
            let instances = fleet.map { instance in
                var specification = InstanceSpecification(id: instance.id.rawValue, label: instance.label)
                specification.isOn = instance.isOn
                return specification.instance(at: clock.now, seed: 1)
            }
            var options = SimulatorOptions()
            (options.timing, options.keys) = (.immediate, AccessKey.set(for: "key"))
            let simulated = SimulatedService(Fleet(instances: instances), options: options, clock: clock)
            var configuration = ClientConfiguration(key: try APIKey("key"), clock: clock, seed: 1)
            (configuration.pacing, configuration.transport) = (.unpaced, SimulatedTransport(simulated, clock: clock, seed: 1))
            let chain = GuardMiddleware(VastService(client: try VastClient(configuration)), books: ChainBooks(), clock: clock)
            _ = try chain.limit(Self.everything)
            return chain
        }
    }

    /// Lets everything through: this is not about the guard.
    private static var everything: GuardLimits {
        var limits = GuardLimits()
        for limit in GuardLimit.allCases { limits.numbers[limit] = limit == .maxFraction ? 1 : limit == .keepAtLeast ? 0 : 10_000 }
        for permission in GuardPermission.allCases { limits.permissions[permission] = true }
        return limits
    }

    /// What a person sees of an instance, once it has settled.
    private struct Shown: Equatable {
        let id: InstanceID
        let label: String
        let state: InstanceState
        let intended: String?
        let isBilledForGPUs: Bool

        init(_ row: Instance) {
            (id, label, state, intended, isBilledForGPUs) = (row.id, row.label, row.state, row.intendedStatus, row.billing == .gpu)
        }
    }

    private static func settled(_ service: any FleetChain, _ clock: VirtualClock) async throws -> [Shown] {
        try await clock.sleep(for: .seconds(600))
        return try await service.list(.all).instances.map(Shown.init)
    }

    /// What became of a call, in words that do not say who refused it.
    private static func words(_ outcomes: ChangeOutcomes) -> [String] {
        outcomes.inOrder.map { id, outcome in
            let word =
                switch outcome {
                case .satisfied: "satisfied"
                case .accepted: "accepted"
                default: outcome.error?.kind.rawValue ?? "?"
                }
            return "\(id) \(word)"
        }
    }

    private static func order(_ verb: Change.Verb, _ ids: [InstanceID], label: String? = nil) -> ChangeOrder {
        var order = ChangeOrder(verb, ids, label.map { .label($0) })
        order.confirmed = Set(ids)
        return order
    }

    // MARK: readings

    @Test("a reading of all is whole, sorted, and of this moment", arguments: Kind.allCases)
    func whole(kind: Kind) async throws {
        let clock = VirtualClock(mode: .jumping)
        let snapshot = try await Self.service(kind, clock).list(.all)
        #expect(snapshot.isAuthoritative && snapshot.instances.map(\.id) == Self.fleet.map(\.id))
        #expect(snapshot.instances.map(\.label) == Self.fleet.map { $0.label ?? "" })
        #expect(snapshot.instances.map(\.state) == Self.fleet.map { $0.isOn ? .running : .stopped })
        #expect(snapshot.instances.map(\.billing) == Self.fleet.map { $0.isOn ? .gpu : .storage })
        #expect(
            abs(snapshot.observedAt.timeIntervalSince(clock.now)) < 60
                && snapshot.instances.allSatisfy { $0.observedAt == snapshot.observedAt })
        for row in snapshot.instances { #expect(try #require(row.rateOff) < #require(row.rateOn)) }
    }

    @Test("a reading of some ids is no reading of all, and what is not there is missing in it", arguments: Kind.allCases)
    func some(kind: Kind) async throws {
        let snapshot = try await Self.service(kind, VirtualClock(mode: .jumping)).list(.ids([5, 2, 99]))
        #expect(snapshot.isFiltered && !snapshot.isAuthoritative && snapshot.instances.map(\.id) == [2, 5])
    }

    @Test("one instance is shown as the list shows it; of one that is not there nothing is", arguments: Kind.allCases)
    func show(kind: Kind) async throws {
        let service = try Self.service(kind, VirtualClock(mode: .jumping))
        let row = try #require(try await service.show(2))
        #expect(Shown(row) == Shown(try #require(try await service.list(.all)[2])))
        #expect(try await service.show(99) == nil)
    }

    @Test("the account has a number and what can be spent", arguments: Kind.allCases)
    func user(kind: Kind) async throws {
        let user = try await Self.service(kind, VirtualClock(mode: .jumping)).user()
        #expect(user.id > 0 && user.credit.map { $0 > 0 } == true)
    }

    // MARK: changes

    @Test("each id has its outcome, and what was accepted comes about", arguments: Kind.allCases)
    func changes(kind: Kind) async throws {
        let clock = VirtualClock(mode: .jumping)
        let service = try Self.service(kind, clock)
        _ = try await service.list(.all)
        #expect(Self.words(await service.change(Self.order(.stop, [1, 5, 99]))) == ["1 accepted", "5 satisfied", "99 not_found"])
        #expect(Self.words(await service.change(Self.order(.start, [2, 6]))) == ["2 satisfied", "6 accepted"])
        #expect(Self.words(await service.change(Self.order(.label, [2, 3], label: "train"))) == ["2 satisfied", "3 accepted"])
        #expect(Self.words(await service.change(Self.order(.label, [6], label: ""))) == ["6 accepted"])
        #expect(Self.words(await service.change(Self.order(.destroy, [4]))) == ["4 accepted"])
        let shown = try await Self.settled(service, clock)
        #expect(shown.map(\.id) == [1, 2, 3, 5, 6])
        #expect(shown.map(\.state) == [.stopped, .running, .running, .stopped, .running])
        #expect(shown.map(\.label) == ["", "train", "train", "", ""])
        #expect(shown.map(\.intended) == ["stopped", "running", "running", "stopped", "running"])
    }

    @Test("the ledger knows what was accepted, what was so already and what failed", arguments: Kind.allCases)
    func ledger(kind: Kind) async throws {
        let service = try Self.service(kind, VirtualClock(mode: .jumping))
        _ = try await service.list(.all)
        _ = await service.change(Self.order(.stop, [1, 5, 99]))
        let kinds = service.ledger.changes.map { change in
            switch change.status {
            case .satisfied: "\(change.id) satisfied"
            case .failed(let kind, _): "\(change.id) \(kind)"
            default: "\(change.id) sent"
            }
        }
        #expect(Set(kinds).isSuperset(of: ["1 sent", "99 not_found"]), "\(kinds)")
    }

    // MARK: both at once

    @Test("random calls come to the same end in memory and at the simulator", arguments: 1...UInt64(40))
    func agreement(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let clocks = [VirtualClock(mode: .jumping), VirtualClock(mode: .jumping)]
        let services = [try Self.service(.fake, clocks[0]), try Self.service(.simulator, clocks[1])]
        for step in 1...12 {
            let verb = [Change.Verb.stop, .start, .label, .label, .stop, .destroy].randomElement(using: &dice) ?? .stop
            let ids = Array(Set((0..<Int.random(in: 1...3, using: &dice)).map { _ in InstanceID(Int64.random(in: 1...7, using: &dice)) }))
                .sorted()
            let order = Self.order(verb, ids, label: verb == .label ? ["", "train", "x [keep]", "ü"].randomElement(using: &dice) : nil)
            var words: [[String]] = []
            var shown: [[Shown]] = []
            for (service, clock) in zip(services, clocks) {
                _ = try await service.list(.all)
                words.append(Self.words(await service.change(order)))
                shown.append(try await Self.settled(service, clock))
            }
            #expect(words[0] == words[1], "seed \(seed), step \(step): \(verb) \(ids)")
            #expect(shown[0] == shown[1], "seed \(seed), step \(step): \(verb) \(ids)")
        }
    }
}
