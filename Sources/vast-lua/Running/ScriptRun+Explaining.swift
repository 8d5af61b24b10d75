import FleetSafety
import VastAPI
import VastJSON

extension ScriptRun {
    /// Runs the script once without changing anything, and shows on standard output what its policies found about an
    /// instance.
    ///
    /// - Throws: ``UsageError``.
    func explain(_ id: InstanceID, isJSON: Bool) throws -> ExitCode {
        let context = try makeContext()
        defer { keepTime() }
        let script = try ScriptState(context, jobMode: .once, isPlanning: true, explained: id)
        begin(script)
        let output = ScriptOutput.toStandardError()
        let failure = script.runMainChunk() ?? script.runJobs()
        output.restore()
        let findings = script.runtime.findings
        let code = script.finish(failure)
        if isJSON {
            StandardOutput.write(String(decoding: try JSONValue.array(findings.map { .object($0.json) }).serialized(), as: UTF8.self))
        } else if failure == nil || !findings.isEmpty {
            // Of a script that has failed before its policies looked, the error says it all.
            for line in ExplainReport(zone: context.zone).lines(findings, about: id) { StandardOutput.write(line) }
        }
        return findings.isEmpty && code == .done ? .scriptFailed : code
    }
}
