import CEditLine
import Synchronization

/// The terminal while a line is being edited: whoever writes takes the line off first and shows it again afterwards.
enum PromptScreen {
    /// Sendable although unchecked: what is called on it locks inside.
    private struct Editor: @unchecked Sendable { let pointer: OpaquePointer }

    private static let editor = Mutex<Editor?>(nil)
    private static let writing = Mutex(())

    static func use(_ pointer: OpaquePointer?) { editor.withLock { $0 = pointer.map(Editor.init) } }

    /// Takes the line away until ``show()``.
    ///
    /// - Returns: whether there was one.
    static func hide() -> Bool { editor.withLock { $0 }.map { vast_editor_hide($0.pointer) != 0 } ?? false }

    static func show() {
        vast_terminal_put("")
        if let editor = editor.withLock({ $0 }) { vast_editor_show(editor.pointer) }
    }

    /// Runs `body`, which writes, with the line out of the way.
    static func around<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard let editor = editor.withLock({ $0 }) else { return try body() }
        return try writing.withLock { _ in
            let wasShown = vast_editor_hide(editor.pointer) != 0
            defer {
                if wasShown { vast_editor_show(editor.pointer) }
            }
            return try body()
        }
    }

    /// Writes to standard output through C's buffer, which scripts share.
    static func write(_ text: String) {
        around { vast_terminal_put(text) }
    }
}
