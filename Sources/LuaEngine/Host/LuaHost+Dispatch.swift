internal import CLuaBridge

/// What C calls. Nothing here lets an error of Lua through, and nothing here creates anything in Lua.
extension LuaHost {
    @inline(__always)
    static func dispatch(_ raw: UnsafeMutablePointer<vl_call>, _ box: UnsafeMutableRawPointer) {
        let box = Unmanaged<LuaBindingBox>.fromOpaque(box)
        let call = LuaCall(raw, box: box)
        do {
            let outcome = try box._withUnsafeGuaranteedRef { try $0.body(call) }
            switch outcome {
            case .values: return
            case .sleep: raw.pointee.outcome = Int32(VL_SLEEP)
            default: settleSlowly(outcome, call)
            }
        } catch {
            LuaHost.from(raw.pointee.host).raise(error, raw)
        }
    }

    /// Apart, so that a call that only returns values stays small.
    @inline(never)
    private static func settleSlowly(_ outcome: LuaOutcome, _ call: borrowing LuaCall) {
        let host = LuaHost.from(call.raw.pointee.host)
        do {
            try host.settle(outcome, call)
        } catch {
            host.raise(error, call.raw)
        }
    }

    /// Goes on after a wait, or after a function that a binding had called.
    static func resume(_ raw: UnsafeMutablePointer<vl_call>) {
        let host = LuaHost.from(raw.pointee.host)
        guard let pointer = raw.pointee.continuation else { return host.resumeWait(raw) }
        let next = Unmanaged<LuaContinuation>.fromOpaque(pointer).takeRetainedValue()
        raw.pointee.continuation = nil
        host.proceed(with: next, raw)
    }

    /// Sleeps where nothing can be yielded.
    static func block(_ raw: UnsafeMutablePointer<vl_call>) {
        let host = LuaHost.from(raw.pointee.host)
        let wait = LuaWait(.deadline(raw.pointee.deadline.duration), next: nil)
        do {
            try host.checkWait(wait, isCooperative: false)
            try host.block(on: wait)
        } catch {
            host.raise(error, raw)
        }
    }

    private func resumeWait(_ raw: UnsafeMutablePointer<vl_call>) {
        guard let task = runningTask else { return }
        guard let wait = task.takeWait() else {
            if task.isCancelled { raise(CancellationError(), raw) }
            return
        }
        if let failure = wait.failure { return raise(failure, raw) }
        if let next = wait.next { proceed(with: next, raw) }
    }

    private func proceed(with next: LuaContinuation, _ raw: UnsafeMutablePointer<vl_call>) {
        raw.pointee.argument_count = next.argumentCount
        let call = LuaCall(raw, box: .passUnretained(next.box))
        do {
            try settle(try next.body(call), call)
        } catch {
            raise(error, raw)
        }
    }

    /// Turns an outcome into what C shall do; blocks here when a wait cannot be cooperative.
    private func settle(_ first: LuaOutcome, _ call: borrowing LuaCall) throws {
        var outcome = first
        while true {
            switch outcome {
            case .values:
                call.raw.pointee.outcome = Int32(VL_RETURN)
                return
            case .sleep:
                call.raw.pointee.count = 0
                call.raw.pointee.outcome = Int32(VL_SLEEP)
                return
            case .call(let function):
                call.raw.pointee.outcome = Int32(function.isProtected ? VL_PCALL : VL_CALL)
                call.raw.pointee.continuation = function.next.map { Unmanaged.passRetained($0).toOpaque() }
                return
            case .wait(let wait):
                call.raw.pointee.count = 0
                if try park(wait, call) { return }
                try block(on: wait)
                guard let next = wait.next else { return }
                outcome = try next.body(call)
            }
        }
    }

    /// - Returns: whether the wait is cooperative; C then yields.
    private func park(_ wait: LuaWait, _ call: borrowing LuaCall) throws -> Bool {
        let isCooperative = vl_can_wait(call.raw.pointee.L)
        try checkWait(wait, isCooperative: isCooperative)
        guard isCooperative, let task = runningTask else { return false }
        task.wait = wait
        call.raw.pointee.outcome = Int32(VL_WAIT)
        return true
    }

    /// Encodes what an error becomes in Lua.
    @inline(never)
    private func raise(_ error: any Error, _ raw: UnsafeMutablePointer<vl_call>) {
        raw.pointee.count = 0
        raw.pointee.outcome = Int32(VL_RAISE)
        let writer = LuaWriter(raw)
        switch error {
        case let error as LuaError: writer.value(error.value)
        default: write(describeError(error), writer)
        }
    }

    func write(_ thrown: LuaThrown, _ writer: LuaWriter) {
        switch thrown {
        case .message(let text): writer.positioned(text)
        case .plain(let text): writer.string(text)
        case .value(let value): writer.value(value)
        case .object(let type, let fields):
            writer.openTable(fields: 8)
            fields(writer)
            if knows(type.identity) { writer.metatable(type.identity.pointer) }
        }
    }
}
