// The functions of `os` that look at a clock, for a state whose clock is not the machine's.
#include "host.h"

/// What was there before: it is called in our own frame, so that its messages name the function as ever.
static lua_CFunction original(lua_State *L) { return lua_tocfunction(L, lua_upvalueindex(1)); }

static int os_time(lua_State *L) {
    if (!lua_isnoneornil(L, 1)) return original(L)(L);
    vl_host *host = vl_host_in(L);
    lua_pushinteger(L, host->callbacks.time(host).unix_seconds);
    return 1;
}

static int os_date(lua_State *L) {
    if (lua_isnoneornil(L, 2)) {
        vl_host *host = vl_host_in(L);
        lua_settop(L, 1);
        lua_pushinteger(L, host->callbacks.time(host).unix_seconds);
    }
    return original(L)(L);
}

static int os_clock(lua_State *L) {
    vl_host *host = vl_host_in(L);
    lua_pushnumber(L, host->callbacks.time(host).seconds);
    return 1;
}

static void replace(lua_State *L, const char *name, lua_CFunction function) {
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

static int follow_body(lua_State *L) {
    lua_getglobal(L, LUA_OSLIBNAME);
    replace(L, "time", os_time);
    replace(L, "date", os_date);
    replace(L, "clock", os_clock);
    return 0;
}

int vl_host_follow_clock(vl_host *host) {
    int status = vl_protect(host->main, follow_body, NULL, 0, 0);
    if (status != LUA_OK) lua_settop(host->main, 0);
    return status;
}
