import CSignals
import FleetCalendar
import FleetClock
import Glibc
import Logging
import LuaEngine
import ScriptSandbox
import VastLua

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The process of a restricted script, seen from inside: it has no key, and asks for everything over descriptor 3.
final class RestrictedChild {
    private static let channel: Int32 = 3
    /// Address space beyond what Lua may hold: stacks of threads, frames, the parsed fleet.
    private static let overhead = 1 << 30

    private let order: RestrictedOrder
    private let service: RemoteService
    private let host: LuaHost
    private let runtime: Runtime
    private let control = RunControl()

    /// Runs what the other process says; the exit code counts for nothing.
    static func run() -> ExitCode {
        var status = stat()
        guard fstat(channel, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            StandardError().say("'\(ChildProcess.word)' is for vast-lua itself; a restricted script: vast-lua --restricted SCRIPT")
            return .usage
        }
        let line = Channel(descriptor: channel)
        var service = RemoteService(line)
        do {
            guard vast_child_confine() == 0 else { throw UsageError("the process cannot be confined") }
            let order = try RestrictedOrder(line: line)
            guard vast_child_bound(Int(order.memoryLimit) + overhead, UInt(order.cpuLimit)) == 0 else {
                throw UsageError("the process cannot be bounded")
            }
            try Confinement.enter(readable: readablePaths(order))
            service = RemoteService(line, clock: clock(order))
            try RestrictedChild(order, service).run()
        } catch {
            service.tellEnd(RestrictedEnd(failure: "\(error)"))
        }
        return .done
    }

    /// The script, the folder of its modules, and zone files.
    private static func readablePaths(_ order: RestrictedOrder) -> [String] {
        let script = order.script.map { [$0, folder(of: $0)] } ?? []
        return script + ZoneCatalog(environment: ["TZDIR": getenv("TZDIR").map { String(cString: $0) } ?? ""]).folders + ["/etc/localtime"]
    }

    private init(_ order: RestrictedOrder, _ service: RemoteService) throws {
        self.order = order
        self.service = service
        host = try LuaHost(
            clock: Self.clock(order), options: LuaHost.Options(memoryLimit: Int(order.memoryLimit), ignoresEnvironment: true))
        let zones = ZoneCatalog(environment: ProcessEnvironment.take().values)
        var options = Runtime.Options(
            confirm: .zero, isPlanning: order.isPlanning, jobMode: order.runsOnce ? .once : .live,
            zone: try order.zone.map { try zones.zone($0) }, zones: zones, limit: { try service.limit($0) })
        options.earlierLabelsUntil = order.earlierLabelsUntil
        runtime = try Runtime(
            host: host, service: { service }, logger: service.logger(level: Logger.Level(rawValue: order.logLevel) ?? .info),
            options: options)
    }

    private static func clock(_ order: RestrictedOrder) -> any FleetClock {
        let clock = SystemClock()
        if order.speed == 1 { return clock }
        return ScaledClock(clock, factor: order.speed, start: Date(clampingUnixSeconds: order.now))
    }

    private func run() throws {
        let (service, interrupter, control) = (service, host.interrupter, control)
        startThread {
            service.receive { order, frame in
                switch order {
                case .start: return
                case .windDown: control.end()
                case .interrupt: interrupter.interrupt(LuaInterrupt(frame["reason"]?.string ?? "interrupted"))
                }
            }
            // Whoever holds the key is gone: nothing can be done any more.
            _exit(1)
        }
        var failure: LuaError?
        do { try runScript() } catch let error as LuaError { failure = error }
        host.clearInterrupt()
        host.finishAbandonedOperations()
        runtime.finish(wait: .zero)
        service.tellEnd(end(failure))
        _ = vast_output_flush()
        _exit(0)
    }

    private func runScript() throws {
        try host.setArguments(script: order.words.first ?? "", arguments: Array(order.words.dropFirst()))
        try runtime.restrict(modules: try order.script.map { try ModuleFolder(path: Self.folder(of: $0)) })
        let chunk = try host.loadFile(order.script)
        try host.run(chunk, name: "main") { writer in for word in order.words.dropFirst() { writer.string(word) } }
        if order.runsOnce { return try runtime.serving.runJobsOnce() }
        try runtime.serving.serve(control) { [service] in service.tellServing($0) }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func end(_ failure: LuaError?) -> RestrictedEnd {
        let told = failure ?? runtime.serving.jobFailure
        return RestrictedEnd(
            failure: failure.map { runtime.errors.describe($0) },
            kind: told.flatMap { runtime.errors.exitKind($0) } ?? told.map { _ in "error" },
            hasOpenFailures: runtime.hasOpenFailures)
    }
}

extension RestrictedOrder {
    /// Waits for the first frame.
    fileprivate init(line: Channel) throws {
        guard let bytes = try line.receive(longest: Channel.longestFromScript) else { throw ChannelError.gone }
        try self.init(bytes: bytes)
    }
}
