#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
package import FleetClock
package import FleetRecording
package import LuaEngine
package import Logging
import VastAPI
package import VastLua

/// Runs a script over a recorded fleet, on virtual time.
package struct Backtest {
    private let rhythm: RecordingRhythm
    private let fleet: ReplayedFleet
    private let chain: ReplayChain
    private let start: Double, end: Double
    /// The time of the recording.
    package let clock: VirtualClock
    /// Whether the script may write files and start programs.
    package var allowsIO = false

    /// Looks once through the recording.
    ///
    /// - Parameter open: gives the recording from its beginning on; it is read twice.
    /// - Throws: ``RecordingError``, also when there is no reading in it.
    package init(
        name: String, _ options: BacktestOptions = BacktestOptions(), open: () throws(RecordingError) -> sending any RecordingReader
    ) throws(RecordingError) {
        rhythm = try RecordingRhythm(try open())
        guard let begin = rhythm.begin, let last = rhythm.end else {
            throw RecordingError(file: name, message: "there is no reading in it", next: "record some first: vast-lua record FILE")
        }
        (start, end) = (begin, last)
        clock = VirtualClock(start: Date(timeIntervalSince1970: begin), mode: .jumping)
        fleet = try ReplayedFleet(try open(), rhythm, options, clock: clock)
        chain = ReplayChain(fleet, clock: clock)
    }

    /// Runs a script from the first reading to the last one.
    ///
    /// - Parameters:
    ///   - host: a state on ``clock``; it is closed afterwards.
    ///   - options: what the runtime is set up with; its limits go to the guard of the backtest.
    ///   - onProgress: told how far it has come, from 0 to 1, a hundred times.
    ///   - main: runs the script's main chunk.
    /// - Throws: `LuaError` of kind `memory`.
    package func run(
        _ host: LuaHost, _ options: Runtime.Options, logger: Logger, onProgress: @escaping (Double) -> Void = { _ in },
        main: (Runtime) throws -> Void
    ) throws -> BacktestResult {
        var options = options
        let chain = chain
        options.isReplayed = true
        options.limit = { try chain.guarded.limit($0) }
        let runtime = try Runtime(host: host, service: { chain }, logger: logger, options: options)
        var failure: String?
        var exitCode: Int32?
        var isOver = false
        do {
            if !allowsIO { _ = try host.run(ReplayFence.chunk, name: "=backtest") }
            let length = Duration.seconds(end - start)
            _ = host.schedule(atUptime: length) {
                isOver = true
                runtime.serving.endJobs()
            }
            for part in 1..<100 { _ = host.schedule(atUptime: length * part / 100) { onProgress(Double(part) / 100) } }
            try main(runtime)
            try runtime.serving.serve(nil)
        } catch {
            exitCode = Self.exitCode(error)
            // At the end of the record a script may be in the middle of something.
            if !isOver, exitCode == nil { failure = (error as? LuaError).map { runtime.errors.describe($0) } ?? "\(error)" }
        }
        let reached = clock.unixTime
        runtime.finish(wait: .zero)
        host.close()
        var result = try result(reached, failure)
        result.exitCode = exitCode
        return result
    }

    private static func exitCode(_ error: any Error) -> Int32? {
        guard case .interrupted(let reason)? = (error as? LuaError)?.kind, reason == .exit(reason.code) else { return nil }
        return reason.code & 0xFF
    }

    private func result(_ reached: Double, _ failure: String?) throws -> BacktestResult {
        // What the script no longer looked at counts too.
        try fleet.advance(to: failure == nil ? end : min(reached, end))
        let (bills, actions) = fleet.close()
        return BacktestResult(
            members: bills.map { BacktestResult.Member(id: InstanceID($0.id), label: $0.label, bill: $0.bill) }, actions: actions,
            refusals: chain.refusals, rhythm: rhythm, reached: min(reached, end), failure: failure)
    }
}
