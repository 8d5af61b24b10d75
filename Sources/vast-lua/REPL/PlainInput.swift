import CEditLine
import Glibc
import Synchronization

/// Lines without an editor: from a pipe, or a terminal that cannot do more. It shares its buffer with `io.read`.
final class PlainInput: LineInput {
    let events = LineEvents()
    private let isReading = Mutex(false)

    func request(prompt: String) {
        let prompt = prompt.replacing("\u{1}", with: "")
        PromptScreen.write(prompt)
        PromptScreen.usePlain(prompt.isEmpty ? nil : prompt)
        let isFirst = isReading.withLock { isReading in
            defer { isReading = true }
            return !isReading
        }
        // A line that was given up is still being waited for.
        guard isFirst else { return }
        startThread { [self] in
            let event = read()
            PromptScreen.usePlain(nil)
            isReading.withLock { $0 = false }
            events.post(event)
        }
    }

    private func read() -> LineEvent {
        guard let line = vast_terminal_line() else { return .end }
        defer { free(line) }
        var bytes = UnsafeBufferPointer(start: line, count: strlen(line)).map { UInt8(bitPattern: $0) }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return .line(bytes)
    }

    func abandon() { PromptScreen.usePlain(nil) }
    func answer(insertion: String, listing: String?) {}
    func remember(_ entry: String) {}
    func close() {}
}
