// `string.find`, `match`, `gmatch` and `gsub` over the counted matcher; after lstrlib.c, as that.
#include "match.h"

static size_t start_position(lua_Integer position, size_t length) {
    if (position > 0) return (size_t)position;
    if (position == 0 || position < -(lua_Integer)length) return 1;
    return length + (size_t)position + 1;
}

static bool has_specials(const char *pattern, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (pattern[i] && strchr("^$*+?.([%-", pattern[i])) return true;
    }
    return false;
}

static int push_found(lua_State *L, const char *subject, const char *start, const char *end) {
    lua_pushinteger(L, start - subject + 1);
    lua_pushinteger(L, end - subject);
    return 2;
}

static int find_or_match(lua_State *L, bool is_find) {
    size_t length, pattern_length;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    size_t start = start_position(luaL_optinteger(L, 3, 1), length) - 1;
    if (start > length) {
        lua_pushnil(L);
        return 1;
    }
    if (is_find && (lua_toboolean(L, 4) || !has_specials(pattern, pattern_length))) {
        const char *found = memmem(subject + start, length - start, pattern, pattern_length);
        if (found) return push_found(L, subject, found, found + pattern_length);
        lua_pushnil(L);
        return 1;
    }
    vl_match match;
    bool is_anchored = pattern_length > 0 && *pattern == '^';
    vl_match_begin(&match, L, subject, length, pattern, pattern_length);
    for (const char *place = subject + start;; place++) {
        const char *end = vl_match_at(&match, place, pattern + is_anchored);
        if (end) {
            int found = is_find ? push_found(L, subject, place, end) : 0;
            return found + vl_push_captures(&match, is_find ? NULL : place, end);
        }
        if (is_anchored || place == match.subject_end) break;
    }
    lua_pushnil(L);
    return 1;
}

int vl_find(lua_State *L) { return find_or_match(L, true); }
int vl_match_function(lua_State *L) { return find_or_match(L, false); }

// MARK: gmatch

typedef struct vl_walk {
    const char *place, *last;
    vl_match match;
} vl_walk;

static int gmatch_step(lua_State *L) {
    vl_walk *walk = lua_touserdata(L, lua_upvalueindex(3));
    const char *pattern = lua_tostring(L, lua_upvalueindex(2));
    walk->match.L = L;
    for (; walk->place <= walk->match.subject_end; walk->place++) {
        const char *end = vl_match_at(&walk->match, walk->place, pattern);
        if (end == NULL || end == walk->last) continue;
        const char *start = walk->place;
        walk->place = walk->last = end;
        return vl_push_captures(&walk->match, start, end);
    }
    return 0;
}

int vl_gmatch(lua_State *L) {
    size_t length, pattern_length;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    size_t start = start_position(luaL_optinteger(L, 3, 1), length) - 1;
    lua_settop(L, 2);
    vl_walk *walk = lua_newuserdatauv(L, sizeof *walk, 0);
    vl_match_begin(&walk->match, L, subject, length, pattern, pattern_length);
    walk->place = start > length ? walk->match.subject_end + 1 : subject + start;
    walk->last = NULL;
    lua_pushcclosure(L, gmatch_step, 3);
    return 1;
}

// MARK: gsub

/// Adds the replacement text, in which `%1` stands for a capture.
static void add_text(vl_match *match, luaL_Buffer *buffer, const char *start, const char *end) {
    size_t length;
    lua_State *L = match->L;
    const char *text = lua_tolstring(L, 3, &length);
    const char *text_end = text + length;
    for (const char *escape; (escape = memchr(text, '%', (size_t)(text_end - text))) != NULL; text = escape + 1) {
        luaL_addlstring(buffer, text, (size_t)(escape - text));
        escape++;
        if (escape < text_end && *escape == '%') {
            luaL_addchar(buffer, '%');
        } else if (escape < text_end && *escape == '0') {
            luaL_addlstring(buffer, start, (size_t)(end - start));
        } else if (escape < text_end && *escape >= '1' && *escape <= '9') {
            vl_push_capture(match, *escape - '1', start, end);
            luaL_tolstring(L, -1, NULL);
            lua_remove(L, -2);
            luaL_addvalue(buffer);
        } else {
            luaL_error(L, "invalid use of '%%' in replacement string");
        }
    }
    luaL_addlstring(buffer, text, (size_t)(text_end - text));
}

/// Whether the text was replaced.
static bool add_value(vl_match *match, luaL_Buffer *buffer, const char *start, const char *end, int type) {
    lua_State *L = match->L;
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, vl_push_captures(match, start, end), 1);
    } else if (type == LUA_TTABLE) {
        vl_push_capture(match, 0, start, end);
        lua_gettable(L, 3);
    } else {
        add_text(match, buffer, start, end);
        return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(buffer, start, (size_t)(end - start));
        return false;
    }
    if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(buffer);
    return true;
}

int vl_gsub(lua_State *L) {
    size_t length, pattern_length;
    const char *place = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    const char *last = NULL;
    int type = lua_type(L, 3);
    luaL_argexpected(
        L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
        "string/function/table");
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1), count = 0;
    bool is_anchored = pattern_length > 0 && *pattern == '^', has_changed = false;
    if (type == LUA_TNUMBER) lua_tostring(L, 3);
    vl_match match;
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    vl_match_begin(&match, L, place, length, pattern, pattern_length);
    while (count < most) {
        const char *end = vl_match_at(&match, place, pattern + is_anchored);
        if (end != NULL && end != last) {
            count++;
            has_changed = add_value(&match, &buffer, place, end, type) || has_changed;
            place = last = end;
        } else if (place < match.subject_end) {
            luaL_addchar(&buffer, *place++);
        } else {
            break;
        }
        if (is_anchored) break;
    }
    if (has_changed) {
        luaL_addlstring(&buffer, place, (size_t)(match.subject_end - place));
        luaL_pushresult(&buffer);
    } else {
        lua_pushvalue(L, 1);
    }
    lua_pushinteger(L, count);
    return 2;
}
