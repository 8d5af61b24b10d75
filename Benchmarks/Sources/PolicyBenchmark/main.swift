import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import Foundation
import Logging
import LuaEngine
import VastAPI
import VastJSON
import VastLua

// One tick of ten policies that ask `is_idle` of every instance, with a week of readings on disk, from the moment that
// the fleet has been read.
//
//   PolicyBenchmark PAGES DIRECTORY [ROUNDS]
//
// Prints the milliseconds of a tick in a new process state, the best of the rounds, and how many instances were judged idle.

let script = """
    idle = 0
    for i = 1, 10 do
      vast.policy {name = "p" .. i, every = "5m", match = {billing = "gpu"}, grace = "10m", action = "stop",
        when = function(inst)
          local is = inst:is_idle("45m")
          if is then idle = idle + 1 end
          return is
        end}
    end
    """

/// A fleet that is read already.
struct ReadFleet: FleetChain {
    let snapshot: FleetSnapshot
    let ledger = ChangeLedger()

    func list(_ query: ListQuery) async throws -> FleetSnapshot { snapshot }
    func show(_ id: InstanceID) async throws -> Instance? { snapshot.instances.first { $0.id == id } }
    func change(_ order: ChangeOrder) async -> ChangeOutcomes { ChangeOutcomes(order.ids) }
    func user() async throws -> User { throw VastError(.notFound, "no user") }
    func request(_ order: RequestOrder) async throws -> JSON? { nil }
}

func readFleet(_ path: String) async throws -> FleetSnapshot {
    var configuration = ClientConfiguration(
        url: try ServiceURL("http://127.0.0.1"), key: try APIKey("benchmark"), clock: SystemClock(), seed: 1)
    configuration.pacing = .unpaced
    configuration.transport = try CannedService(path: path)
    return try await VastService(client: try VastClient(configuration)).list(.all)
}

/// A week of readings, one every 5 minutes; every third instance idles.
func fill(_ store: SampleStore, _ fleet: FleetSnapshot, until now: Double) throws {
    for index in 0..<2_016 {
        let time = now - Double(2_016 - index) * 300
        try store.add(
            fleet.instances.map { instance in
                let isIdle = instance.id.rawValue % 2 == 0
                return (
                    instance.id,
                    Sample(
                        time: time, state: instance.state, gpuUtilization: isIdle ? 0.4 : .random(in: 10...100), gpuTemperature: 31,
                        cpuUtilization: 0.02, diskUsage: 40, rate: 1.2, gpuCount: instance.raw("num_gpus")?.integral)
                )
            })
    }
}

let fleet = try await readFleet(CommandLine.arguments[1])
let directory = CommandLine.arguments[2]
let rounds = CommandLine.arguments.count > 3 ? Int(CommandLine.arguments[3]) ?? 1 : 1
let database = StateDatabase(directory: directory)
let now = fleet.instances[0].observedAt.timeIntervalSince1970
try fill(SampleStore(database, account: "benchmark"), fleet, until: now)
database.close()

var best = Double.infinity
var idle: [LuaValue] = []
for _ in 0..<rounds {
    let state = StateDatabase(directory: directory)
    let host = try LuaHost(clock: SystemClock())
    let runtime = try Runtime(
        host: host, service: { ReadFleet(snapshot: fleet) }, logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() }),
        options: .init(jobMode: .once), state: { AccountState(state, account: "benchmark") })
    try host.run(script)
    let clock = ContinuousClock()
    let length = try clock.measure { try runtime.serving.runJobsOnce() }
    best = min(best, length.seconds * 1_000)
    idle = try host.run("return idle")
    host.close()
    state.close()
}
if case .integer(let count)? = idle.first { print(best, count) }
