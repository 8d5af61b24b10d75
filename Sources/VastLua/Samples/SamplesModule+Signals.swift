import FleetClock
import FleetRules
import LuaEngine
import VastAPI

/// `vast.signal`: what a script itself knows about idleness, such as a queue that is empty.
extension SamplesModule {
    /// `vast.signal(name, function(inst) … end)`
    func signal(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let name = try call.string(1, "name")
        guard !Self.signalNames.contains(name), !name.isEmpty else {
            throw call.wrong(1, "name", "'\(name)' is a signal of vast-lua itself; give yours another name")
        }
        guard call.argument(2).kind == .function else { throw call.expected("function", 2, "function") }
        signals[name] = try call.argument(2).reference()
        return .values
    }

    /// Asks own signals one after the other, as long as all of them are quiet. What they raise, a time-out of theirs, and
    /// everything but true and false is unknown; work that one has shown within the window counts.
    func ask(
        _ call: borrowing LuaCall, _ names: ArraySlice<String>, of instance: Instance, window: Duration,
        then body: @escaping (borrowing LuaCall, IdleRule.Verdict) throws -> LuaOutcome
    ) throws -> LuaOutcome {
        guard let name = names.first, let function = signals[name] else { return try body(call, .idle) }
        return try call.protectedCall(function, arguments: { [runtime] in runtime.write(instance, $0) }) { [self] call in
            let answer = call.calleeFailed ? nil : call.calleeResults[0].boolean
            if answer == false { signals.noteBusy(name, instance.id, now: now) }
            if let time = signals.lastBusy(name, instance.id), time > now - window.seconds {
                return try body(call, .busy("\(name): work \(DurationFormat.format(Duration(clampingSeconds: now - time))) ago"))
            }
            guard answer == true else {
                let why = call.calleeFailed ? call.calleeError().message : call.calleeResults[1].string ?? "neither true nor false"
                return try body(call, .unknown("\(name): \(why)"))
            }
            return try ask(call, names.dropFirst(), of: instance, window: window, then: body)
        }
    }
}
