// Lua's pattern matching, after lstrlib.c of Lua 5.4 (Copyright 1994-2022 Lua.org, PUC-Rio; MIT licence), with one
// difference: its work is counted, as a hostile pattern takes time that is exponential in its length and no hook fires here.
// Restricted scripts may do so much of it; at a prompt it can be interrupted.
#include "match.h"
#include <ctype.h>

enum { ESCAPE = '%', DEEPEST = 200 };

/// What every call may use, and what each byte of the subject adds.
#define FREE_STEPS ((uint64_t)20000000)
#define STEPS_PER_BYTE ((uint64_t)64)

static const char *match(vl_match *m, const char *s, const char *p);

/// How often somebody who may wait for ever looks whether he is still to wait.
#define PATIENT_STEPS ((uint64_t)65536)

/// What a call may use is used up: an error, or another look whether somebody wants to interrupt.
static void look_up(vl_match *m, size_t steps) {
    vl_host *host = vl_host_in(m->L);
    if (!host->has_patient_patterns) luaL_error(m->L, "pattern takes too long for a restricted script");
    if (vl_is_interrupted(host)) vl_bail(m->L);
    m->steps = PATIENT_STEPS + steps;
}

static inline void spend(vl_match *m, size_t steps) {
    if (m->steps < steps) look_up(m, steps);
    m->steps -= steps;
}

void vl_match_begin(vl_match *m, lua_State *L, const char *subject, size_t length, const char *pattern, size_t pattern_length) {
    m->L = L;
    m->subject = subject;
    m->subject_end = subject + length;
    m->pattern_end = pattern + pattern_length;
    m->steps = vl_host_in(L)->has_patient_patterns ? PATIENT_STEPS : FREE_STEPS + STEPS_PER_BYTE * length;
    m->depth = 0;
    m->level = 0;
}

const char *vl_match_at(vl_match *m, const char *place, const char *pattern) {
    m->level = 0;
    m->depth = 0;
    return match(m, place, pattern);
}

// MARK: single characters

static const char *class_end(vl_match *m, const char *p) {
    if (*p++ == ESCAPE) {
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (p[-1] != '[') return p;
    const char *start = p;
    if (*p == '^') p++;
    do {
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == ESCAPE && p < m->pattern_end) p++;
    } while (p == m->pattern_end || *p != ']');
    spend(m, (size_t)(p - start));
    return p + 1;
}

static bool in_class(int c, int class) {
    bool result;
    switch (tolower(class)) {
    case 'a': result = isalpha(c); break;
    case 'c': result = iscntrl(c); break;
    case 'd': result = isdigit(c); break;
    case 'g': result = isgraph(c); break;
    case 'l': result = islower(c); break;
    case 'p': result = ispunct(c); break;
    case 's': result = isspace(c); break;
    case 'u': result = isupper(c); break;
    case 'w': result = isalnum(c); break;
    case 'x': result = isxdigit(c); break;
    case 'z': result = c == 0; break;
    default: return class == c;
    }
    return isupper(class) ? !result : result;
}

/// `p` is at the '[', `end` at its ']'.
static bool in_set(vl_match *m, int c, const char *p, const char *end) {
    bool is_in = true;
    spend(m, (size_t)(end - p));
    if (p[1] == '^') {
        is_in = false;
        p++;
    }
    while (++p < end) {
        if (*p == ESCAPE) {
            p++;
            if (in_class(c, (unsigned char)*p)) return is_in;
        } else if (p[1] == '-' && p + 2 < end) {
            p += 2;
            if ((unsigned char)p[-2] <= c && c <= (unsigned char)*p) return is_in;
        } else if ((unsigned char)*p == c) {
            return is_in;
        }
    }
    return !is_in;
}

static bool matches_one(vl_match *m, const char *s, const char *p, const char *end) {
    if (s >= m->subject_end) return false;
    int c = (unsigned char)*s;
    switch (*p) {
    case '.': return true;
    case ESCAPE: return in_class(c, (unsigned char)p[1]);
    case '[': return in_set(m, c, p, end - 1);
    default: return (unsigned char)*p == c;
    }
}

// MARK: items of a pattern

static const char *match_balance(vl_match *m, const char *s, const char *p) {
    if (p >= m->pattern_end - 1) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->subject_end || *s != *p) return NULL;
    int open = *p, close = p[1], depth = 1;
    while (++s < m->subject_end) {
        spend(m, 1);
        if (*s == close) {
            if (--depth == 0) return s + 1;
        } else if (*s == open) {
            depth++;
        }
    }
    return NULL;
}

static const char *expand_most(vl_match *m, const char *s, const char *p, const char *end) {
    ptrdiff_t count = 0;
    while (matches_one(m, s + count, p, end)) count++;
    spend(m, (size_t)count);
    for (; count >= 0; count--) {
        const char *result = match(m, s + count, end + 1);
        if (result) return result;
    }
    return NULL;
}

static const char *expand_least(vl_match *m, const char *s, const char *p, const char *end) {
    for (;; s++) {
        const char *result = match(m, s, end + 1);
        if (result) return result;
        if (!matches_one(m, s, p, end)) return NULL;
    }
}

