import CEditLine
import Dispatch
import Glibc
import Synchronization

/// Lines from a terminal, edited with libedit.
///
/// Sendable although unchecked: the editor belongs to its thread; what other threads call locks inside.
final class EditedInput: LineInput, @unchecked Sendable {
    let events = LineEvents()
    private var editor: OpaquePointer?
    private let requests = Requests()
    private let answers = Answers()
    private let hasEnded = DispatchSemaphore(value: 0)

    /// nil when the terminal cannot be used so.
    init?() {
        editor = vast_editor_open(
            "vast-lua",
            { context, editor, line, cursor in
                guard let context, let editor, let line else { return }
                let input = Unmanaged<EditedInput>.fromOpaque(context).takeUnretainedValue()
                input.complete(
                    editor, String(decoding: UnsafeBufferPointer(start: line, count: cursor).map { UInt8(bitPattern: $0) }, as: UTF8.self))
            }, Unmanaged.passUnretained(self).toOpaque())
        guard editor != nil else { return nil }
        PromptScreen.use(editor)
        startThread { [self] in read() }
    }

    func request(prompt: String) {
        guard let editor else { return }
        requests.post((prompt, vast_editor_ask(editor)))
    }

    func abandon() {
        answers.post(nil)
        if let editor { vast_editor_abandon(editor) }
    }

    func remember(_ entry: String) {
        if let editor { vast_editor_remember(editor, entry) }
    }

    func close() {
        PromptScreen.use(nil)
        abandon()
        requests.post(nil)
        // The editor's thread gives the terminal its modes back when a line ends; the process must not end before it.
        if hasEnded.wait(timeout: .now() + .seconds(2)) == .timedOut { vast_terminal_restore() }
    }

    func answer(insertion: String, listing: String?) { answers.post((insertion, listing)) }

    private func read() {
        defer { hasEnded.signal() }
        guard let editor else { return }
        while let request = requests.next() {
            var status = VAST_LINE_END
            let line = vast_editor_read(editor, request.line, request.prompt, &status)
            switch status {
            case VAST_LINE_ENTERED:
                guard let line else { continue }
                var bytes = Array(UnsafeBufferPointer(start: line, count: strlen(line)).map { UInt8(bitPattern: $0) })
                if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
                events.post(.line(bytes))
            case VAST_LINE_END: events.post(.end)
            default: continue
            }
        }
    }

    /// In the thread that reads: asks the state, and waits for its answer.
    private func complete(_ editor: OpaquePointer, _ text: String) {
        guard text.contains(where: { !$0.isWhitespace }) else { return vast_editor_answer(editor, "    ", nil) }
        answers.clear()
        events.post(.complete(text))
        guard let answer = answers.next() else { return }
        vast_editor_answer(editor, answer.insertion.isEmpty ? nil : answer.insertion, answer.listing.map { $0 + "\n" })
    }
}

/// Hands values to a thread that blocks for them, since it is not one of Swift's.
private final class Handover<Value: Sendable>: Sendable {
    private let values = Mutex<[Value?]>([])
    private let count = DispatchSemaphore(value: 0)

    func post(_ value: Value?) {
        values.withLock { $0.append(value) }
        count.signal()
    }

    func next() -> Value? {
        while true {
            count.wait()
            // What was cleared has left its signal behind.
            if let value = values.withLock({ $0.isEmpty ? nil : $0.removeFirst() as Value?? }) { return value }
        }
    }

    func clear() { values.withLock { $0 = [] } }
}

private typealias Requests = Handover<(prompt: String, line: UInt)>
private typealias Answers = Handover<(insertion: String, listing: String?)>
