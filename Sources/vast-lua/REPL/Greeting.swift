import FleetCalendar
import FleetClock
import FleetRules
import FleetStore
import VastAPI
import VastLua

/// The first screen of the prompt: what is known at once, and what the service says when it has answered.
struct Greeting {
    let context: ScriptContext
    let isLive: Bool

    /// What can be said without waiting for anybody.
    var opening: String {
        let sent =
            switch (context.invocation.options.simulator != nil, isLive) {
            case (true, _): "changes go to the simulated service"
            case (false, true): "CHANGES ARE SENT; vast.live(false) only plans them"
            case (false, false): "changes are not sent; vast.live() sends them"
            }
        return "\(HelpText.version)  \(sent)   vast.instances()  help(vast.stop)\n"
    }

    /// What came from the service, and what the journal has.
    func lines(_ user: User?, _ instances: [Instance]) -> String {
        var lines = [account(user, instances), Self.fleet(instances)]
        if let last = lastRun { lines.append(last) }
        return lines.map { PlainText.safe($0) + "\n" }.joined()
    }

    /// Why nothing came, and what to do.
    func problem(_ error: any Error) -> String {
        let hint = context.connection.lacksKey ? "\n  try it without one: vast-lua --simulator" : ""
        return "the fleet is not known: \(PrintableText.lines("\(error)"))\(hint)\n"
    }

    private func account(_ user: User?, _ instances: [Instance]) -> String {
        let rate = instances.compactMap(\.rate?.rawValue).reduce(0, +)
        var parts = [user?.email ?? user.map { "account \($0.id)" } ?? "", context.zone.name]
        if let credit = user?.credit {
            let runway =
                rate > 0
                ? " = \(DurationFormat.format(Duration(clampingSeconds: (max(0, credit) / rate * 3_600).rounded(.down)))) at \(USDPerHour(rate))"
                : ""
            parts.append("credit \(Dollars.text(credit))\(runway)")
        } else {
            parts.append("\(USDPerHour(rate))")
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// What bills without use stands out.
    static func fleet(_ instances: [Instance]) -> String {
        let counts = Dictionary(grouping: instances) { $0.state }.mapValues(\.count)
        let words = InstanceState.allCases.compactMap { state -> String? in
            guard let count = counts[state] else { return nil }
            return "\(count) \(state == .dead ? "DEAD BUT BILLING" : state.rawValue)"
        }
        let total = "\(instances.count) instance\(instances.count == 1 ? "" : "s")"
        return words.isEmpty ? total : "\(total): \(words.joined(separator: ", "))"
    }

    /// The last run that changed something, and whether changes are frozen.
    private var lastRun: String? {
        // A simulated world begins without runs, and nothing freezes it.
        if context.process.database == nil { return "frozen: no" }
        guard let database = context.process.database, database.exists, let account = try? context.connection.accountName() else {
            return nil
        }
        let frozen = "frozen: \(context.process.freeze?.current(at: context.clock.unixTime) == nil ? "no" : "YES")"
        guard let run = try? JournalHistory(database, account: account).lastRun() else { return frozen }
        let name = run.info.script.split(separator: "/").last.map(String.init) ?? run.info.script
        let end = run.exitCode.map { "exit \($0)" } ?? (run.hasCrashed ? "died" : "goes on")
        return "last run: \(name) \(run.info.id), \(ShownTime.full(run.info.started, context.zone)), \(end)      \(frozen)"
    }
}
