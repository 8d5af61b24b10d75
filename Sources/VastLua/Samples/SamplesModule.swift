import FleetRules
import LuaEngine
import VastAPI

/// What readings tell over time: `inst:is_idle`, `inst:history`, `inst:running_for`, `inst:dead_for`.
final class SamplesModule: RuntimeModule {
    private(set) lazy var kept = SampleHistory(open: runtime.openState, retention: runtime.options.retention) { [logger] in
        logger.warning("\($0)")
    }
    let signals = OwnSignals()

    /// `inst:is_idle(window [, {below, coverage, warm_up, signals}])`: true, false and why, or nil and why it is unknown.
    func isIdle(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try runtime.fleet.receiver(call)
        runtime.fleet.noteRead(FleetModule.utilizationField, of: instance.id)
        var own: [String] = []
        var rule = IdleRule(window: try call.argument(2).length("\(call.name): window"))
        guard rule.window > .zero else { throw call.wrong(2, "window", "it is longer than 0") }
        try call.options(3, "options") { name, value in
            switch name {
            case "warm_up": rule.warmUp = try value.length("warm_up")
            case "signals": (rule.signals, own) = try readSignals(value)
            case "below": rule.below = try Self.number(value, name, 0...100)
            default: rule.coverage = try Self.number(value, name, 0...1)
            }
        }
        let rentalStart = instance.startDate?.timeIntervalSince1970
        let known = readings(of: instance.id, since: now - rule.window.seconds - rule.warmUp.seconds)
        let verdict = rule.verdict(known, now: now, rentalStart: rentalStart)
        // What is not idle already is not asked about further.
        let names = verdict == .idle ? own.sorted() : []
        return try ask(call, names[...], of: instance, window: rule.window) { [self] call, answer in
            let joined = verdict == .idle ? answer : verdict
            // Only whoever asks why wants to know what would be.
            let isExplained = runtime.options.explained == instance.id && joined != .idle
            let expected = isExplained ? rule.expected(known, now: now, rentalStart: rentalStart) : nil
            runtime.policies.evidence.note(idleEvidence(known, rule, joined, expected: expected), by: host.currentTask)
            write(joined, call.results)
            return .values
        }
    }

    /// true; false and why; nil and why.
    private func write(_ verdict: IdleRule.Verdict, _ writer: LuaWriter) {
        switch verdict {
        case .idle: writer.boolean(true)
        case .busy(let why):
            writer.boolean(false)
            writer.string(why)
        case .unknown(let why):
            writer.nil()
            writer.string(why)
        }
    }

    /// What an answer rests on, for those who have to account for it.
    private func idleEvidence(_ samples: [Sample], _ rule: IdleRule, _ verdict: IdleRule.Verdict, expected: Double?) -> Evidence {
        let evidence = IdleEvidence(samples, rule, now: now)
        let (answer, value): (PolicyFinding.Line.Verdict, String) =
            switch verdict {
            case .idle: (.yes, "max \(evidence.shownHighest)")
            case .busy(let why): (.no, why)
            case .unknown(let why): (.unknown, why)
            }
        let line = PolicyFinding.Line(
            "is_idle", value: value, threshold: "below \(rule.below)% for \(DurationFormat.format(rule.window))", age: evidence.age, answer)
        return Evidence(
            text: evidence.text(verdict, rule, now: now), lines: [line], expected: expected,
            longestHole: answer == .unknown ? rule.longestHole : nil)
    }

    /// All that is known of an instance, at least from `since` on, the oldest first.
    func readings(of id: InstanceID, since: Double) -> [Sample] {
        kept.load(into: &runtime.fleet.memory.readings, since: since, now: now)
        let known = runtime.fleet.memory.readings.samples(of: id)
        // What was kept before somebody set the clock back has no known time.
        guard let last = known.last, last.time > now + 1 else { return known }
        return known.filter { $0.time <= now + 1 }
    }

    /// The signals of ``IdleSignals`` in scripts.
    static let signalNames = ["cpu", "network", "disk", "temperature"]

