import CEditLine
import Dispatch
import FleetRules
import Glibc
import Synchronization
import VastJSON

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
            }, { Unicode.Scalar($0).map(HiddenCharacter.contains) ?? true }, Unmanaged.passUnretained(self).toOpaque())
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
        if let editor { vast_editor_remember(editor, Self.editable(entry)) }
    }

    /// As it would stand in the line if it was typed: what cannot be seen is written as its escape.
    private static func editable(_ entry: String) -> String {
        guard entry.utf8.contains(where: { $0 >= 0x80 }) else { return entry }
        return entry.unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.value >= 0x80, HiddenCharacter.contains(scalar) {
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    func close() {
        PromptScreen.use(nil)
        abandon()
        requests.post(nil)
        // The editor's thread gives the terminal its modes back when a line ends; the process must not end before it.
        if hasEnded.wait(timeout: .now() + .seconds(2)) == .timedOut { vast_terminal_restore() }
    }

    func answer(insertion: String, listing: String?) {
        answers.post((PrintableText.lines(insertion), listing.map { PrintableText.screen($0) }))
    }

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
