import ArgumentParser
import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import VastAPI
import VastLua

/// `vast-lua apply`: makes the changes of a saved plan, as far as they still match.
struct ApplyCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua apply",
        abstract: "Makes exactly the changes of a plan, and refuses what has changed since.",
        discussion: """
            The fleet is read again. An action is refused when something that its decision saw is different now; the \
            difference is shown. Ends with 6 when anything was refused, failed or is unconfirmed.
            """)

    @Argument(help: ArgumentHelp("The plan, as `vast-lua plan -o FILE` has written it.", valueName: "file")) var file: String
    @Flag(help: "All or nothing: if one action is refused, none is made.") var strict = false
    @Flag(name: [.customShort("n"), .long], help: "Show what would be made and what refused; change nothing.") var dryRun = false
    @OptionGroup var confirmation: ConfirmArguments
    @OptionGroup var simulator: SimulatorArguments
    @OptionGroup(title: "Service") var service: ServiceArguments
    @OptionGroup(title: "Guard") var limits: GuardArguments

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let simulated = try simulator.choice()
        let length = try confirmation.length(isSimulated: simulated != nil)
        let plan: Plan
        do {
            plan = try Plan(decoding: try FileBytes.read(file, for: "the plan"))
        } catch let error as PlanError {
            throw UsageError("\(file): \(error)")
        }
        let session = try CommandSession(environment, service, simulated, limits, planned: plan.limits, isDry: dryRun) { id, started in
            RunInfo(id: id, script: plan.script, scriptHash: plan.scriptHash, command: "apply", started: started)
        }
        do { try plan.check(account: session.account) } catch { throw UsageError("\(file): \(error)") }
        let lock = dryRun ? nil : try session.lock(plan.script)
        defer { lock?.release() }
        return try session.ending { try apply(plan, session, length) }
    }

    private func apply(_ plan: Plan, _ session: CommandSession, _ length: Duration) throws -> ExitCode {
        let fleet = try session.readFleet()
        for line in Self.lines(session.limits, population: fleet.instances.count { $0.state.isOn }) { StandardOutput.write(line) }
        let check = PlanCheck(plan, against: fleet)
        for result in check.results { if let line = Self.line(result) { StandardOutput.write(line) } }
        let refused: ExitCode = check.refused.isEmpty ? .done : .changesOpen
        if strict, refused != .done {
            StandardOutput.write(
                "nothing was changed: \(check.refused.count) of \(plan.actions.count) actions no longer match, and --strict wants all")
            return session.end(refused)
        }
        guard !check.matching.isEmpty else {
            StandardOutput.write("nothing to change")
            return session.end(refused)
        }
        if dryRun {
            for line in PlanReport.table(check.matching) { StandardOutput.write(line) }
            let failing = try session.judge(ChangeOrder.list(check.judged))
            let count = plan.actions.count
            StandardOutput.write(
                "\(check.matching.count - failing) of \(count) action\(count == 1 ? "" : "s") would be made; nothing was sent")
            return session.end(failing == 0 ? refused : .changesOpen)
        }
        if check.judged.count > check.matching.count { _ = try session.judge(ChangeOrder.list(check.judged)) }
        let failure = try session.perform(ChangeOrder.list(check.matching))
        return session.finish(confirm: length, fleetSize: fleet.instances.count, failure: failure, refused: refused)
    }

    /// The limits that allow more than what is built in.
    private static func lines(_ limits: GuardLimits, population: Int) -> [String] {
        let least = GuardRules.builtInLimits.numbers
        return limits.aboveBuiltIn(population: population).map { limit, value, builtIn in
            let (floor, value) = (least[limit] ?? builtIn, shownNumber(value))
            let half = builtIn == floor ? "" : " or half of what is on (\(shownNumber(builtIn)))"
            return "limit \(limit.rawValue)=\(value), built in \(shownNumber(floor))\(half)"
        }
    }

    private static func shownNumber(_ number: Double) -> String { Int64(exactly: number).map { "\($0)" } ?? "\(number)" }

    /// What is said of an action that is not made.
    private static func line(_ result: PlanCheck.Result) -> String? {
        let what = "\(result.action.verb.rawValue) \(PlainText.safe(result.action.before.name))"
        return switch result.outcome {
        case .matches: nil
        case .repeated: "repeated in the plan: \(what)"
        case .satisfied: "done already: \(what)"
        case .differs(let differences):
            "refused: \(what): changed since the plan: \(PlainText.safe(differences.map(\.text).joined(separator: ", ")))"
        case .gone: "refused: \(what): the instance is gone"
        case .notRead: "refused: \(what): the instance was not read"
        }
    }
}

extension ChangeOrder {
    /// Actions as few orders: neighbours that do the same from the same line of the script go together.
    static func list(_ actions: [PlanAction]) -> [ChangeOrder] {
        actions.withoutReplacedPrices.reduce(into: []) { orders, action in
            if let last = orders.last, last.verb == action.verb, last.payload == action.payload, last.unavailable == action.unavailable,
                last.decision.line == action.line, !last.ids.contains(action.id)
            {
                orders[orders.count - 1].ids.append(action.id)
            } else {
                orders.append(ChangeOrder(action.verb, [action.id], action.payload))
            }
            let index = orders.count - 1
            orders[index].unavailable = action.unavailable
            // Whoever applies a plan has seen its ids and its prices.
            orders[index].highest = action.payload?.price
            orders[index].confirmed.insert(action.id)
            orders[index].decision.reasons[action.id] = action.reason
            orders[index].decision.line = action.line
        }
    }
}

extension [PlanAction] {
    /// Without prices of an instance that another price follows, and nothing else before it: a run may wait a minute
    /// between two bids, a plan sets the last one.
    fileprivate var withoutReplacedPrices: [PlanAction] {
        var next: [InstanceID: PlanAction] = [:]
        let kept = reversed().filter { action in
            defer { next[action.id] = action }
            return action.payload?.kind != .price || next[action.id]?.payload?.kind != .price
        }
        return kept.reversed()
    }
}

extension DurationFormat {
    /// - Throws: ``UsageError`` that names the option.
    static func usage(_ option: String, _ text: String) throws(UsageError) -> Duration {
        do { return try parse(text) } catch { throw UsageError("'\(option)': \(error)") }
    }
}
