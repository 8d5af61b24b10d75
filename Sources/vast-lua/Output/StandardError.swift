import FleetRules
import Glibc

/// What the program itself says: whole lines on standard error, with one write each.
struct StandardError {
    /// Whether the program's name is shown in red.
    let isColored: Bool
    /// Whether a terminal may show colours at all.
    let allowsColor: Bool

    init() { (isColored, allowsColor) = (false, false) }

    /// Colour only on a terminal, and never when `NO_COLOR` is set (no-color.org) or the option says so.
    init(noColor: Bool, environment: ProcessEnvironment) {
        allowsColor = !noColor && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
        isColored = allowsColor && isatty(STDERR_FILENO) == 1
    }

    /// "vast-lua: message"
    func say(_ message: String) {
        let name = isColored ? "\u{1B}[31mvast-lua:\u{1B}[0m " : "vast-lua: "
        LogSink.standardError.write(name + PrintableText.lines(message))
    }

    /// The same, behind what was printed before it: standard output waits for more when it is no terminal.
    func sayAfterOutput(_ message: String) {
        fflush(nil)
        say(message)
    }

    /// "vast-lua nightly.lua: message"
    func report(_ script: String?, _ message: String) {
        Self.write("vast-lua\(script.map { " \(PrintableText.safe($0))" } ?? ""): \(message)")
    }

    /// Writes a line, in which nothing acts on a terminal. A standard error that takes none cannot be told of.
    static func write(_ line: String) {
        LogSink.standardError.write(PrintableText.lines(line))
    }
}
