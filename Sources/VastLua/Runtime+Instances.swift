import FleetControl
import LuaEngine
import VastAPI

/// `inst.field` and `inst:method()`.
extension Runtime {
    func makeInstanceType() -> LuaType<InstanceObject> {
        LuaType(
            "vast.instance", methods: instanceMethods,
            metamethods: [
                ("__index", { [unowned self] in try index($0) }),
                ("__newindex", { _ in
                    throw VastError.invalidArgument("an instance is a snapshot and cannot be changed; use vast.label and the like")
                }),
                ("__tostring", { [unowned self] call in
                    call.results.string(try receiver(call).description)
                    return .values
                }),
                ("__eq", { [unowned self] call in
                    let (left, right) = (call.argument(1).object(instanceType), call.argument(2).object(instanceType))
                    call.results.boolean(left?.instance.id == right?.instance.id && left != nil)
                    return .values
                }),
                ("__pairs", { [unowned self] in try pairs($0) }),
            ])
    }

    private static let methodNames = [
        "stop", "start", "set_label", "refresh", "is_idle", "history", "running_for", "dead_for", "table", "raw",
    ]

    private var instanceMethods: [(name: String, body: LuaBinding)] {
        [
            ("stop", { [unowned self] in try perform(.stop, $0) }),
            ("start", { [unowned self] in try perform(.start, $0) }),
            ("set_label", { [unowned self] in try perform(.label, $0) }),
            ("refresh", { [unowned self] in try refresh($0) }),
            ("is_idle", { [unowned self] in try isIdle($0) }),
            ("history", { [unowned self] in try history($0) }),
            ("running_for", { [unowned self] in try time($0, in: .running) }),
            ("dead_for", { [unowned self] in try time($0, in: .dead) }),
            ("table", { [unowned self] in try table($0) }),
            ("raw", { [unowned self] in try raw($0) }),
        ]
    }

    func receiver(_ call: borrowing LuaCall) throws -> Instance {
        try call.object(1, "self", instanceType).instance
    }

    private func index(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try receiver(call)
        guard let name = call.argument(2).string else {
            call.results.nil()
            return .values
        }
        guard let value = InstanceFields.value(name, of: instance) else {
            let hint = InstanceFields.suggestion(for: name, of: instance, methods: Self.methodNames)
                .map { ", did you mean '\($0)'?" } ?? ""
            throw VastError.invalidArgument("an instance has no field '\(name)'\(hint)")
        }
        noteRead(name, of: instance.id)
        write(value, call.results)
        return .values
    }

    private func table(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let fields = InstanceFields.all(of: try receiver(call))
        call.results.table(fields: fields.count) {
            for (name, value) in fields { call.results.field(name) { write(value, call.results) } }
        }
        return .values
    }

    /// `pairs(inst)` walks over a copy.
    private func pairs(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard case .reference(let next) = try call.host.global("next") else {
            throw VastError.invalidArgument("pairs needs the function 'next', which is gone")
        }
        call.results.reference(next)
        _ = try table(call)
        call.results.nil()
        return .values
    }

    private func raw(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try receiver(call)
        if let value = instance.raw(try call.string(2, "name")) { write(value, call.results) } else { call.results.nil() }
        return .values
    }

    private func refresh(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let id = try receiver(call).id
        return try readOne(call, id) { [unowned self] call, instance in
            guard let instance else { throw VastError(.notFound, "instance \(id) is gone", instance: id) }
            write(instance, call.results)
            return .values
        }
    }

    // MARK: over time

    /// `inst:is_idle(window [, {below, coverage, warm_up}])`: true, false and why, or nil and why it is unknown.
    private func isIdle(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try receiver(call)
        noteRead("gpu_util", of: instance.id)
        var rule = IdleRule(window: try call.argument(2).length("\(call.name): window"))
        guard rule.window > .zero else { throw call.wrong(2, "window", "it is longer than 0") }
        try call.options(3, "options", known: ["below", "coverage", "warm_up"]) { name, value in
            switch name {
            case "warm_up": rule.warmUp = try value.length("warm_up")
            case "below": rule.below = try Self.number(value, name, 0...100)
            default: rule.coverage = try Self.number(value, name, 0...1)
            }
        }
        let rentalStart = instance.startDate?.timeIntervalSince1970
        let verdict = rule.verdict(fleet.readings.samples(of: instance.id), now: now, rentalStart: rentalStart)
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

    private static func number(_ view: LuaView, _ name: String, _ range: ClosedRange<Double>) throws -> Double {
        guard let number = view.number, range.contains(number) else {
            throw VastError.invalidArgument("\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func time(_ call: borrowing LuaCall, in state: InstanceState) throws -> LuaOutcome {
        let id = try receiver(call).id
        if let seconds = fleet.readings.time(of: id, in: state, now: now) {
            call.results.number(seconds)
        } else {
            call.results.nil()
        }
        return .values
    }

    /// `inst:history{since = "24h"}`: the samples of this process, the oldest first.
    private func history(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let id = try receiver(call).id
        var since = Duration.seconds(86_400)
        try call.options(2, "options", known: ["since"]) { _, value in since = try value.length("since") }
        let samples = fleet.readings.samples(of: id, since: now - since.seconds)
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
            ("rate", sample.rate),
        ]
        writer.table(fields: numbers.count + 1) {
            writer.field("state") { writer.string(sample.state.rawValue) }
            for (name, value) in numbers { if let value { writer.field(name) { writer.number(value) } } }
        }
    }
}
