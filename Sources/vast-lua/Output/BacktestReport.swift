import FleetBacktest
import FleetCalendar
import FleetClock
import FleetRules
import VastAPI
import VastLua

/// What a script would have done, as a table and one line that a person can decide on.
struct BacktestReport {
    let result: BacktestResult
    let script: String
    let recording: String
    let zone: Zone

    /// Everything but the actions themselves.
    var lines: [String] { [head] + table + notes + [sum] }

    /// What was done, one line each, in that order.
    var timeline: [String] {
        result.actions.map { action in
            let why = [action.reason, action.line].compactMap(\.self).joined(separator: ", ")
            return PlainText.safe(
                "\(ShownTime.full(action.time, zone))  \(action.verb.rawValue) \(action.name)\(action.payload.map { " \($0)" } ?? "")"
                    + (why.isEmpty ? "" : "  \(why)"))
        }
    }

    private var head: String {
        let span = [result.rhythm.begin, result.reached].compactMap(\.self).map { ShownTime.full($0, zone) }.joined(separator: " to ")
        let rhythm = result.rhythm.usual.map { ", \(DurationFormat.format(.seconds($0))) apart" } ?? ""
        return PlainText.safe("BACKTEST \(script) over \(recording)  \(span), ")
            + "\(Self.count(result.rhythm.instances, "instance")), \(Self.count(result.rhythm.count, "reading"))\(rhythm)"
    }

    private var table: [String] {
        let counts = Dictionary(grouping: result.actions, by: \.id).mapValues(\.count)
        let touched = result.members.filter { counts[$0.id] != nil }
        guard !touched.isEmpty else { return ["the script has changed nothing"] }
        var table = TextTable([
            .init("ID", isRight: true), .init("LABEL", limit: 28, narrowest: 6), .init("CHANGES", isRight: true),
            .init("h OFF", isRight: true), .init("RECORDED", isRight: true), .init("WITH", isRight: true),
            .init("SAVED", isRight: true), .init("GPU h CUT", isRight: true), .init("RESTARTS", isRight: true)
        ])
        for member in touched {
            let bill = member.bill
            table.add([
                "\(member.id)", member.label, "\(counts[member.id] ?? 0)", Self.hours(bill.hoursOff),
                Self.money(bill.without), Self.money(bill.with), Self.money(bill.saved), Self.hours(bill.interruptedHours),
                "\(bill.restartsNeeded)"
            ])
        }
        return table.lines
    }

    private var notes: [String] {
        let total = result.total
        var notes: [String] = []
        if total.unknownHours > 0 {
            notes.append("\(Self.hours(total.unknownHours)) instance hours are unknown: nothing is saved there, and nothing is spent")
        }
        if !result.refusals.isEmpty {
            notes.append("refused by the guard \(result.refusals.count) times, first: \(PlainText.safe(result.refusals[0].message))")
        }
        if total.regretted > 0 { notes.append("\(Self.count(total.regretted, "stop")) regretted: there was work within 30m") }
        return notes
    }

    private var sum: String {
        let total = result.total
        return "\(Self.money(total.saved)) of \(Self.money(total.without)) saved, \(Self.hours(total.interruptedHours)) GPU h of work cut, "
            + "\(Self.count(total.restartsNeeded, "restart")) needed, which may not have found the GPU free"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    static func money(_ number: Double) -> String { Dollars.text(number) }

    /// With one decimal.
    static func hours(_ number: Double) -> String {
        let tenths = Int64(max(0, min(number * 10, 1e15)).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
