import Synchronization

/// Lets a few answers be made and sent at a time; the others wait in the order in which they came. An answer with the whole fleet
/// is tens of megabytes, and the script decides how many it asks for and how fast it takes them.
final class AnswerGate: Sendable {
    private struct State {
        var free: Int
        var lastTicket = 0
        var waiting: [(ticket: Int, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Mutex<State>

    /// - Parameter width: how many at a time.
    init(width: Int) { state = Mutex(State(free: width)) }

    /// Makes an answer when it is its turn.
    ///
    /// - Throws: `CancellationError` when the task was cancelled while it waited, and what `body` throws.
    func pass<Result>(_ body: () async throws -> Result) async throws -> Result {
        await enter()
        defer { leave() }
        try Task.checkCancellation()
        return try await body()
    }

    private func enter() async {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { wake in
                let isFree = state.withLock { state in
                    if state.free > 0 || Task.isCancelled {
                        state.free -= 1
                        return true
                    }
                    state.waiting.append((ticket, wake))
                    return false
                }
                if isFree { wake.resume() }
            }
        } onCancel: {
            // It goes through at once, to find that it is cancelled.
            let wake = state.withLock { state in
                guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                    return nil as CheckedContinuation<Void, Never>?
                }
                state.free -= 1
                return state.waiting.remove(at: place).wake
            }
            wake?.resume()
        }
    }

    private func leave() {
        let wake = state.withLock { state in
            state.free += 1
            guard state.free > 0, !state.waiting.isEmpty else { return nil as CheckedContinuation<Void, Never>? }
            state.free -= 1
            return state.waiting.removeFirst().wake
        }
        wake?.resume()
    }
}
