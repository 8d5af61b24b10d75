import CEditLine
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

    /// nil when the terminal cannot be used so.
    init?() {
        editor = vast_editor_open(
            "vast-lua",
            { context, editor, line, cursor in
                guard let context, let editor, let line else { return }
                let input = Unmanaged<EditedInput>.fromOpaque(context).takeUnretainedValue()
                input.complete(editor, String(decoding: UnsafeBufferPointer(start: line, count: cursor).map { UInt8(bitPattern: $0) }, as: UTF8.self))
            }, Unmanaged.passUnretained(self).toOpaque())
        guard editor != nil else { return nil }
        PromptScreen.use(editor)
        startThread { [self] in read() }
    }

    func request(prompt: String) { requests.post(prompt) }

    func abandon() {
        answers.post(nil)
        if let editor { vast_editor_abandon(editor) }
    }

    func remember(_ entry: String) {
        if let editor { vast_editor_remember(editor, entry) }
    }

    func close() {
        PromptScreen.use(nil)
        requests.post(nil)
    }

    func answer(insertion: String, listing: String?) { answers.post((insertion, listing)) }

    private func read() {
        guard let editor else { return }
        while let prompt = requests.next() {
            var status = VAST_LINE_END
            let line = vast_editor_read(editor, prompt, &status)
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

/// Hands values to a thread that blocks for them; a condition variable, since the thread is not one of Swift's.
private class Handover<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var values: [Value?] = []

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func post(_ value: Value?) {
        pthread_mutex_lock(mutex)
        values.append(value)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func next() -> Value? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while values.isEmpty { pthread_cond_wait(condition, mutex) }
        return values.removeFirst()
    }

    func clear() {
        pthread_mutex_lock(mutex)
        values = []
        pthread_mutex_unlock(mutex)
    }
}

private typealias Requests = Handover<String>
private typealias Answers = Handover<(insertion: String, listing: String?)>
