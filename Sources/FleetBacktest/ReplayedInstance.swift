#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import FleetClock
import VastAPI
import VastJSON

/// One instance in both worlds: as recorded, and as the script leaves it.
struct ReplayedInstance {
    /// How the world of the script differs from the record.
    enum Divergence: Equatable {
        case none
        /// The script has stopped it, at that time.
        case off(since: Double)
        /// The script has started it, at that time.
        case on(since: Double)
        /// The script has destroyed it.
        case gone
    }

    /// As it was recorded last.
    private(set) var recorded: Instance
    private(set) var divergence = Divergence.none
    private(set) var bill = InstanceBill()
    private let options: BacktestOptions
    /// For how long a reading holds at most, in seconds.
    private let gap: Double
    /// When it was recorded last, in Unix seconds.
    private var readAt: Double
    /// From when on which divergence holds, since the last reading.
    private var parts: [(from: Double, divergence: Divergence)]
    /// When the owner has it running again, in Unix seconds.
    private var returnAt: Double?
    /// When it was last recorded without work, in Unix seconds.
    private var lastIdle: Double?
    /// The label that the script has set, and the recorded one that it has replaced.
    private var label: (text: String, replaced: String)?

    init(_ recorded: Instance, at time: Double, gap: Double, _ options: BacktestOptions) {
        (self.recorded, readAt, self.gap, self.options) = (recorded, time, gap, options)
        parts = [(time, .none)]
        lastIdle = isBusy ? nil : time
    }

    // MARK: time

    /// Whether it is recorded to work. Without a figure of its use it is not known to, and not known to be idle.
    private var isBusy: Bool { recorded.state.isOn && (recorded.gpuUtilization ?? 0) > options.busy }

    /// What happens by itself until then.
    mutating func advance(to time: Double) {
        guard let due = returnAt, due <= time else { return }
        returnAt = nil
        if case .off = divergence { diverge(.none, at: due) }
    }

    /// Takes the next reading.
    mutating func note(_ next: Instance, at time: Double) {
        advance(to: time)
        settle(until: time)
        let wasOn = recorded.state.isOn
        (recorded, readAt) = (next, time)
        parts = [(time, divergence)]
        if let label, label.replaced != next.label { self.label = nil }
        if isBusy { work(at: time) } else if !recorded.state.isOn || recorded.gpuUtilization != nil { lastIdle = time }
        switch divergence {
        case .off where options.returns == .record && !wasOn && recorded.state.isOn: diverge(.none, at: time)
        case .on where recorded.state.isOn: diverge(.none, at: time)
        default: break
        }
    }

    /// The owner finds it off when there is work.
    private mutating func work(at time: Double) {
        guard case .off(let since) = divergence, returnAt == nil, time > since, options.returns == .work else { return }
        bill.restartsNeeded += 1
        if time - since <= 1_800 { bill.regretted += 1 }
        returnAt = time + options.returnDelay.seconds
    }

    /// It is not in the record any more.
    mutating func end(at time: Double) { settle(until: time) }

    // MARK: money

    /// Books what lies between the last reading and `time`, when that is known.
    private mutating func settle(until time: Double) {
        guard time > readAt else { return }
        guard time - readAt <= gap, let without = recorded.rate?.rawValue else {
            bill.unknownHours += (time - readAt) / 3_600
            return
        }
        for (index, part) in parts.enumerated() {
            let hours = ((index + 1 < parts.count ? parts[index + 1].from : time) - part.from) / 3_600
            guard let with = rate(part.divergence) else {
                bill.unknownHours += hours
                continue
            }
            bill.with += with * hours
            bill.without += without * hours
            if isOff(part.divergence), recorded.state.isOn { book(off: hours) }
        }
    }

    private mutating func book(off hours: Double) {
        bill.hoursOff += hours
        if isBusy { interrupt(hours) }
    }

    private mutating func interrupt(_ hours: Double) {
        bill.interruptedHours += hours * Double(recorded.gpuCount ?? 1)
        bill.interruptedCost += hours * (recorded.rateOn?.rawValue ?? 0)
    }

    private func isOff(_ divergence: Divergence) -> Bool {
        switch divergence {
        case .off, .gone: true
        case .none, .on: false
        }
    }

    private func rate(_ divergence: Divergence) -> Double? {
        switch divergence {
        case .none: recorded.rate?.rawValue
        case .off: recorded.rateOff?.rawValue
        case .on: recorded.rateOn?.rawValue
        case .gone: 0
        }
    }

    // MARK: what the script does

    private mutating func diverge(_ next: Divergence, at time: Double) {
        divergence = next
        if let last = parts.last, last.from >= time { parts.removeLast() }
        parts.append((max(time, readAt), next))
    }

    /// Carries out what the script asks for.
    mutating func change(_ order: Change.Verb, _ payload: ChangePayload?, at time: Double) {
        if order.rules.endsRental {
            loseWork(at: time)
            return diverge(.gone, at: time)
        }
        if let text = order.rules.overlay(on: recorded, payload)["label"] {
            if case .string(let text) = text { label = (text, recorded.label) }
        }
        switch order.rules.switchesTo {
        case false?:
            loseWork(at: time)
            diverge(recorded.state.isOn ? .off(since: time) : .none, at: time)
        case true?:
            returnAt = nil
            diverge(recorded.state.isOn ? .none : .on(since: time), at: time)
        case nil:
            if order.rules.boots { loseWork(at: time) }
        }
    }

    /// What was computed since the last idle minute is lost.
    private mutating func loseWork(at time: Double) {
        guard isBusy, divergence == .none, time - readAt <= gap else { return }
        let spell = time - (lastIdle ?? readAt)
        interrupt(min(spell, options.checkpoint?.seconds ?? spell) / 3_600)
    }

    /// As the script sees it; nil when it has destroyed it.
    var shown: Instance? {
        var fields = JSONObject()
        switch divergence {
        case .none: break
        case .off: fields = offFields
        case .on: fields = Change.Verb.start.rules.overlay(on: recorded, nil)
        case .gone: return nil
        }
        if let label { fields["label"] = .string(label.text) }
        return fields.count == 0 ? recorded : recorded.overlaid(with: fields)
    }

    private var offFields: JSONObject {
        var fields = Change.Verb.stop.rules.overlay(on: recorded, nil)
        for name in ["gpu_util", "gpu_temp", "cpu_util", "gpu_power"] { fields[name] = .null }
        return fields
    }
}
