import FleetFixtures
import Foundation
import FleetClock
import Synchronization
import VastJSON

@testable import FleetStore
@testable import VastAPI

/// A service that carries changes of single instances out at once, and remembers each that reached it.
final class FakeService: HTTPTransport {
    struct World: Sendable {
        var intended: [Int64: String] = [:]
        var labels: [Int64: String] = [:]
        /// Every change that arrived, such as `12 stopped`.
        var arrived: [String] = []
        /// The numbers of the changing requests, from 1, whose answers get lost.
        var lostAnswers: Set<Int> = []
        /// The numbers of those that get lost themselves.
        var lost: Set<Int> = []
        /// The numbers of those that are refused.
        var refused: [Int: Int] = [:]
        var requests = 0
    }

    let world: Mutex<World>

    init(_ ids: ClosedRange<Int64>, _ change: (inout World) -> Void = { _ in }) {
        var world = World()
        for id in ids { world.intended[id] = "running" }
        change(&world)
        self.world = Mutex(world)
    }

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        if request.method == .get { return try list() }
        let path = request.url.split(separator: "/").map(String.init)
        let id = path.last.flatMap { Int64($0) } ?? 0
        let body = try JSONDocument(parsing: request.body ?? []).root
        return try world.withLock { world in
            world.requests += 1
            if world.lost.contains(world.requests) { throw TransportError(.timedOut, detail: "no answer") }
            if let status = world.refused[world.requests] {
                return HTTPResponse(status: status, body: Array(#"{"success":false,"error":"invalid_args","msg":"no"}"#.utf8))
            }
            if let state = body["state"]?.string {
                world.intended[id] = state
                world.arrived.append("\(id) \(state)")
            }
            if let label = body["label"]?.string {
                world.labels[id] = label
                world.arrived.append("\(id) label")
            }
            if world.lostAnswers.contains(world.requests) { throw TransportError(.timedOut, detail: "no answer") }
            return HTTPResponse(status: 200, body: Array(#"{"success":true}"#.utf8))
        }
    }

    private func list() throws -> HTTPResponse {
        let rows = try snapshot(at: 0).instances.map { $0.row.value }
        let page: JSONValue = [
            "success": true, "instances": .array(rows), "next_token": nil, "total_instances": .integer(Int64(rows.count))
        ]
        return HTTPResponse(status: 200, body: try page.serialized())
    }

    func shutdown() async {}

    /// Everything that reached the service.
    var arrived: [String] { world.withLock { $0.arrived } }

    /// The fleet as it is now.
    func snapshot(at time: Double) throws -> FleetSnapshot {
        let (intended, labels) = world.withLock { ($0.intended, $0.labels) }
        let rows = try intended.map { id, state in
            try TestFleet.row(id, state == "running" ? .running : .stopped, label: labels[id] ?? "")
        }
        return FleetSnapshot(
            instances: rows.sorted { $0.id < $1.id }, observedAt: .init(timeIntervalSince1970: time), isComplete: true,
            isFiltered: false)
    }
}

/// A state directory, a journal in it, and a client of a fake service that writes to the journal.
struct JournalRig {
    static let account = "host/7"

    let place: TemporaryDirectory
    let clock = VirtualClock(mode: .jumping)
    let service: FakeService

    init(_ ids: ClosedRange<Int64> = 1...20, _ change: (inout FakeService.World) -> Void = { _ in }) throws {
        place = try TemporaryDirectory()
        service = FakeService(ids, change)
    }

    func database(faults: FaultHook? = nil) -> StateDatabase { StateDatabase(directory: place.path, faults: faults) }

    func journal(_ id: String = "7f3a9c", faults: FaultHook? = nil, freeze: FreezeFile? = nil) -> Journal {
        let info = RunInfo(id: id, script: "/x/nightly.lua", scriptHash: "abc", started: clock.unixTime)
        return Journal(database(faults: faults), run: info, account: Self.account, freeze: freeze, clock: clock)
    }

    func operations(_ journal: Journal, call: Int = 1, before: [InstanceFacts] = []) throws -> Operations {
        var configuration = ClientConfiguration(
            url: try ServiceURL("http://127.0.0.1:9"), key: try APIKey("marker0key0that0must0never0show"), clock: clock, seed: 1)
        configuration.transport = service
        configuration.pacing = .unpaced
        configuration.observer = journal
        configuration.patience = .seconds(20)
        let baseline = service.world.withLock { world in
            Dictionary(
                uniqueKeysWithValues: world.intended.map {
                    (InstanceID($0.key), ChangeBaseline(intendedStatus: $0.value, label: world.labels[$0.key] ?? ""))
                })
        }
        let note = CallNote(
            call: call, line: "nightly.lua:9", reasons: [1: "idle"], before: Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0) }))
        return Operations(try VastClient(configuration), note: note, before: baseline)
    }

    /// Another test that starts a program at this very moment has the lock of a run that is gone, until its program runs.
    func untilNobodyLives() async {
        let leases = (try? FileManager.default.contentsOfDirectory(atPath: place.path + "/runs")) ?? []
        while leases.contains(where: { RunLease.isAlive(directory: place.path, name: $0) }) { await Task.yield() }
    }

    var history: JournalHistory { JournalHistory(database(), account: Self.account) }
    var reconciler: JournalReconciler { JournalReconciler(database(), account: Self.account) }
}

extension ChangeIntent {
    /// An intent as the client makes them.
    static func test(_ number: Int, _ change: Change, attempt: Int = 1, note: CallNote? = nil) -> ChangeIntent {
        ChangeIntent(number: number, change: change, request: "PUT /api/v0/instances/", attempt: attempt, note: note)
    }
}
