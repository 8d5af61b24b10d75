import FleetBacktest
import FleetRecording
import Logging
import LuaEngine
import VastLua

/// Runs scripts over recordings in memory.
enum Trial {
    static func run(
        _ script: String, _ readings: [RecordedReading], _ options: BacktestOptions = BacktestOptions()
    ) async throws -> BacktestResult {
        let backtest = try Backtest(name: "memory", options) { () throws(RecordingError) in Series(readings) }
        let lua = try await LuaService.open(clock: backtest.clock)
        let result = try await lua.perform { host in
            let logger = Logger(label: "backtest", factory: { _ in SwiftLogNoOpLogHandler() })
            return try backtest.run(host, Runtime.Options(jobMode: .live), logger: logger) { _ in
                _ = try host.run(script, name: "@script.lua")
            }
        }
        await lua.close()
        return result
    }

    /// Readings of one instance, a minute apart.
    static func minutes(_ count: Int, _ util: (Int) -> Double?) -> [RecordedReading] {
        (0..<count).map { minute in
            RecordedReading(
                time: Series.start + Double(minute) * 60, isComplete: true, rows: [Series.row(1, util: util(minute), label: "dev")])
        }
    }
}
