#include "host.h"

typedef struct vl_new_task {
    lua_State *thread;
    int reference;
} vl_new_task;

static int create_body(lua_State *L) {
    vl_new_task *task = lua_touserdata(L, -1);
    lua_pop(L, 1);
    int values = lua_gettop(L);
    lua_State *thread = lua_newthread(L);
    if (!lua_checkstack(thread, values + 1)) return luaL_error(L, "too many arguments to a task");
    lua_insert(L, 1);
    lua_xmove(L, thread, values);
    task->reference = luaL_ref(L, LUA_REGISTRYINDEX);
    vl_set(thread, VL_HOST_TASK);
    task->thread = thread;
    return 0;
}

int vl_task_create(vl_host *host, lua_State *L, int argument_count, lua_State **thread, int *reference) {
    (void)host;
    vl_new_task task = {NULL, LUA_NOREF};
    int status = vl_protect(L, create_body, &task, argument_count + 1, 0);
    if (status != LUA_OK && status != VL_NO_STACK) lua_pop(L, 1);
    *thread = task.thread;
    *reference = task.reference;
    return status;
}

static int foreign_yield_body(lua_State *L) {
    lua_pushliteral(L, "attempt to yield from outside a coroutine");
    return 1;
}

/// Only a C module of somebody else can yield to the scheduler; it sees what it would see in Lua's main thread.
static void push_foreign_yield(vl_host *host, lua_State *thread) {
    if (vl_protect(host->main, foreign_yield_body, NULL, 0, 1) == VL_NO_STACK) lua_pushnil(host->main);
    lua_xmove(host->main, thread, 1);
}

int vl_task_resume(vl_host *host, lua_State *thread, int argument_count, int *result_count) {
    vl_frame frame;
    lua_State *from = vl_host_current(host);
    vl_unset(thread, VL_PARKED);
    vl_push_frame(host, &frame, thread);
    if (vl_is_interrupted(host)) {
        vl_pop_frame(host, &frame);
        return VL_TASK_INTERRUPTED;
    }
    int status = lua_resume(thread, from, argument_count, result_count);
    vl_pop_frame(host, &frame);
    if (vl_is_interrupted(host)) return VL_TASK_INTERRUPTED;
    if (status == LUA_OK) return VL_TASK_DONE;
    if (status != LUA_YIELD) return VL_TASK_FAILED;
    if (vl_has(thread, VL_PARKED)) return VL_TASK_WAITING;
    lua_pop(thread, *result_count);
    vl_set(thread, VL_FINISHED);
    push_foreign_yield(host, thread);
    return VL_TASK_FAILED;
}

bool vl_task_close(vl_host *host, lua_State *thread) {
    vl_frame frame;
    vl_push_frame(host, &frame, thread);
    bool clean = vl_is_interrupted(host) || lua_resetthread(thread) == LUA_OK;
    vl_pop_frame(host, &frame);
    vl_set(thread, VL_FINISHED);
    return clean;
}

void vl_task_finished(lua_State *thread) { vl_set(thread, VL_FINISHED); }

bool vl_can_wait(lua_State *L) {
    vl_host *host = vl_host_in(L);
    vl_frame *frame = atomic_load_explicit(&host->top, memory_order_relaxed);
    if (frame == NULL || frame->co != L) return false;  // resumed by a C module that does not know us
    for (; frame; frame = frame->previous) {
        if (!lua_isyieldable(frame->co)) return false;
        if (vl_has(frame->co, VL_HOST_TASK)) return true;
    }
    return false;
}
