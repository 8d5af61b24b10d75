import FleetClock
import FleetSafety
import FleetStore
import Foundation
import Synchronization
import Testing
import VastAPI
import VastSimulator

/// The chain of a run, which dies by SIGKILL at a point that is counted.
private enum Victim {
    static let stopped: [InstanceID] = [40_112_233, 40_112_240, 40_112_243]
    static let started: InstanceID = 40_112_300
    static let labelled: InstanceID = 40_112_234

    /// Counts the points at which a process may die, and dies at one of them.
    final class Points: Sendable {
        private let passed = Mutex(0)
        private let fatal: Int

        init(fatal: Int) { self.fatal = fatal }

        var count: Int { passed.withLock { $0 } }

        func pass() {
            let number = passed.withLock { passed in
                passed += 1
                return passed
            }
            if number == fatal { kill(getpid(), SIGKILL) }
        }
    }

    /// The journal, with points before and after each word that it is told.
    private struct Witness: ExchangeObserver {
        let journal: Journal
        let points: Points

        func willSend(_ intent: ChangeIntent) async throws {
            points.pass()
            try await journal.willSend(intent)
            points.pass()
        }

        func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async {
            points.pass()
            await journal.didFinish(intent, outcome)
            points.pass()
        }
    }

    /// Makes the fleet as it shall be: what is so already is not touched.
    ///
    /// - Parameter fatal: the point at which this process is killed; 0: nowhere.
    /// - Returns: how many points there were, and what was found out about earlier runs.
    static func run(url: String, state: String, run id: String, fatal: Int) async throws -> (points: Int, findings: [String]) {
        let (points, clock) = (Points(fatal: fatal), SystemClock())
        let database = StateDatabase(directory: state, faults: { _ in points.pass() })
        let journal = Journal(
            database, run: RunInfo(id: id, script: "/night.lua", started: clock.unixTime), account: "test", clock: clock)
        var configuration = ClientConfiguration(url: try ServiceURL(url), key: try APIKey("simulator"), clock: clock, seed: 1)
        configuration.pacing = .unpaced
        configuration.observer = Witness(journal: journal, points: points)
        let client = try VastClient(configuration)
        let (books, found) = (ChainBooks(), Findings())
        let chain = GuardMiddleware(
            JournalMiddleware(
                AccountChecked(VastService(client: client), only: nil), journal: journal,
                reconciler: JournalReconciler(database, account: "test"), ledger: books.ledger, tell: { found.add($0) }),
            books: books, clock: clock)
        try await change(chain)
        try journal.end(exitCode: 0)
        await client.shutdown()
        return (points.count, found.all)
    }

    private static func change(_ chain: some FleetService) async throws {
        let fleet = try await chain.list(.all)
        let on = stopped.filter { fleet[$0]?.intendedStatus == "running" }
        if !on.isEmpty { _ = await chain.change(ChangeOrder(.stop, on)) }
        if fleet[started]?.intendedStatus != "running" { _ = await chain.change(ChangeOrder(.start, [started])) }
        if fleet[labelled]?.label != "night" { _ = await chain.change(ChangeOrder(.label, [labelled], label: "night")) }
        _ = try await chain.list(.all)
    }

    private final class Findings: Sendable {
        private let texts = Mutex<[String]>([])
        func add(_ text: String) { texts.withLock { $0.append(text) } }
        var all: [String] { texts.withLock { $0 } }
    }
}

/// A simulated service of this process, and the changes that reached it.
private final class Service {
    private let server: SimulatorServer
    private let requests: Requests

    final class Requests: Sendable {
        private let seen = Mutex<[String]>([])
        func add(_ entry: LoggedRequest) {
            if entry.method == "PUT", entry.status == 200 { seen.withLock { $0.append(entry.target) } }
        }
        var all: [String] { seen.withLock { $0 } }
    }

    init() throws {
        let (clock, requests) = (SystemClock(), Requests())
        self.requests = requests
        server = SimulatorServer(
            SimulatedService(Fleet.standard(at: clock.now), clock: clock, onRequest: { requests.add($0) }))
    }

    func start() async throws -> String { "http://127.0.0.1:\(try await server.start(port: 0))" }

    func stop() async { await server.stop() }

    var changes: [String] { requests.all }

    /// The instances that a change has reached.
    var changed: Set<InstanceID> {
        changes.reduce(into: []) { ids, target in
            if target == "/api/v0/instances/" { return ids.formUnion(Victim.stopped) }
            if let id = target.split(separator: "/").last.flatMap({ Int64($0) }) { ids.insert(InstanceID(id)) }
        }
    }
}

@Suite("A process that is killed at any point of a run", .serialized)
struct KillSweepTests {
    @Test("leaves a journal that names every change that was made, and nothing is done twice")
    func sweep() async throws {
        let count = try await countPoints()
        #expect(count > 15)
        for point in 1...count { try await kill(at: point) }
    }

    private func countPoints() async throws -> Int {
        try await withService { service, url, state in
            let run = try await Victim.run(url: url, state: state, run: "aaaaaa", fatal: 0)
            #expect(service.changed == Set(Victim.stopped + [Victim.started, Victim.labelled]))
            return run.points
        }
    }

    private func kill(at point: Int) async throws {
        try await withService { service, url, state in
            await #expect(processExitsWith: .signal(SIGKILL)) { [url = url as String, state = state as String, point = point as Int] in
                _ = try await Victim.run(url: url, state: state, run: "aaaaaa", fatal: point)
            }
            let history = JournalHistory(StateDatabase(directory: state))
            let named = try history.runs(limit: 9).flatMap { try history.changes(of: $0) }
                .filter { $0.status != .failed && $0.status != .satisfied }.map(\.instance)
            #expect(service.changed.isSubset(of: named), "killed at point \(point)")
            let second = try await Victim.run(url: url, state: state, run: "bbbbbb", fatal: 0)
            let doubts = Set(named).subtracting(try confirmed(history))
            #expect(second.findings.allSatisfy { $0.contains("run aaaaaa") })
            #expect(doubts.isEmpty, "killed at point \(point): \(doubts) are in doubt after the next run")
            #expect(service.changes.count == Set(service.changes).count, "killed at point \(point): \(service.changes)")
            #expect(service.changed == Set(Victim.stopped + [Victim.started, Victim.labelled]))
        }
    }

    /// The instances of which the journal knows how each of their changes ended.
    private func confirmed(_ history: JournalHistory) throws -> Set<InstanceID> {
        let changes = try history.runs(limit: 9).flatMap { try history.changes(of: $0) }
        let open = changes.filter { [.sent, .unknown].contains($0.status) }.map(\.instance)
        return Set(changes.map(\.instance)).subtracting(open)
    }

    private func withService<Result>(_ body: (Service, _ url: String, _ state: String) async throws -> Result) async throws -> Result {
        let state = FileManager.default.temporaryDirectory.appendingPathComponent("vast-lua-kill-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: state) }
        let service = try Service()
        let result = try await body(service, try await service.start(), state)
        await service.stop()
        return result
    }
}
