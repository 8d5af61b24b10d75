#ifndef VAST_PASTE_H
#define VAST_PASTE_H

#include "CEditLine.h"

#include <stddef.h>
#include <wchar.h>

// What is pasted, as terminals send it: bytes of any kind between two marks.

/// The marks, without and with the end of the text.
#define PASTE_BEGIN "\033[200~"
#define PASTE_END "\033[201~"

/// The bytes of a paste, while they come.
typedef struct {
    char *bytes;
    size_t count, capacity;
    // Whether a byte had no room: then none of it is used, for a part could mean something else.
    int is_cut;
} pasted;

/// Puts a byte behind the others.
void paste_keep(pasted *text, char byte);
/// Whether the mark of the end has come.
int paste_is_whole(const pasted *text);
/// A whole paste as it stands in the line: line ends of every kind are one, Tabs stay, and everything else that cannot be seen
/// becomes the escape of Lua that means it. The caller frees it; NULL when it does not fit.
wchar_t *paste_text(const pasted *text, vast_is_hidden is_hidden);
/// Begins anew.
void paste_forget(pasted *text);

#endif
