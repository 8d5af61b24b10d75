import FleetCalendar
import FleetClock
import Foundation
import Logging
import LuaEngine
import VastAPI
import VastLua

// Schedules.
//
//   ScheduleBenchmark calendar CASES.json   microseconds for one `next`, over the conformance cases
//   ScheduleBenchmark year                  seconds for 1,000 cron jobs of five firings a day over a virtual year,
//                                           and how often they ran

struct Cases: Decodable {
    struct Case: Decodable {
        let expr: String
        let zone: String
        let after: Int64
        let next: [Int64]
    }

    let next: [Case]
}

func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// Builds each calendar and asks for its next firings, as the peer does.
func calendar(_ path: String) throws {
    let cases = try JSONDecoder().decode(Cases.self, from: Data(contentsOf: URL(fileURLWithPath: path))).next
    let zones = ZoneCatalog()
    let begin = cpuSeconds()
    var count = 0
    for one in cases {
        let calendar = CronCalendar(try CronExpression(one.expr), zone: try zones.zone(one.zone))
        count += calendar.next(after: one.after, count: one.next.count).count
    }
    print((cpuSeconds() - begin) / Double(count) * 1e6)
}

func year() async throws {
    let clock = VirtualClock(mode: .jumping)
    let service = try await LuaService.open(clock: clock)
    let begin = Date()
    let runs = try await service.perform { host in
        let logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
        let runtime = try Runtime(host: host, service: { throw VastError(.network, "none") }, logger: logger)
        _ = host.schedule(atUptime: .seconds(365 * 86_400)) { runtime.serving.endJobs() }
        try host.run(
            """
            runs = 0
            for i = 1, 1000 do
              vast.cron(i % 60 .. " */5 * * *", function() runs = runs + 1 end, {name = "job " .. i, tz = "Europe/Berlin"})
            end
            """)
        try runtime.serving.serve(nil)
        guard case .integer(let runs)? = try host.run("return runs").first else { return Int64(0) }
        host.close()
        return runs
    }
    print(Date().timeIntervalSince(begin), runs)
    await service.close()
}

switch CommandLine.arguments.dropFirst().first {
case "calendar" where CommandLine.arguments.count == 3: try calendar(CommandLine.arguments[2])
case "year": try await year()
default: print("usage: ScheduleBenchmark calendar CASES.json | year")
}
