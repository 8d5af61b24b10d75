import Synchronization

/// What comes from the person at the prompt.
enum LineEvent: Sendable {
    /// A line, without its end.
    case line([UInt8])
    /// What is written up to the cursor is to be completed; ``LineInput/answer(_:)`` says how.
    case complete(String)
    case end
}

/// Brings lines from a thread that blocks to the state that waits for them, so that jobs go on meanwhile.
protocol LineInput: AnyObject, Sendable {
    /// Asks for a line; what comes of it arrives in ``events``.
    func request(prompt: String)
    /// Gives up the line that was asked for.
    func abandon()
    var events: LineEvents { get }
    /// The answer to ``LineEvent/complete(_:)``.
    func answer(insertion: String, listing: String?)
    /// Keeps what was entered, for the arrow keys.
    func remember(_ entry: String)
    func close()
}

/// A mailbox for one reader.
final class LineEvents: Sendable {
    private struct State {
        var waiting: [LineEvent] = []
        var reader: CheckedContinuation<LineEvent?, Never>?
        var isCancelled = false
    }

    private let state = Mutex(State())

    func post(_ event: LineEvent) {
        let reader = state.withLock { state -> CheckedContinuation<LineEvent?, Never>? in
            guard let reader = state.reader else {
                state.waiting.append(event)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: event)
    }

    /// What was posted and not read, is forgotten.
    func clear() { state.withLock { $0.waiting = [] } }

    /// The next event; nil when the task is cancelled.
    func next() async -> LineEvent? {
        state.withLock { $0.isCancelled = false }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let event = state.withLock { state -> LineEvent?? in
                    if state.isCancelled { return .some(nil) }
                    if !state.waiting.isEmpty { return state.waiting.removeFirst() }
                    state.reader = continuation
                    return nil
                }
                if let event { continuation.resume(returning: event) }
            }
        } onCancel: {
            let reader = state.withLock { state in
                state.isCancelled = true
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }
}
