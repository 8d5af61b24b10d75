/// Tells a script that stays alive, from any thread, to come to its end.
package final class RunControl: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    /// Controls a run that goes on until somebody says otherwise.
    package init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Nothing new begins; what runs may finish what it is doing.
    package func end() { continuation.finish() }

    /// Waits for ``end()``; false when the waiting task was cancelled before.
    func untilEnd() async -> Bool {
        for await _ in stream {}
        return !Task.isCancelled
    }
}
