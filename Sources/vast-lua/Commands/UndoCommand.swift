import ArgumentParser
import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import VastAPI
import VastLua

/// `vast-lua undo`: puts back what a run changed.
struct UndoCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua undo",
        abstract: "Starts what a run stopped, stops what it started, restores labels, and says what cannot come back.",
        discussion: "The most valuable instances are started first. Ends with 6 when anything failed or is unconfirmed.")

    @Argument(help: ArgumentHelp("The run, as `vast-lua history` shows it; the beginning of its id is enough.", valueName: "run"))
    var run: String?
    @Flag(help: "The last run that changed something, unless that was an undo: an undo is undone by its id.") var last = false
    @Flag(name: [.customShort("n"), .long], help: "Show what would be put back; change nothing.") var dryRun = false
    @OptionGroup var confirmation: ConfirmArguments
    @OptionGroup var simulator: SimulatorArguments
    @OptionGroup(title: "Service") var service: ServiceArguments
    @OptionGroup(title: "Guard") var limits: GuardArguments

    func validate() throws {
        guard (run != nil) != last else { throw ValidationError("name a run, or --last") }
    }

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let simulated = try simulator.choice()
        let length = try confirmation.length(isSimulated: simulated != nil)
        let session = try CommandSession(environment, service, simulated, limits, isDry: dryRun) { id, started in
            RunInfo(id: id, script: Self.name, command: Self.name, started: started)
        }
        let history = JournalHistory(StateDatabase(directory: session.directory), account: session.account)
        guard let undone = try run.map({ try history.named($0) }) ?? history.lastChangingRun() else {
            throw VastError(.notFound, "no run of this account has changed anything")
        }
        if last, undone.info.command == Self.name { throw Self.isUndo(undone) }
        let lock = dryRun ? nil : try session.lock(undone.info.script)
        defer { lock?.release() }
        return try session.ending {
            let fleet = try session.readFleet()
            let plan = UndoPlan(try history.changes(of: undone), fleet: fleet, now: session.clock.unixTime)
            for line in Self.lines(plan, undone) { StandardOutput.write(line) }
            return try carryOut(plan, session, length, fleetSize: fleet.instances.count)
        }
    }

    private static let name = "undo"

    /// Whoever repeats the command does not mean the opposite of what it did.
    private static func isUndo(_ run: RunSummary) -> UsageError {
        UsageError(
            "the last run that changed something is an undo itself: \(run.info.id)\n  to undo the undo    vast-lua undo \(run.info.id)\n"
                + "  to undo another run    vast-lua history, and vast-lua undo RUN")
    }

    private func carryOut(_ plan: UndoPlan, _ session: CommandSession, _ length: Duration, fleetSize: Int) throws -> ExitCode {
        let orders = Self.orders(plan.steps)
        if dryRun || orders.isEmpty {
            let failing = try session.judge(orders)
            StandardOutput.write(orders.isEmpty ? "nothing to put back" : "nothing was sent")
            return session.end(failing == 0 ? .done : .changesOpen)
        }
        let failure = try session.perform(orders)
        return session.finish(confirm: length, fleetSize: fleetSize, failure: failure)
    }

    private static func lines(_ plan: UndoPlan, _ run: RunSummary) -> [String] {
        var table = TextTable([
            .init("ID", isRight: true), .init("LABEL", limit: 28), .init("STATE"), .init("ACTION", limit: 40), .init("$/h", isRight: true),
            .init("RISK", limit: 48)
        ])
        for step in plan.steps {
            let action = step.verb.shown(step.payload)
            let risks = step.risks.map(\.text).joined(separator: "; ")
            table.add([
                "\(step.id)", step.facts.label, step.facts.state.rawValue, action, step.facts.rateOn.map { "\($0)" } ?? "?", risks
            ])
        }
        return ["undo of run \(run.info.id) of \(PlainText.safe(run.info.script))"] + (plan.steps.isEmpty ? [] : table.lines)
            + plan.lost.map { "cannot come back: \(PlainText.safe($0.text))" }
            + plan.unneeded.map { "as it was: \(PlainText.safe($0.text))" }
    }

    /// Steps as few orders, in their order.
    private static func orders(_ steps: [UndoPlan.Step]) -> [ChangeOrder] {
        steps.reduce(into: []) { orders, step in
            if let last = orders.last, last.verb == step.verb, last.payload == step.payload {
                orders[orders.count - 1].ids.append(step.id)
            } else {
                orders.append(ChangeOrder(step.verb, [step.id], step.payload))
            }
            orders[orders.count - 1].highest = step.payload?.price
            orders[orders.count - 1].decision.reasons[step.id] = step.reason
        }
    }
}
