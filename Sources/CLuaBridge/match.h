// Private to the bridge: Lua's pattern matching with a bound on its work.
#ifndef VL_MATCH_H
#define VL_MATCH_H

#include "host.h"

#define VL_MOST_CAPTURES 32
#define VL_UNCLOSED ((ptrdiff_t)-1)
#define VL_PLACE ((ptrdiff_t)-2)

/// One search: the subject, the pattern, what was captured so far, and how much work is left.
typedef struct vl_match {
    lua_State *L;
    const char *subject, *subject_end, *pattern_end;
    uint64_t steps;
    int depth;
    int level;
    struct {
        const char *start;
        ptrdiff_t length;
    } captures[VL_MOST_CAPTURES];
} vl_match;

void vl_match_begin(vl_match *match, lua_State *L, const char *subject, size_t length, const char *pattern, size_t pattern_length);
/// Matches the pattern at one place; returns the end of the match, or NULL. Raises when the pattern is malformed, or
/// when the work is used up.
const char *vl_match_at(vl_match *match, const char *place, const char *pattern);
/// Pushes the captures, or the whole match when there are none and `start` is given; returns how many.
int vl_push_captures(vl_match *match, const char *start, const char *end);
/// Pushes one capture, or the whole match.
void vl_push_capture(vl_match *match, int index, const char *start, const char *end);

// The functions of `string`; each has the one it takes the place of as its upvalue.
int vl_find(lua_State *L);
int vl_match_function(lua_State *L);
int vl_gmatch(lua_State *L);
int vl_gsub(lua_State *L);

#endif
