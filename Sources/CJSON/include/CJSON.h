// The C face of simdjson: parse one JSON text into a tape and a string buffer that the caller owns.
//
// The tape is simdjson's own (https://github.com/simdjson/simdjson/blob/master/doc/tape.md): one 64-bit word per value
// with its type character in the top byte; a number has its value in the word that follows; a string's payload is the
// offset of a 32-bit length in `strings`, followed by that many UTF-8 bytes and a zero; an object's or array's payload
// holds the index one past its end in the low 32 bits and its (saturated) count in the 24 bits above.
#ifndef CJSON_H
#define CJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What went wrong, as far as the caller treats it differently.
enum cjson_status {
    CJSON_OK = 0,
    CJSON_OUT_OF_MEMORY,
    CJSON_TOO_DEEP,
    CJSON_TOO_LARGE,
    CJSON_EMPTY,
    CJSON_BAD_UTF8,
    CJSON_BAD_NUMBER,
    CJSON_BAD_SYNTAX,
};

/// A parsed text. Both buffers are exactly as large as what they hold and live in one allocation.
struct cjson_tape {
    const uint64_t *words;
    size_t word_count;
    const uint8_t *strings;
    size_t string_bytes;
};

/// Parses `length` bytes (which need no padding) and fills `tape`; on any status but CJSON_OK `tape` is all zero.
/// No C++ exception leaves this function.
enum cjson_status cjson_parse(const uint8_t *bytes, size_t length, size_t max_depth, struct cjson_tape *tape);

/// Frees what cjson_parse has filled in; a zero tape is allowed.
void cjson_free(struct cjson_tape *tape);

#ifdef __cplusplus
}
#endif

#endif
