import FleetClock
import FleetWorld
import Foundation
import LoopbackServer
import Synchronization
import Testing
import VastAPI
import VastSimulator

/// A service whose answers are spoilt, over HTTP.
@Suite("A hostile service", .serialized, .timeLimit(.minutes(10))) struct HostileServiceTests {
    private static let key = "marker0key0that0must0never0show"
    private static let ids = Array(1...6 as ClosedRange<Int64>)

    private static func service(_ seed: UInt64, _ clock: any FleetClock) -> SimulatedService {
        var (fleet, options) = (Fleet(), SimulatorOptions())
        for id in ids {
            var made = InstanceSpecification(id: id, label: "i\(id)")
            (made.machine, made.isOn) = (id + 100, id % 2 == 0)
            fleet.instances.append(made.instance(at: clock.now, seed: seed))
        }
        (options.seed, options.keys, options.pageSize) = (seed, AccessKey.set(for: key), 4)
        return SimulatedService(fleet, options: options, clock: clock)
    }

    /// The request as the service is asked.
    private static func request(_ text: String) -> SimulatedRequest {
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        let authorization = lines.first { $0.lowercased().hasPrefix("authorization:") }?.dropFirst(14).trimmingCharacters(in: .whitespaces)
        return SimulatedRequest(
            words.first ?? "", words.count > 1 ? words[1] : "/", authorization: authorization,
            body: Array(parts.dropFirst().joined(separator: "\r\n\r\n").utf8))
    }

    @Test(
        "whatever it answers, a call ends with a clear error or a value, changes nothing that it does not name, and what was not sent was not sent"
    )
    func law() async throws {
        let result = await Sweep("hostile service", count: 40, seeds: nil).run { seed in
            let clock = ScaledClock(SystemClock(), factor: 400)
            let service = Self.service(seed, clock)
            let dice = Mutex(FuzzDice(seed: seed))
            let server = try LoopbackServer { text, _ in
                var answer = HostileAnswer(service.respond(to: Self.request(text)))
                dice.withLock { dice in if !dice.isOne(of: 4) { for _ in 0..<dice.number(1...3) { answer.spoil(&dice) } } }
                return .sendBytesAndClose(answer.bytes)
            }
            defer { server.stop() }
            var configuration = ClientConfiguration(url: try ServiceURL(server.url), key: try APIKey(Self.key), clock: clock, seed: seed)
            (configuration.pacing, configuration.timeout, configuration.patience) = (.unpaced, .seconds(40), .seconds(60))
            let client = try VastClient(configuration)
            var (problem, choices) = (String?.none, FuzzDice(seed: seed ^ 0x6361_6C6C))
            for _ in 0..<6 where problem == nil { problem = await Self.problem(client, service, &choices) }
            await client.shutdown()
            return problem
        }
        #expect(result.failures.isEmpty)
    }

    private static func problem(_ client: VastClient, _ service: SimulatedService, _ dice: inout FuzzDice) async -> String? {
        let (before, sent) = (state(service), writes(service).count)
        let id = InstanceID(dice.pick(ids))
        let problem: String?
        let named: Set<InstanceID>
        switch dice.number(0...5) {
        case 0: (named, problem) = ([], await failure { Self.problem(try await client.list()) })
        case 1:
            (named, problem) = (
                [],
                await failure {
                    _ = try await client.show(id); return nil
                }
            )
        case 2:
            (named, problem) = (
                [],
                await failure {
                    _ = try await client.user(); return nil
                }
            )
        case 3: (named, problem) = await Self.change([id, InstanceID(7 - id.rawValue)], service, sent) { await Operations(client).stop($0) }
        case 4: (named, problem) = await Self.change([id], service, sent) { await Operations(client).label($0, "new") }
        default: (named, problem) = await Self.change([id], service, sent) { await Operations(client).start($0) }
        }
        if let problem { return problem }
        if named.isEmpty, writes(service).count > sent { return "a reading sent \(writes(service).last ?? "")" }
        let after = state(service)
        return before.first { !named.contains(InstanceID($0.key)) && after[$0.key] != $0.value }.map {
            "\($0.key) was changed, and nobody named it"
        }
    }

    /// What was asked of the fleet, and not how far it is.
    private static func state(_ service: SimulatedService) -> [Int64: String] {
        service.world.instances.mapValues { "\($0.status.intended) \($0.label ?? "-") \($0.bid ?? 0)" }
    }

    private static func writes(_ service: SimulatedService) -> [String] {
        service.log.filter { $0.method != "GET" }.map { "\($0.method) \($0.target)" }
    }

    private static func problem(_ snapshot: FleetSnapshot) -> String? {
        let ids = snapshot.instances.map(\.id)
        return Set(ids).count == ids.count ? nil : "an instance is listed twice: \(ids)"
    }

    private static func change(
        _ ids: [InstanceID], _ service: SimulatedService, _ sent: Int, _ body: ([InstanceID]) async -> ChangeOutcomes
    ) async -> (Set<InstanceID>, String?) {
        let ids = Array(Set(ids))
        let outcomes = await body(ids)
        guard Set(outcomes.byID.keys) == Set(ids) else { return (Set(ids), "not every id has an outcome") }
        let written = writes(service).dropFirst(sent)
        for (id, outcome) in outcomes.byID {
            switch outcome {
            case .accepted, .satisfied: continue
            case .notSent(let error):
                if !written.isEmpty, ids.count == 1 { return (Set(ids), "\(id) was sent, and is not: \(written)") }
                if let problem = problem(error) { return (Set(ids), problem) }
            case .refused(let error), .unknown(let error): if let problem = problem(error) { return (Set(ids), problem) }
            }
        }
        return (Set(ids), nil)
    }

    private static func failure(_ body: () async throws -> String?) async -> String? {
        do { return try await body() } catch { return problem(error) }
    }

    /// An error is one of ours, and one line that does nothing to a terminal and gives nothing away.
    private static func problem(_ error: any Error) -> String? {
        guard let error = error as? VastError else { return "the error is a \(type(of: error)): \(error)" }
        let text = "\(error.kind.rawValue) \(error.message) \(error.hint ?? "") \(error.code ?? "") \(error.request ?? "")"
        if error.message.isEmpty || error.kind.rawValue.isEmpty { return "the error says nothing" }
        if text.contains(key) { return "the key is said: \(text)" }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "the error has odd characters: \(text.debugDescription)"
        }
        return text.count < 4_000 ? nil : "the error has \(text.count) characters"
    }
}
