import FleetClock
import Logging

extension RunOptions {
    /// The logger of a run: what the options say about level, form and place.
    ///
    /// - Parameters:
    ///   - run: the id that every line has.
    ///   - clock: whose time the lines show.
    /// - Throws: ``UsageError`` when the log file cannot be opened.
    func makeLogger(run: String, clock: any FleetClock) throws(UsageError) -> Logger {
        let sink = if let logFile { try LogSink(path: logFile) } else { LogSink.standardError }
        let chosen = logLevel.flatMap(Logger.Level.init(rawValue:))
        let level = chosen ?? (isQuiet ? .error : .info)
        let format = logFormat
        return Logger(label: "vast-lua") { _ in
            LogLineHandler(sink: sink, format: format, run: run, clock: clock, logLevel: level)
        }
    }
}
