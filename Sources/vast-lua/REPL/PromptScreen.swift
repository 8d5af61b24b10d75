import CEditLine
import FleetRules
import Synchronization

/// The terminal while a line is being edited: whoever writes takes the line off first and shows it again afterwards.
enum PromptScreen {
    /// Sendable although unchecked: what is called on it locks inside.
    private struct Editor: @unchecked Sendable { let pointer: OpaquePointer }

    private static let editor = Mutex<Editor?>(nil)
    /// What stands on a terminal without an editor while a line is waited for.
    private static let plainPrompt = Mutex<String?>(nil)
    private static let writing = Mutex(())

    static func use(_ pointer: OpaquePointer?) { editor.withLock { $0 = pointer.map(Editor.init) } }

    /// A terminal without an editor shows this, and a line is waited for; nil: no longer.
    static func usePlain(_ prompt: String?) { plainPrompt.withLock { $0 = prompt } }

    /// Takes the line away until ``show()``.
    ///
    /// - Returns: whether there was one.
    static func hide() -> Bool {
        if let editor = editor.withLock({ $0 }) { return vast_editor_hide(editor.pointer) != 0 }
        guard plainPrompt.withLock({ $0 }) != nil else { return false }
        vast_terminal_put("\n")
        return true
    }

    static func show() {
        vast_terminal_put(plainPrompt.withLock { $0 } ?? "")
        if let editor = editor.withLock({ $0 }) { vast_editor_show(editor.pointer) }
    }

    /// Runs `body`, which writes, with the line out of the way.
    static func around<Result>(_ body: () throws -> Result) rethrows -> Result {
        try writing.withLock { _ in
            let wasShown = hide()
            defer { if wasShown { show() } }
            return try body()
        }
    }

    /// Writes to standard output through C's buffer, which scripts share. Our own colours alone act on the terminal.
    static func write(_ text: String) {
        let text = PrintableText.screen(text)
        around { vast_terminal_put(text) }
    }
}
