import FleetCalendar
import FleetRules
import FleetStore
import LuaEngine
package import VastAPI

/// The day after the state of version 0.1 was first opened, in which instances that its label grammar protected, and the present
/// one does not, are left alone still (``EarlierLabelGrammar``).
package final class LabelTransition: RuntimeModule {
    private var isKnown = false
    /// Whether only a dry run has asked so far.
    private var wasPlanned = false
    /// Until when, in Unix seconds; nil: there is no such day.
    private var end: Double?
    /// What people are still to be told by a notice.
    private var untold: String?

    /// Takes the first reading of the whole fleet: begins the day where that is due, and lists what it is about.
    func note(_ rows: [Instance]) {
        guard !isKnown || wasPlanned && !runtime.isPlanning else { return }
        (isKnown, wasPlanned) = (true, runtime.isPlanning)
        end = runtime.options.earlierLabelsUntil
        guard let store = runtime.samples.kept.labelGrammar else { return }
        do {
            switch try store.state() {
            case .settled: return
            case .begun(let transition): end = transition.end
            case .pending: try begin(store, rows)
            }
        } catch {
            // Nothing is known of what somebody relies on.
            end = runtime.now + 86_400
            runtime.logger.warning("whether labels are to be read as by version 0.1 is not known; such instances are left alone: \(error)")
        }
    }

    private func begin(_ store: LabelGrammarStore, _ rows: [Instance]) throws {
        let found = rows.filter { !brackets(of: $0.label).isEmpty }
        let transition = LabelGrammarStore.Transition(since: runtime.now, labels: found.map { .init(id: $0.id, text: $0.label) })
        end = transition.end
        // A dry run begins nothing: the next run that sends lists them again.
        if !runtime.isPlanning {
            guard let kept = try store.begin(transition) else { return end = nil }
            end = kept.holds.end
            guard kept.isNew else { return }
        }
        guard !found.isEmpty else { return }
        let text = Self.text(found, brackets)
        runtime.logger.warning("\(text)")
        untold = text
    }

    /// What people are told when the day begins.
    package static func text(_ found: [Instance], _ brackets: (String) -> [String]) -> String {
        let lines = found.map { row in
            "\(row.id) '\(PrintableText.safe(row.label, limit: 120))': \(PrintableText.safe(brackets(row.label).joined(separator: " "), limit: 120))"
        }
        return heading(found.count) + lines.map { "\n  " + $0 }.joined()
    }

    static func heading(_ count: Int) -> String {
        "the labels of \(count) instance\(count == 1 ? "" : "s") protected \(count == 1 ? "it" : "them") in version 0.1 and would not do so now; "
            + "\(count == 1 ? "it is" : "they are") left alone for 24 hours. To protect for longer, write [keep] into the label:"
    }

    /// What is to be told by a notice; it is asked for once.
    func takeUntold() -> String? {
        defer { untold = nil }
        return untold
    }

    /// Why policies leave an instance alone on this day.
    func objection(of instance: Instance, now: Double) -> String? {
        guard let end, now < end, let bracket = brackets(of: instance.label).first else { return nil }
        let text = PrintableText.safe(bracket, limit: 120)
        return "version 0.1 left it alone because of \(text), and this day it still is; write [keep] into its label if that is meant"
    }

    private func brackets(of label: String) -> [String] {
        let calendars = runtime.calendars
        return EarlierLabelGrammar.brackets(
            of: label, now: runtime.now, zone: (try? calendars.defaultZone()) ?? .utc, zones: calendars.zones)
    }
}

extension LabelsModule {
    /// Sends what people are to be told of the change of the grammar, and goes on.
    func tell(_ call: borrowing LuaCall, then body: @escaping LuaBinding) throws -> LuaOutcome {
        guard let text = transition.takeUntold(), let target = runtime.options.notices, !isPlanning else { return try body(call) }
        return runtime.notices.deliver(call, Notification(title: "vast-lua: labels", text: text, time: now), to: target, then: body)
    }
}
