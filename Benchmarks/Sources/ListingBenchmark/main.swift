import FleetClock
import FleetSafety
import Glibc
import Logging
import LuaEngine
import VastAPI
import VastLua

// From the bytes of a listing's pages to a rule in Lua that has read three fields of every instance, by the same way as
// in the program: client, chain, snapshot, runtime, script. Only the network is left out.
//
//   ListingBenchmark PAGES [ROUNDS]
//
// Prints, for each round, wall and processor seconds and how many instances the rule has found.

/// The same rule as in peers/listing_cjson.lua and peers/listing_orjson.py.
let rule = """
    local found = {}
    for _, i in ipairs(vast.instances()) do
      local util = i.gpu_util
      if i.actual_status == "running" and util and util < 5 then found[#found + 1] = i.id end
    end
    return #found
    """

func makeHost(_ service: CannedService) throws -> (LuaHost, Runtime) {
    let clock = SystemClock()
    var configuration = ClientConfiguration(
        url: try ServiceURL("http://127.0.0.1"), key: try APIKey("benchmark"), clock: clock, seed: 1)
    configuration.pacing = .unpaced
    configuration.transport = service
    let client = try VastClient(configuration)
    let host = try LuaHost(clock: clock)
    let logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
    let chain = GuardMiddleware(AccountChecked(VastService(client: client), only: nil), books: ChainBooks(), clock: clock)
    return (host, try Runtime(host: host, service: { chain }, logger: logger))
}

func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func count(_ value: LuaValue?) -> Int64 {
    if case .integer(let count)? = value { count } else { -1 }
}

let service = try CannedService(path: CommandLine.arguments[1])
let rounds = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 1 : 1
let (host, runtime) = try makeHost(service)
for _ in 0..<rounds {
    let (wall, cpu) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    let result = try host.run(rule)
    print(seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, count(result.first))
    _ = try host.run("collectgarbage() collectgarbage()")
}
_ = runtime
host.close()
