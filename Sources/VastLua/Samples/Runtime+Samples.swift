import FleetControl
import LuaEngine
import VastAPI

/// What readings tell over time: `inst:is_idle`, `inst:history`, `inst:running_for`, `inst:dead_for`.
extension Runtime {
    /// `inst:is_idle(window [, {below, coverage, warm_up, signals}])`: true, false and why, or nil and why it is unknown.
    func isIdle(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try receiver(call)
        noteRead("gpu_util", of: instance.id)
        var rule = IdleRule(window: try call.argument(2).length("\(call.name): window"))
        guard rule.window > .zero else { throw call.wrong(2, "window", "it is longer than 0") }
        try call.options(3, "options", known: ["below", "coverage", "warm_up", "signals"]) { name, value in
            switch name {
            case "warm_up": rule.warmUp = try value.length("warm_up")
            case "signals": rule.signals = try Self.signals(value)
            case "below": rule.below = try Self.number(value, name, 0...100)
            default: rule.coverage = try Self.number(value, name, 0...1)
            }
        }
        let rentalStart = instance.startDate?.timeIntervalSince1970
        let known = samples(of: instance.id, since: now - rule.window.seconds - rule.warmUp.seconds)
        let verdict = rule.verdict(known, now: now, rentalStart: rentalStart)
        policies.evidence.note(idleEvidence(known, rule, verdict), by: host.currentTask)
        switch verdict {
        case .idle: call.results.boolean(true)
        case .busy(let why):
            call.results.boolean(false)
            call.results.string(why)
        case .unknown(let why):
            call.results.nil()
            call.results.string(why)
        }
        return .values
    }

    /// What an answer rests on, for those who have to account for it.
    private func idleEvidence(_ samples: [Sample], _ rule: IdleRule, _ verdict: IdleRule.Verdict) -> Evidence.Item {
        let evidence = IdleEvidence(samples, rule, now: now)
        let (answer, value): (PolicyFinding.Line.Verdict, String) =
            switch verdict {
            case .idle: (.yes, "max \(evidence.shownHighest)")
            case .busy(let why): (.no, why)
            case .unknown(let why): (.unknown, why)
            }
        let line = PolicyFinding.Line(
            "is_idle", value: value, threshold: "below \(rule.below)% for \(LengthText.format(rule.window))", age: evidence.age, answer)
        return Evidence.Item(
            text: evidence.text(verdict, rule, now: now), lines: [line], expected: verdict == .idle ? nil : evidence.expected)
    }

    /// All that is known of an instance, at least from `since` on, the oldest first.
    func samples(of id: InstanceID, since: Double) -> [Sample] {
        sampleBook.load(into: &fleet.readings, since: since)
        return fleet.readings.samples(of: id)
    }

    /// `signals = {cpu = 10, network = 5, disk = 1, temperature = 60}`: percent, Mbit/s, GB over the window, degrees Celsius.
    private static func signals(_ view: LuaView) throws -> IdleSignals {
        let names = ["cpu", "network", "disk", "temperature"]
        guard view.kind == .table else {
            throw VastError.invalidArgument("signals is a table such as {cpu = 10, temperature = 60}, not a \(view.typeName)")
        }
        var signals = IdleSignals()
        try view.forEachField { key, value in
            switch key.string {
            case "cpu": signals.cpuBelow = try number(value, "cpu", 0...100)
            case "network": signals.networkBelow = try number(value, "network", 0...1e6)
            case "disk": signals.diskGrowthBelow = try number(value, "disk", 0...1e6)
            case "temperature": signals.temperatureBelow = try number(value, "temperature", 0...200)
            case let name: throw VastError.invalidArgument(LuaSuggestion.unknown("signal", name ?? "?", among: names))
            }
        }
        return signals
    }

    private static func number(_ view: LuaView, _ name: String, _ range: ClosedRange<Double>) throws -> Double {
        guard let number = view.number, range.contains(number) else {
            throw VastError.invalidArgument("\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// How long an instance has been in a state, at least; nil when it is not in it.
    func time(_ call: borrowing LuaCall, in state: InstanceState) throws -> LuaOutcome {
        let id = try receiver(call).id
        if let seconds = length(of: id, in: state) { call.results.number(seconds) } else { call.results.nil() }
        return .values
    }

    /// In seconds.
    func length(of id: InstanceID, in state: InstanceState) -> Double? {
        guard let own = fleet.readings.time(of: id, in: state, now: now) else { return nil }
        return max(own, sampleBook.began(state, of: id).map { now - $0 } ?? 0)
    }

    /// `inst:history{since = "24h"}`: what readings have said, also those of earlier runs, the oldest first.
    func history(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let id = try receiver(call).id
        var since = Duration.seconds(86_400)
        try call.options(2, "options", known: ["since"]) { _, value in since = try value.length("since") }
        let start = now - since.seconds
        sampleBook.load(into: &fleet.readings, since: start)
        let samples = fleet.readings.samples(of: id, since: start)
        call.results.table(array: samples.count) {
            for (offset, sample) in samples.enumerated() {
                call.results.element(offset + 1) { write(sample, call.results) }
            }
        }
        return .values
    }

    private func write(_ sample: Sample, _ writer: LuaWriter) {
        let numbers: [(String, Double?)] = [
            ("time", sample.time), ("gpu_util", sample.gpuUtilization), ("gpu_temp", sample.gpuTemperature),
            ("cpu_util", sample.cpuUtilization), ("mem_usage", sample.memoryUsage), ("disk_usage", sample.diskUsage),
            ("inet_up", sample.networkUp), ("inet_down", sample.networkDown), ("rate", sample.rate),
        ]
        writer.table(fields: numbers.count + 2) {
            writer.field("state") { writer.string(sample.state.rawValue) }
            for (name, value) in numbers { if let value { writer.field(name) { writer.number(value) } } }
            if let count = sample.gpuCount { writer.field("num_gpus") { writer.integer(Int(count)) } }
        }
    }
}
