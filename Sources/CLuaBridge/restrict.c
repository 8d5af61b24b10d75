// Functions of the standard libraries as restricted scripts get them: each refuses what would run long in C, where no
// hook reaches it, and then does what it always did.
#include "match.h"

/// The most elements that one call of a library function may go through.
#define VL_MOST_ELEMENTS ((lua_Integer)10000000)
/// The longest string that `string.rep` makes, in bytes.
#define VL_LONGEST_STRING ((size_t)64 << 20)

/// What was there before, called in our own frame, so that its messages name the function as ever.
static int original(lua_State *L) { return lua_tocfunction(L, lua_upvalueindex(1))(L); }

static int restricted_rep(lua_State *L) {
    size_t length, separator = 0;
    luaL_checklstring(L, 1, &length);
    lua_Integer count = luaL_checkinteger(L, 2);
    luaL_optlstring(L, 3, "", &separator);
    size_t each = length + separator;
    if (count <= 0 || each == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if ((size_t)count > VL_LONGEST_STRING / each) return luaL_error(L, "resulting string too large (a restricted script may make 64 MiB)");
    return original(L);
}

static void check_range(lua_State *L, lua_Integer first, lua_Integer last) {
    if (last < first) return;
    if ((lua_Unsigned)last - (lua_Unsigned)first >= (lua_Unsigned)VL_MOST_ELEMENTS) {
        luaL_error(L, "too many elements (a restricted script may go through 10 million in one call)");
    }
}

/// The length is asked for once: a `__len` may answer differently the next time.
static int restricted_range(lua_State *L, int first_index, int last_index) {
    if (!lua_istable(L, 1)) return original(L);
    lua_Integer first = luaL_optinteger(L, first_index, 1);
    lua_Integer last = lua_isnoneornil(L, last_index) ? luaL_len(L, 1) : luaL_checkinteger(L, last_index);
    check_range(L, first, last);
    lua_settop(L, last_index - 1);
    lua_pushinteger(L, last);
    return original(L);
}

static int restricted_concat(lua_State *L) { return restricted_range(L, 3, 4); }
static int restricted_unpack(lua_State *L) { return restricted_range(L, 2, 3); }

static int restricted_move(lua_State *L) {
    check_range(L, luaL_checkinteger(L, 2), luaL_checkinteger(L, 3));
    return original(L);
}

/// `insert`, `remove` and `sort` go through as many elements as `__len` says, whether they are there or not.
static int restricted_list(lua_State *L) {
    if (lua_istable(L, 1) && luaL_getmetafield(L, 1, "__len") != LUA_TNIL) {
        return luaL_error(L, "not for tables with __len in a restricted script");
    }
    return original(L);
}

/// `setmetatable` without finalisers: they would run at any time, also while the state is closed.
static int restricted_setmetatable(lua_State *L) {
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    if (type == LUA_TTABLE) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL) return luaL_error(L, "a restricted script has no finalisers (__gc)");
    }
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

static const struct {
    const char *library, *name;
    lua_CFunction function;
} replacements[] = {
    {LUA_GNAME, "setmetatable", restricted_setmetatable}, {LUA_STRLIBNAME, "rep", restricted_rep},
    {LUA_TABLIBNAME, "concat", restricted_concat}, {LUA_TABLIBNAME, "unpack", restricted_unpack},
    {LUA_TABLIBNAME, "move", restricted_move}, {LUA_TABLIBNAME, "insert", restricted_list},
    {LUA_TABLIBNAME, "remove", restricted_list}, {LUA_TABLIBNAME, "sort", restricted_list},
    // The last four can be had alone.
    {LUA_STRLIBNAME, "find", vl_find}, {LUA_STRLIBNAME, "match", vl_match_function},
    {LUA_STRLIBNAME, "gmatch", vl_gmatch}, {LUA_STRLIBNAME, "gsub", vl_gsub},
};

static int restrict_body(lua_State *L) {
    const size_t count = sizeof replacements / sizeof *replacements;
    for (size_t i = vl_host_in(L)->has_patient_patterns ? count - 4 : 0; i < count; i++) {
        lua_getglobal(L, replacements[i].library);
        lua_getfield(L, -1, replacements[i].name);
        lua_pushcclosure(L, replacements[i].function, 1);
        lua_setfield(L, -2, replacements[i].name);
        lua_pop(L, 1);
    }
    return 0;
}

int vl_host_interruptible_patterns(vl_host *host) {
    host->has_patient_patterns = true;
    return vl_host_restrict(host);
}

/// Gives the library functions a bound on their work; a Lua status.
int vl_host_restrict(vl_host *host) {
    int status = vl_protect(host->main, restrict_body, NULL, 0, 0);
    if (status != LUA_OK) lua_settop(host->main, 0);
    return status;
}
