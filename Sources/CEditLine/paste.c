#include "paste.h"

#include <stdlib.h>
#include <string.h>

// Longer ones are none that a person reads before pressing Enter.
enum { LONGEST_PASTE = 1 << 20 };
// How many characters an escape has at most: `\u{10FFFF}`.
enum { LONGEST_ESCAPE = 10 };

void paste_keep(pasted *text, char byte) {
    if (text->count == text->capacity) {
        size_t capacity = text->capacity == 0 ? 256 : 2 * text->capacity;
        char *bytes = capacity > LONGEST_PASTE ? NULL : realloc(text->bytes, capacity);
        if (bytes == NULL) {
            text->is_cut = 1;
            if (text->bytes == NULL) { return; }
            // The last bytes are kept, so that the mark of the end is found.
            size_t tail = strlen(PASTE_END);
            memmove(text->bytes, text->bytes + text->count - tail, tail);
            text->count = tail;
        } else {
            text->bytes = bytes;
            text->capacity = capacity;
        }
    }
    text->bytes[text->count++] = byte;
}

int paste_is_whole(const pasted *text) {
    size_t length = strlen(PASTE_END);
    return text->count >= length && memcmp(text->bytes + text->count - length, PASTE_END, length) == 0;
}

static size_t put_escape(wchar_t *place, const wchar_t *format, unsigned value) {
    return (size_t)swprintf(place, LONGEST_ESCAPE + 1, format, value);
}

wchar_t *paste_text(const pasted *text, vast_is_hidden is_hidden) {
    size_t length = text->count - strlen(PASTE_END), count = 0;
    wchar_t *result = text->is_cut ? NULL : malloc((length * LONGEST_ESCAPE + 1) * sizeof *result);
    if (result == NULL) { return NULL; }
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (size_t index = 0; index < length;) {
        wchar_t character;
        size_t size = mbrtowc(&character, text->bytes + index, length - index, &state);
        if (size == (size_t)-1 || size == (size_t)-2) {
            memset(&state, 0, sizeof state);
            count += put_escape(result + count, L"\\x%02X", (unsigned char)text->bytes[index]);
            index++;
            continue;
        }
        // The character 0 has the size 0.
        index += size == 0 ? 1 : size;
        if (character == L'\r') {
            // Terminals make a carriage return of a line break.
            if (index < length && text->bytes[index] == '\n') { index++; }
            result[count++] = L'\n';
        } else if (character == L'\n' || character == L'\t' || !is_hidden((unsigned)character)) {
            result[count++] = character;
        } else {
            count += put_escape(result + count, L"\\u{%X}", (unsigned)character);
        }
    }
    result[count] = L'\0';
    return result;
}

void paste_forget(pasted *text) {
    free(text->bytes);
    memset(text, 0, sizeof *text);
}
