import FleetClock
import Synchronization

@testable import VastAPI

/// A key that must never show anywhere.
let markerKey = "marker0key0that0must0never0show"

func makeClient(
    _ transport: any HTTPTransport, clock: any FleetClock, pacing: ClientConfiguration.Pacing = .documented,
    directory: String? = nil, observer: (any ExchangeObserver)? = nil
) throws -> VastClient {
    var configuration = ClientConfiguration(
        url: try ServiceURL("http://127.0.0.1:9"), key: try APIKey(markerKey), clock: clock, seed: 1)
    configuration.transport = transport
    configuration.pacing = pacing
    configuration.pacingDirectory = directory
    configuration.observer = observer
    return try VastClient(configuration)
}

/// A fake service with a client of it, on a clock that jumps.
struct Rig {
    let clock = VirtualClock(mode: .jumping)
    let vast: FakeVast
    let client: VastClient
    let journal = Journal()
    /// The verbs, with what is known of all instances.
    var operations: Operations {
        let rows = vast.rows.map { (InstanceID($0.key), ChangeBaseline(intendedStatus: $0.value.intended, label: $0.value.label ?? "")) }
        return Operations(client, before: Dictionary(uniqueKeysWithValues: rows))
    }

    init(
        _ instances: Int, pacing: ClientConfiguration.Pacing = .documented,
        _ change: (inout FakeVast.World) -> Void = { _ in }
    ) throws {
        vast = FakeVast(clock: clock, instances: instances, change)
        client = try makeClient(vast, clock: clock, pacing: pacing, observer: journal)
    }

    /// Makes changes as work that the clock knows of: it does not jump while they are under way.
    func perform(_ body: @Sendable (Operations) async -> ChangeOutcomes) async -> ChangeOutcomes {
        await clock.working { await body(operations) }
    }

    func ids(_ range: ClosedRange<Int64>) -> [InstanceID] { range.map { InstanceID($0) } }
}

/// Remembers what it was told.
final class Journal: ExchangeObserver {
    struct Entry: Sendable {
        let intent: ChangeIntent
        var outcome: ChangeOutcome?
    }

    let entries = Mutex<[Int: Entry]>([:])

    func willSend(_ intent: ChangeIntent) async throws {
        entries.withLock { $0[intent.number] = Entry(intent: intent) }
    }

    func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async {
        entries.withLock { $0[intent.number]?.outcome = outcome }
    }

    var all: [Entry] { entries.withLock { $0.values.sorted { $0.intent.number < $1.intent.number } } }
}

extension Result {
    var isSuccess: Bool { if case .success = self { true } else { false } }
}

extension Result where Failure == VastError {
    var error: VastError? { if case .failure(let error) = self { error } else { nil } }
}
