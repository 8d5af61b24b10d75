import CSignals
import FleetCalendar
import FleetRules
import FleetClock
import Glibc
import Logging
import LuaEngine
import VastJSON
import VastLua

/// Runs a script's main chunk to see what it schedules; nothing is changed, and no job runs.
struct SchedulePreview {
    private let run: ScriptRun

    init(_ invocation: ScriptInvocation, _ environment: ProcessEnvironment) {
        run = ScriptRun(invocation, environment)
    }

    /// The coming firings, in their order, and the exit code.
    func firings(count: Int) throws -> ([ScheduledLine], ExitCode) {
        let script = try run.prepareForPreview()
        defer { run.keepTime() }
        defer { script.host.close() }
        let output = ScriptOutput.toStandardError()
        let failure = script.runMainChunk()
        output.restore()
        if let failure {
            run.voice.say(script.runtime.errors.describe(failure))
            return ([], .scriptFailed)
        }
        return (try UpcomingRuns(script.runtime).first(count).map(ScheduledLine.init), .done)
    }
}

/// One line of the answer.
struct ScheduledLine {
    private let run: UpcomingRun

    init(_ run: UpcomingRun) { self.run = run }

    private var note: String? { run.firing.note ?? run.interval.map { "then every \(DurationFormat.format($0))" } }

    /// `Sun 2026-03-08 03:00 EDT  2026-03-08 07:00 UTC  nightly.lua:3 …  02:30 does not exist on 2026-03-08`
    var line: String {
        [run.firing.local.description, run.firing.utc, PrintableText.safe(run.job), note].compactMap(\.self)
            .joined(separator: "  ")
    }

    var json: String {
        var object: JSONObject = [
            "at": .integer(run.firing.instant), "local": .string(run.firing.local.description),
            "utc": .string(run.firing.utc), "job": .string(run.job)
        ]
        if let note { object["note"] = .string(note) }
        let bytes = (try? JSONValue.object(object).serialized()) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Where the script's own output goes while standard output belongs to the program's answer.
struct ScriptOutput {
    private let saved: Int32

    static func toStandardError() -> ScriptOutput {
        _ = vast_output_flush()
        let saved = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        if saved >= 0 { dup2(STDERR_FILENO, STDOUT_FILENO) }
        return ScriptOutput(saved: saved)
    }

    func restore() {
        guard saved >= 0 else { return }
        _ = vast_output_flush()
        dup2(saved, STDOUT_FILENO)
        close(saved)
    }
}
