import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import Foundation
import VastAPI
import VastJSON

// What guard and journal cost.
//
//   TrustBenchmark actions DIRECTORY   milliseconds that guard and journal add to one change; on a file system in memory
//                                      the disk's own sync is apart
//   TrustBenchmark history DIRECTORY   milliseconds for the latest runs, and for one run with its changes, of a journal
//                                      with 100,000 changes
//   TrustBenchmark samples DIRECTORY   megabytes of a week of 1,000 instances read every five minutes, milliseconds to keep
//                                      one more reading, to read the last hour, and microseconds of an idle verdict on it

/// Answers every request at once.
struct InstantService: HTTPTransport {
    let answer = Array(#"{"success": true}"#.utf8)

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse { HTTPResponse(status: 200, body: answer) }
    func shutdown() async {}
}

let directory = CommandLine.arguments.dropFirst(2).first ?? "/dev/shm/vast-lua-benchmark"
let clock = SystemClock()

func client(_ observer: (any ExchangeObserver)?) throws -> VastClient {
    var configuration = ClientConfiguration(url: .vast, key: try APIKey("benchmark"), clock: clock, seed: 1)
    configuration.pacing = .unpaced
    configuration.transport = InstantService()
    configuration.observer = observer
    return try VastClient(configuration)
}

/// The chain as a run has it: with the freeze file, the last size of the fleet, and the ledger.
func chain(_ run: String) throws -> (some FleetChain, Journal) {
    let database = StateDatabase(directory: directory)
    let freeze = FreezeFile(directory: directory)
    let journal = Journal(
        database, run: RunInfo(id: run, script: "/benchmark.lua", started: clock.unixTime), account: "benchmark", freeze: freeze,
        clock: clock)
    let books = ChainBooks()
    var settings = GuardMiddleware.Settings()
    settings.freeze = freeze
    let sizes = SnapshotStore(database, account: "benchmark")
    settings.sanity = SanityTracker(
        store: SanityTracker.SizeStore(last: { try sizes.lastFleetSize() }, keep: { try sizes.keepFleetSize($0, at: $1) }))
    settings.ceilings = [("benchmark", GuardLimits([.maxRateInterrupted: 1e9]))]
    let history = JournalHistory(database)
    settings.others = { since in
        try await database.perform { try history.guardEntries(account: "benchmark", since: since, excluding: run) }
    }
    let journaled = JournalMiddleware(
        AccountChecked(VastService(client: try client(ChangeObserver(ledger: books.ledger, journal: journal, clock: clock))), only: nil),
        journal: journal, reconciler: JournalReconciler(database, account: "benchmark"), ledger: books.ledger, tell: { _ in })
    return (GuardMiddleware(Known(journaled), books: books, clock: clock, settings: settings), journal)
}

/// A fleet that costs nothing to read.
struct Known: FleetService {
    let next: any FleetService
    let fleet: FleetSnapshot

    init(_ next: any FleetService) {
        self.next = next
        let rows = (1...400).map {
            #"{"id": \#($0), "label": "train", "actual_status": "running", "intended_status": "running", "cur_state": "running", "gpu_util": 1, "num_gpus": 1, "dph_total": 1}"#
        }
        let instances = rows.compactMap { text in
            (try? JSONDocument(parsing: text)).flatMap { Instance(row: $0.root, observedAt: clock.now) }
        }
        fleet = FleetSnapshot(instances: instances, observedAt: clock.now, isComplete: true, isFiltered: false)
    }

    func list(_ query: ListQuery) async throws -> FleetSnapshot { fleet }
    func show(_ id: InstanceID) async throws -> Instance? { fleet[id] }
    func user() async throws -> User { try await next.user() }
    func change(_ order: ChangeOrder) async -> ChangeOutcomes { await next.change(order) }
    func request(_ order: RequestOrder) async throws -> JSON? { try await next.request(order) }
}

func milliseconds(_ count: Int, _ body: (Int) async throws -> Void) async throws -> Double {
    let start = clock.uptime
    for index in 1...count { try await body(index) }
    return (clock.uptime - start).seconds * 1_000 / Double(count)
}

func actions() async throws {
    let plain = VastService(client: try client(nil))
    let (guarded, _) = try chain("aaaaaa")
    _ = try await guarded.list(.all)
    let label: (Int) -> ChangeOrder = { ChangeOrder(.label, [InstanceID(Int64($0 % 190 + 1))], label: "n\($0)") }
    let bare = try await milliseconds(190) { _ = await plain.change(label($0)) }
    let whole = try await milliseconds(190) { try await guarded.change(label($0)).get() }
    print(whole - bare)
}

func history() async throws {
    for run in 0..<100 {
        let (_, journal) = try chain("\(100_000 + run)")
        let sending = VastService(client: try client(journal))
        for call in 0..<20 {
            let ids = (1...50).map { JSONValue.integer(Int64(call * 50 + $0)) }
            _ = try await sending.request(RequestOrder(.put, "/api/v0/instances/", body: ["ids": .array(ids), "state": "stopped"]))
        }
        try journal.end(exitCode: 0)
    }
    let fresh = JournalHistory(StateDatabase(directory: directory))
    let list = try await milliseconds(1) { _ in _ = try fresh.runs(limit: 20) }
    let one = try await milliseconds(1) { _ in _ = try fresh.changes(of: try fresh.run("100050")) }
    print(list, one)
}

/// What a reading of 1,000 instances says, with figures that move as real ones do.
func reading(at time: Double, _ dice: inout SystemRandomNumberGenerator) -> [(id: InstanceID, sample: Sample)] {
    (1...1_000).map { number in
        let isOn = number % 10 < 6
        let sample = Sample(
            time: time + Double(number / 25) * 0.04, state: isOn ? .running : .stopped,
            gpuUtilization: isOn ? .random(in: 0...100, using: &dice) : nil,
            gpuTemperature: isOn ? .random(in: 30...85, using: &dice) : nil,
            cpuUtilization: isOn ? .random(in: 0...1, using: &dice) : nil, memoryUsage: .random(in: 1...200, using: &dice),
            diskUsage: .random(in: 10...900, using: &dice), networkUp: .random(in: 100...2_000, using: &dice),
            networkDown: .random(in: 100...2_000, using: &dice), rate: isOn ? 1.2345 : 0.0208, gpuCount: 4)
        return (InstanceID(40_000_000 + Int64(number)), sample)
    }
}

func samples() async throws {
    var dice = SystemRandomNumberGenerator()
    let database = StateDatabase(directory: directory)
    let store = SampleStore(database, account: "benchmark")
    let start = 1_795_000_000.0
    for index in 0..<2_016 { try store.add(reading(at: start + Double(index) * 300, &dice)) }
    let now = start + 2_016 * 300
    let more = reading(at: now, &dice)
    let added = try await milliseconds(1) { _ in try store.add(more) }
    var recent: [InstanceID: [Sample]] = [:]
    let read = try await milliseconds(1) { _ in recent = try store.samples(since: now - 3_600) }
    let rule = IdleRule(window: .seconds(2_700))
    var idle = 0
    let verdicts = try await milliseconds(1) { _ in
        for samples in recent.values where rule.verdict(samples, now: now) == .idle { idle += 1 }
    }
    database.close()
    let bytes = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(directory)/state.sqlite")).seekToEnd()
    print(Double(bytes) / 1e6, added, read, verdicts)
}

switch CommandLine.arguments.dropFirst().first {
case "actions": try await actions()
case "history": try await history()
case "samples": try await samples()
default: print("usage: TrustBenchmark actions|history|samples DIRECTORY")
}