static const char *open_capture(vl_match *m, const char *s, const char *p, ptrdiff_t what) {
    if (m->level >= VL_MOST_CAPTURES) luaL_error(m->L, "too many captures");
    m->captures[m->level].start = s;
    m->captures[m->level].length = what;
    m->level++;
    const char *result = match(m, s, p);
    if (result == NULL) m->level--;
    return result;
}

static const char *close_capture(vl_match *m, const char *s, const char *p) {
    int level = m->level - 1;
    while (level >= 0 && m->captures[level].length != VL_UNCLOSED) level--;
    if (level < 0) luaL_error(m->L, "invalid pattern capture");
    m->captures[level].length = s - m->captures[level].start;
    const char *result = match(m, s, p);
    if (result == NULL) m->captures[level].length = VL_UNCLOSED;
    return result;
}

static const char *match_capture(vl_match *m, const char *s, int digit) {
    int level = digit - '1';
    if (level < 0 || level >= m->level || m->captures[level].length == VL_UNCLOSED) {
        luaL_error(m->L, "invalid capture index %%%d", level + 1);
    }
    // A place is no text, and nothing is like it.
    if (m->captures[level].length == VL_PLACE) return NULL;
    size_t length = (size_t)m->captures[level].length;
    spend(m, length);
    if ((size_t)(m->subject_end - s) < length || memcmp(m->captures[level].start, s, length) != 0) return NULL;
    return s + length;
}

static bool is_frontier(vl_match *m, const char *s, const char *p, const char *end) {
    int before = s == m->subject ? 0 : (unsigned char)s[-1];
    int here = s < m->subject_end ? (unsigned char)*s : 0;
    return !in_set(m, before, p, end - 1) && in_set(m, here, p, end - 1);
}

// MARK: the whole pattern

/// What a single character with its suffix makes: sets the place to go on from, or the result.
static bool match_single(vl_match *m, const char **s, const char **p, const char **result) {
    const char *end = class_end(m, *p);
    char suffix = end < m->pattern_end ? *end : 0;
    switch (suffix) {
    case '*': case '-': case '?':
        if (matches_one(m, *s, *p, end)) {
            *result = suffix == '*' ? expand_most(m, *s, *p, end)
                : suffix == '-' ? expand_least(m, *s, *p, end) : match(m, *s + 1, end + 1);
            if (*result || suffix != '?') return false;
        }
        *p = end + 1;
        return true;
    case '+': *result = matches_one(m, *s, *p, end) ? expand_most(m, *s + 1, *p, end) : NULL; return false;
    default:
        *result = NULL;
        if (!matches_one(m, *s, *p, end)) return false;
        (*s)++;
        *p = end;
        return true;
    }
}

/// Items that begin with '%' and are no class; anything else is left to match_single.
static bool match_escape(vl_match *m, const char **s, const char **p, const char **result) {
    switch (p[0] + 1 < m->pattern_end ? p[0][1] : 0) {
    case 'b':
        *s = match_balance(m, *s, *p + 2);
        *p += 4;
        break;
    case 'f': {
        *p += 2;
        if (*p >= m->pattern_end || **p != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
        const char *end = class_end(m, *p);
        if (!is_frontier(m, *s, *p, end)) *s = NULL;
        *p = end;
        break;
    }
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        *s = match_capture(m, *s, (unsigned char)p[0][1]);
        *p += 2;
        break;
    default: return match_single(m, s, p, result);
    }
    *result = NULL;
    return *s != NULL;
}

static const char *match_items(vl_match *m, const char *s, const char *p) {
    const char *result = NULL;
    bool goes_on = true;
    while (goes_on) {
        spend(m, 1);
        if (p == m->pattern_end) return s;
        switch (*p) {
        case '(': return p + 1 < m->pattern_end && p[1] == ')' ? open_capture(m, s, p + 2, VL_PLACE) : open_capture(m, s, p + 1, VL_UNCLOSED);
        case ')': return close_capture(m, s, p + 1);
        case '$':
            if (p + 1 == m->pattern_end) return s == m->subject_end ? s : NULL;
            goes_on = match_single(m, &s, &p, &result);
            break;
        case ESCAPE: goes_on = match_escape(m, &s, &p, &result); break;
        default: goes_on = match_single(m, &s, &p, &result); break;
        }
    }
    return result;
}

static const char *match(vl_match *m, const char *s, const char *p) {
    if (++m->depth > DEEPEST) luaL_error(m->L, "pattern too complex");
    const char *result = match_items(m, s, p);
    m->depth--;
    return result;
}

// MARK: captures

void vl_push_capture(vl_match *m, int index, const char *start, const char *end) {
    if (index >= m->level) {
        if (index != 0) luaL_error(m->L, "invalid capture index %%%d", index + 1);
        lua_pushlstring(m->L, start, (size_t)(end - start));
        return;
    }
    ptrdiff_t length = m->captures[index].length;
    if (length == VL_UNCLOSED) luaL_error(m->L, "unfinished capture");
    if (length == VL_PLACE) {
        lua_pushinteger(m->L, m->captures[index].start - m->subject + 1);
    } else {
        lua_pushlstring(m->L, m->captures[index].start, (size_t)length);
    }
}

int vl_push_captures(vl_match *m, const char *start, const char *end) {
    int count = m->level == 0 && start ? 1 : m->level;
    luaL_checkstack(m->L, count, "too many captures");
    for (int index = 0; index < count; index++) vl_push_capture(m, index, start, end);
    return count;
}
