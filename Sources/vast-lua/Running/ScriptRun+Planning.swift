import FleetRules
import FleetSafety
import FleetStore
import Glibc
import VastAPI
import VastLua

extension ScriptRun {
    /// Runs the script once without changing anything, shows on standard output what would be changed, and saves it.
    ///
    /// - Throws: ``UsageError``.
    func plan() throws -> ExitCode {
        guard !invocation.options.isRestricted else {
            throw UsageError(
                "plan has no '--restricted'\n  try    vast-lua -n --restricted \(invocation.scriptPath.map(ShellWord.quoted) ?? "SCRIPT")")
        }
        let context = try makeContext()
        defer { keepTime() }
        let script = try ScriptState(context, jobMode: .once, isPlanning: true)
        begin(script)
        let output = ScriptOutput.toStandardError()
        let failure = script.runMainChunk() ?? script.runJobs()
        output.restore()
        var (found, problem) = (false, UsageError?.none)
        // What a run is told to protect is protected where its plan is applied, too.
        let limits = script.chain.scriptLimits.overridden(by: GuardLimits(protect: invocation.options.limits.limits.protect))
        let code = script.finish(failure) { planned, refusals in
            found = planned?.actions.isEmpty == false
            do throws(UsageError) {
                try self.show(planned, refusals, limits: limits, context, isWhole: failure == nil, notes: script.runtime.policyNotes)
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        let wantsCode = invocation.options.plan?.wantsExitCode == true && found
        return code == .done && wantsCode ? .planned : code
    }

    private func show(
        _ planned: DryRunMiddleware?, _ refusals: [GuardRefusal], limits: GuardLimits, _ context: ScriptContext, isWhole: Bool,
        notes: [String]
    ) throws(UsageError) {
        let options = invocation.options.plan ?? PlanOptions()
        let report = PlanReport(planned, refusals, script: context.process.run.script, zone: context.zone, notes: notes)
        guard options.isJSON || options.file != nil else { return report.lines.forEach { StandardOutput.write($0) } }
        let bytes: [UInt8]
        do {
            bytes = try plan(planned, limits, context).encoded()
        } catch {
            throw UsageError("the plan cannot be made: \(error)")
        }
        if options.isJSON {
            StandardOutput.write(String(decoding: bytes, as: UTF8.self), terminator: "")
        } else {
            report.lines.forEach { StandardOutput.write($0) }
        }
        guard let path = options.file else { return }
        guard isWhole else { return StandardError().say("\(path) was not written, since the script has failed") }
        do {
            try SmallFile.replace(path, with: bytes)
        } catch {
            throw UsageError("the plan cannot be written: \(error)")
        }
        let option = context.process.world?.option ?? ""
        if !options.isJSON {
            StandardOutput.write(Self.saved(in: PlainText.safe(path), option, hasChanges: planned?.actions.isEmpty == false))
        }
    }

    /// - Parameter world: the option that names the simulated world that it was made in.
    private static func saved(in path: String, _ world: String, hasChanges: Bool) -> String {
        hasChanges
            ? "saved in \(path); to make these changes: vast-lua apply\(world) \(path)"
            : "there is nothing to apply; \(path) is a plan without changes"
    }

    private func plan(_ planned: DryRunMiddleware?, _ limits: GuardLimits, _ context: ScriptContext) throws -> Plan {
        let run = context.process.run
        return Plan(
            account: try context.connection.accountName(), script: run.script, scriptHash: run.scriptHash,
            created: context.clock.unixTime, observed: planned?.observed ?? context.clock.unixTime, limits: limits,
            actions: planned?.actions ?? [])
    }
}
