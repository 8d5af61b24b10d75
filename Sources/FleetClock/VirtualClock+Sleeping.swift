import Synchronization

extension VirtualClock {
    public func sleep(untilUptime deadline: Duration) async throws {
        try Task.checkCancellation()
        let id = state.withLock { $0.makeID() }
        let kind: SleeperQueue.Sleeper.Kind = FleetWork.current == nil ? .stranger : .operation
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(id, deadline, kind) { isCancelled in
                    continuation.resume(with: isCancelled ? .failure(CancellationError()) : .success(()))
                }
            }
        } onCancel: {
            cancel(id)
        }
    }

    public func alarm(atUptime deadline: Duration, _ body: @escaping @Sendable () -> Void) -> FleetAlarm {
        let id = state.withLock { $0.makeID() }
        add(id, deadline, .alarm) { isCancelled in
            if !isCancelled { body() }
        }
        return FleetAlarm { [self] in forget(id) }
    }

    private func add(
        _ id: UInt64, _ deadline: Duration, _ kind: SleeperQueue.Sleeper.Kind, _ wake: @escaping @Sendable (Bool) -> Void
    ) {
        let order = kind == .operation ? FleetWork.order : kind == .alarm ? 0 : .max
        enum Outcome { case sleeping([CheckedContinuation<Void, Never>]), due, cancelled }
        let outcome = state.withLock { state -> Outcome in
            if state.cancelledEarly.remove(id) != nil { return .cancelled }
            if kind != .alarm, deadline <= state.uptime { return .due }
            let operation = kind == .operation ? FleetOperation.current : nil
            state.sleepers.insert(
                SleeperQueue.Sleeper(deadline: deadline, kind: kind, order: order, operation: operation, wake: wake), id: id)
            if kind == .operation { state.change(operation) { $0.sleeping += 1 } }
            let count = state.sleepers.count
            let reached = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return .sleeping(reached)
        }
        switch outcome {
        case .sleeping(let watchers):
            for watcher in watchers { watcher.resume() }
            if kind == .stranger { moveSoon() } else { move() }
        case .due: wake(false)
        case .cancelled: wake(true)
        }
    }

    private func cancel(_ id: UInt64) {
        let sleeper = state.withLock { state -> SleeperQueue.Sleeper? in
            if let sleeper = state.sleepers.remove(id) {
                if sleeper.kind == .operation { state.change(sleeper.operation) { $0.sleeping -= 1 } }
                return sleeper
            }
            state.cancelledEarly.insert(id)
            return nil
        }
        sleeper?.wake(true)
    }

    /// Cancels an alarm. It may have rung already.
    private func forget(_ id: UInt64) {
        _ = state.withLock { $0.sleepers.remove(id) }
        move()
    }
}
