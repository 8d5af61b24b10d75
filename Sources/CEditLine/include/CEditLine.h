#ifndef CEDITLINE_H
#define CEDITLINE_H

#include <stdbool.h>
#include <stddef.h>

// A line editor on libedit. One thread reads; any thread may hide, show and abandon the line being edited.

typedef struct vast_editor vast_editor;

/// Why a reading has ended.
typedef enum {
    VAST_LINE_ENTERED,
    /// The input is at its end, or Ctrl-D on an empty line.
    VAST_LINE_END,
    /// `vast_editor_abandon` was called, or the key of a signal that ends the line was pressed and the signal sent.
    VAST_LINE_ABANDONED,
} vast_line_status;

/// Asked for what can stand at the cursor. The answer is given with `vast_editor_answer` before it returns.
typedef void (*vast_complete)(void *context, vast_editor *editor, const char *line, size_t cursor);

/// Whether a character is not seen and yet acts on the terminal or on the text around it: its escape is put into the line.
typedef bool (*vast_is_hidden)(unsigned character);

/// Returns NULL when there is no memory, or the terminal cannot be used. What is pasted becomes part of the line as it is, where
/// the terminal marks it (bracketed paste).
vast_editor *vast_editor_open(const char *program, vast_complete complete, vast_is_hidden is_hidden, void *context);
void vast_editor_close(vast_editor *editor);

/// Asks for a line, and returns its number, for `vast_editor_read`.
unsigned long vast_editor_ask(vast_editor *editor);

/// Reads the line that was asked for; it is valid until the next reading. Bytes between two \1 in the prompt take no room.
const char *vast_editor_read(vast_editor *editor, unsigned long line, const char *prompt, vast_line_status *status);

/// Puts an entry at the end of the history, newlines and all.
void vast_editor_remember(vast_editor *editor, const char *entry);

/// The answer of a completion: text for the cursor, and lines for the person; either may be NULL.
void vast_editor_answer(vast_editor *editor, const char *insertion, const char *listing);

/// Takes the line off the terminal, so that other output can be written. Returns whether there was one.
int vast_editor_hide(vast_editor *editor);
/// Shows it again.
void vast_editor_show(vast_editor *editor);
/// Gives up all lines that were asked for until now; the reading of one ends at once.
void vast_editor_abandon(vast_editor *editor);

/// Gives the terminal the modes that it had before an editor was opened, as long as this process is in its foreground.
void vast_terminal_restore(void);

/// Makes the character set of the environment that of this process; returns whether it is UTF-8.
int vast_locale_take(void);
/// How wide and high the terminal on a descriptor is; 0 when it is none.
void vast_terminal_size(int descriptor, int *columns, int *rows);

/// Writes a text to C's standard output, which Lua shares, and flushes it.
void vast_terminal_put(const char *text);
/// Reads a line with C's buffer of standard input, which Lua shares; NULL at its end. The caller frees it.
char *vast_terminal_line(void);

#endif