    /// `signals = {cpu = 10, network = 5, disk = 1, temperature = 60, queue = true}`: percent, Mbit/s, GB over the window,
    /// degrees Celsius, and signals of the script's own.
    private func readSignals(_ view: LuaView) throws -> (IdleSignals, own: [String]) {
        guard view.kind == .table else {
            throw VastError.invalidArgument("signals is a table such as {cpu = 10, temperature = 60}, not a \(view.typeName)")
        }
        var (known, own) = (IdleSignals(), [String]())
        try view.forEachField { key, value in
            switch key.string {
            case "cpu": known.cpuBelow = try Self.number(value, "cpu", 0...100)
            case "network": known.networkBelow = try Self.number(value, "network", 0...1e6)
            case "disk": known.diskGrowthBelow = try Self.number(value, "disk", 0...1e6)
            case "temperature": known.temperatureBelow = try Self.number(value, "temperature", 0...200)
            case let name? where signals[name] != nil:
                guard value.boolean == true else { throw VastError.invalidArgument("\(name) = true asks vast.signal(\"\(name)\", …)") }
                own.append(name)
            case let name:
                throw VastError.invalidArgument(LuaSuggestion.unknown("signal", name ?? "?", among: Self.signalNames + signals.names))
            }
        }
        return (known, own)
    }

    private static func number(_ view: LuaView, _ name: String, _ range: ClosedRange<Double>) throws -> Double {
        guard let number = view.number, range.contains(number) else {
            throw VastError.invalidArgument(
                "\(name) is a number from \(range.lowerBound.plainText) to \(range.upperBound.plainText), not \(view.shownInMessage)")
        }
        return number
    }

    /// How long an instance has been in a state, at least; nil when it is not in it.
    func time(_ call: borrowing LuaCall, in state: InstanceState) throws -> LuaOutcome {
        let id = try runtime.fleet.receiver(call).id
        if let seconds = length(of: id, in: state) { call.results.number(seconds) } else { call.results.nil() }
        return .values
    }

    /// `inst:starting_for()`: since the last reading that showed it otherwise; since the rental began when there is none.
    func startingFor(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try runtime.fleet.receiver(call)
        if instance.state == .starting, let seconds = startingLength(of: instance) {
            call.results.number(seconds)
        } else {
            call.results.nil()
        }
        return .values
    }

    private func startingLength(of instance: Instance) -> Double? {
        let known = length(of: instance.id, in: .starting)
        // What begins anew has been up before, whether or not somebody was looking.
        guard !["rebooting", "recycling", "restarting", "exited", "stopped"].contains(instance.actualStatus),
            let start = instance.startDate,
            !runtime.fleet.memory.readings.wasOther(than: .starting, instance.id),
            !kept.wasOther(than: .starting, instance.id)
        else { return known }
        return max(known ?? 0, now - start.timeIntervalSince1970)
    }

    /// In seconds.
    func length(of id: InstanceID, in state: InstanceState) -> Double? {
        guard let own = runtime.fleet.memory.readings.time(of: id, in: state, now: now) else { return nil }
        return max(own, kept.began(state, of: id).map { now - $0 } ?? 0)
    }

    /// `inst:history{since = "24h"}`: what readings have said, also those of earlier runs, the oldest first.
    func history(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let id = try runtime.fleet.receiver(call).id
        runtime.fleet.noteRead(FleetModule.utilizationField, of: id)
        var since = Duration.seconds(86_400)
        try call.options(2, "options") { _, value in since = try value.length("since") }
        let start = now - since.seconds
        let samples = samples(of: id, since: start)
        call.results.table(array: samples.count) {
            for (offset, sample) in samples.enumerated() {
                call.results.element(offset + 1) { write(sample, call.results) }
            }
        }
        return .values
    }

    /// What is older than readings in memory go back is fetched for this one instance, and not kept in memory.
    private func samples(of id: InstanceID, since start: Double) -> ArraySlice<Sample> {
        let known = runtime.fleet.memory.readings
        guard start < now - known.horizon else { return known.samples(of: id, since: start) }
        var readings = Readings()
        readings.merge([id: known.samples(of: id)])
        readings.merge([id: kept.samples(of: id, since: start)])
        return readings.samples(of: id, since: start)
    }

    private func write(_ sample: Sample, _ writer: LuaWriter) {
        let numbers: [(String, Double?)] = [
            ("time", sample.time), ("gpu_util", sample.gpuUtilization), ("gpu_temp", sample.gpuTemperature),
            ("cpu_util", sample.cpuUtilization), ("mem_usage", sample.memoryUsage), ("disk_usage", sample.diskUsage),
            ("inet_up", sample.networkUp), ("inet_down", sample.networkDown), ("rate", sample.rate)
        ]
        writer.table(fields: numbers.count + 2, like: "vast.Sample", runtime.types) {
            writer.field("state") { writer.string(sample.state.rawValue) }
            for (name, value) in numbers { if let value { writer.field(name) { writer.number(value) } } }
            if let count = sample.gpuCount { writer.field("num_gpus") { writer.integer(Int(count)) } }
        }
    }
}
