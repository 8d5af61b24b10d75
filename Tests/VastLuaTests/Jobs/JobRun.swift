import Foundation
import FleetClock
import FleetStore
import Logging
import LuaEngine
import Synchronization
import Testing
import VastAPI
import VastJSON

@testable import VastLua

/// How a script with jobs went.
struct JobRun: Sendable {
    var values: [LuaValue] = []
    var error: String?
    /// What was logged: "level message".
    var log: [String] = []
    var jobFailure: String?
    var isAlive = false
    var end = Duration.zero
}

/// Keeps what is logged.
private struct LogBook: LogHandler {
    let lines: LogLines
    var logLevel = Logger.Level.debug
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.all.withLock { $0.append("\(event.level) \(event.message)") }
    }
}

private final class LogLines: Sendable {
    let all = Mutex<[String]>([])
}

/// Runs a script and its jobs on virtual time, and ends it after a while. What the script puts into the global list
/// `out` comes back as values.
///
/// - Parameters:
///   - start: Unix seconds at the beginning.
///   - jumps: when somebody sets the wall clock, and by how much.
///   - options: their `jobMode` says whether jobs live, or run once.
func runJobs(
    _ script: String, for length: Duration, on rows: [JSONObject] = [FakeFleet.row(12)], start: Double = 1_795_000_000,
    options: Runtime.Options = Runtime.Options(), memory: ScriptMemory? = nil,
    state: AccountState? = nil, setting jumps: [(after: Duration, by: Duration)] = [], prepare: (FakeFleet) -> Void = { _ in }
) async throws -> (JobRun, FakeFleet) {
    let clock = VirtualClock(start: .init(timeIntervalSince1970: start), mode: .jumping, mayBeSet: !jumps.isEmpty)
    let fleet = FakeFleet(clock: clock, rows: rows)
    prepare(fleet)
    let lines = LogLines()
    let service = try await LuaService.open(clock: clock)
    var run = try await service.perform { host in
        let logger = Logger(label: "test") { _ in LogBook(lines: lines) }
        let runtime = try Runtime(
            host: host, service: { fleet }, logger: logger, options: options, memory: { memory },
            state: { state })
        var run = JobRun()
        if options.jobMode != .once {
            host.schedule(atUptime: length) {
                run.isAlive = runtime.serving.hasJobs
                runtime.serving.endJobs()
            }
        }
        for jump in jumps { host.schedule(atUptime: jump.after) { clock.setWallClock(by: jump.by) } }
        do {
            try host.run("out = {}")
            try host.run(script, name: "@script.lua")
            if options.jobMode == .once { try runtime.serving.runJobsOnce() } else { try runtime.serving.serve(nil) }
        } catch let error as LuaError {
            run.error = runtime.errors.describe(error)
        }
        run.end = clock.uptime
        runtime.finish(wait: .zero)
        run.jobFailure = runtime.serving.jobFailure?.message
        run.values = try host.run("return table.unpack(out)")
        host.close()
        return run
    }
    await service.close()
    run.log = lines.all.withLock { $0 }
    return (run, fleet)
}

extension JobRun {
    /// What the script has put into `out`, as text.
    var texts: [String] {
        values.map { value in
            switch value {
            case .string(let text): text
            case .integer(let number): "\(number)"
            case .number(let number): "\(number)"
            case .boolean(let flag): "\(flag)"
            default: "\(value)"
            }
        }
    }

    func logged(_ text: String) -> Int { log.filter { $0.contains(text) }.count }
}

/// A state of its own on disk for as long as the value lives.
final class StatePlace {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vast-lua-\(UUID().uuidString)")
    private(set) lazy var database = StateDatabase(directory: folder.path)
    var memory: ScriptMemory { ScriptMemory(database, account: "a", script: "/s.lua") }
    var state: AccountState { AccountState(database, account: "a") }

    deinit {
        database.close()
        try? FileManager.default.removeItem(at: folder)
    }
}
