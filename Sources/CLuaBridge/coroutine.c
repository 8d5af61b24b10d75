// The `coroutine` library: behaves as Lua 5.4's, and passes a wait of the host through to the scheduler.
#include "host.h"

enum { CO_RUNNING, CO_SUSPENDED, CO_NORMAL, CO_DEAD };
static const char *const status_names[] = {"running", "suspended", "normal", "dead"};

enum { RESUME_FAILED = -1, RESUME_PARKED = -2 };

static lua_State *check_coroutine(lua_State *L) {
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "coroutine");
    return co;
}

static int status_of(lua_State *L, lua_State *co) {
    if (L == co) return CO_RUNNING;
    if (vl_has(co, VL_FINISHED)) return CO_DEAD;
    if (vl_has(co, VL_HOST_TASK)) return lua_status(co) == LUA_OK || lua_status(co) == LUA_YIELD ? CO_NORMAL : CO_DEAD;
    if (vl_has(co, VL_PARKED)) return CO_NORMAL;
    if (lua_status(co) == LUA_YIELD) return CO_SUSPENDED;
    if (lua_status(co) != LUA_OK) return CO_DEAD;
    lua_Debug activation;
    if (lua_getstack(co, 0, &activation)) return CO_NORMAL;
    return lua_gettop(co) == 0 ? CO_DEAD : CO_SUSPENDED;
}

/// What the host forbids before Lua's own checks; NULL when there is nothing.
static const char *refusal(lua_State *co) {
    if (vl_has(co, VL_FINISHED)) return "cannot resume dead coroutine";
    if (!vl_has(co, VL_HOST_TASK | VL_PARKED)) return NULL;
    int status = lua_status(co);
    bool alive = status == LUA_OK || status == LUA_YIELD;
    return alive ? "cannot resume non-suspended coroutine" : "cannot resume dead coroutine";
}

/// Resumes `co` with the topmost values; pushes and counts its results, or pushes an error.
static int run(lua_State *L, lua_State *co, int arguments) {
    vl_host *host = vl_host_in(L);
    vl_frame frame;
    int results = 0;
    vl_unset(co, VL_PARKED);
    vl_push_frame(host, &frame, co);
    if (vl_is_interrupted(host)) {
        vl_pop_frame(host, &frame);
        return vl_bail(L);
    }
    int status = lua_resume(co, L, arguments, &results);
    vl_pop_frame(host, &frame);
    if (vl_is_interrupted(host)) return vl_bail(L);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return RESUME_FAILED;
    }
    if (vl_has(co, VL_PARKED)) return RESUME_PARKED;
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return RESUME_FAILED;
    }
    lua_xmove(co, L, results);
    return results;
}

static int start(lua_State *L, lua_State *co, int arguments) {
    const char *reason = refusal(co);
    if (reason) {
        lua_pushstring(L, reason);
        return RESUME_FAILED;
    }
    if (!lua_checkstack(co, arguments)) {
        lua_pushliteral(L, "too many arguments to resume");
        return RESUME_FAILED;
    }
    lua_xmove(L, co, arguments);
    return run(L, co, arguments);
}

// MARK: resume

static int after_resume(lua_State *L, int status, lua_KContext context);

static int finish_resume(lua_State *L, int results) {
    if (results == RESUME_PARKED) {
        vl_set(L, VL_PARKED);
        return lua_yieldk(L, 0, 0, after_resume);
    }
    lua_pushboolean(L, results >= 0);
    int values = results >= 0 ? results : 1;
    lua_insert(L, -values - 1);
    return values + 1;
}

static int after_resume(lua_State *L, int status, lua_KContext context) {
    (void)status, (void)context;
    vl_unset(L, VL_PARKED);
    return finish_resume(L, run(L, lua_tothread(L, 1), 0));
}

static int co_resume(lua_State *L) {
    lua_State *co = check_coroutine(L);
    return finish_resume(L, start(L, co, lua_gettop(L) - 1));
}

// MARK: wrap

/// Ends a coroutine: its pending to-be-closed variables are closed. The frame lets an interrupt reach it.
static int reset(lua_State *L, lua_State *co) {
    vl_host *host = vl_host_in(L);
    vl_frame frame;
    vl_push_frame(host, &frame, co);
    if (vl_is_interrupted(host)) {
        vl_pop_frame(host, &frame);
        return vl_bail(L);
    }
    int status = lua_resetthread(co);
    vl_pop_frame(host, &frame);
    if (vl_is_interrupted(host)) return vl_bail(L);
    return status;
}

static int fail_wrap(lua_State *L, lua_State *co) {
    int status = lua_status(co);
    if (!vl_has(co, VL_HOST_TASK) && status != LUA_OK && status != LUA_YIELD) {
        status = reset(L, co);
        lua_xmove(co, L, 1);
    }
    if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int after_wrap(lua_State *L, int status, lua_KContext context);

static int finish_wrap(lua_State *L, lua_State *co, int results) {
    if (results >= 0) return results;
    if (results == RESUME_FAILED) return fail_wrap(L, co);
    vl_set(L, VL_PARKED);
    return lua_yieldk(L, 0, 0, after_wrap);
}

static int after_wrap(lua_State *L, int status, lua_KContext context) {
    (void)status, (void)context;
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    vl_unset(L, VL_PARKED);
    return finish_wrap(L, co, run(L, co, 0));
}

static int wrapped(lua_State *L) {
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    return finish_wrap(L, co, start(L, co, lua_gettop(L)));
}

// MARK: the others

static int co_create(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int co_wrap(lua_State *L) {
    co_create(L);
    lua_pushcclosure(L, wrapped, 1);
    return 1;
}

static int co_yield(lua_State *L) {
    if (vl_has(L, VL_HOST_TASK)) {
        lua_pushliteral(L, "attempt to yield from outside a coroutine");
        return lua_error(L);
    }
    return lua_yield(L, lua_gettop(L));
}

static int co_status(lua_State *L) {
    lua_State *co = check_coroutine(L);
    lua_pushstring(L, status_names[status_of(L, co)]);
    return 1;
}

static int co_isyieldable(lua_State *L) {
    lua_State *co = lua_isnone(L, 1) ? L : check_coroutine(L);
    lua_pushboolean(L, !vl_has(co, VL_HOST_TASK) && lua_isyieldable(co));
    return 1;
}

static int co_running(lua_State *L) {
    int is_main = lua_pushthread(L);
    lua_pushboolean(L, is_main || vl_has(L, VL_HOST_TASK));
    return 2;
}

static int co_close(lua_State *L) {
    lua_State *co = check_coroutine(L);
    int status = status_of(L, co);
    if (status != CO_DEAD && status != CO_SUSPENDED) {
        return luaL_error(L, "cannot close a %s coroutine", status_names[status]);
    }
    if (vl_has(co, VL_HOST_TASK)) {
        lua_pushboolean(L, 1);
        return 1;
    }
    if (reset(L, co) == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_xmove(co, L, 1);
    return 2;
}

static const luaL_Reg functions[] = {
    {"create", co_create}, {"resume", co_resume}, {"running", co_running}, {"status", co_status}, {"wrap", co_wrap},
    {"yield", co_yield}, {"isyieldable", co_isyieldable}, {"close", co_close}, {NULL, NULL},
};

/// Overwrites the functions of the standard library in its own table, so that every copy of it sees them.
void vl_open_coroutine(lua_State *L) {
    lua_getglobal(L, LUA_COLIBNAME);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
