#include "host.h"
#include <stdlib.h>

int vl_protect(lua_State *L, lua_CFunction body, void *data, int arguments, int results) {
    if (!lua_checkstack(L, 4)) {
        lua_settop(L, -arguments - 1);
        return VL_NO_STACK;
    }
    lua_pushcfunction(L, body);
    lua_insert(L, -arguments - 1);
    lua_pushlightuserdata(L, data);
    return lua_pcall(L, arguments + 1, results, 0);
}

bool vl_grow(vl_call *call, size_t size) {
    if (call->failed) return false;
    size_t capacity = call->capacity * 2;
    while (capacity < call->count + size) capacity *= 2;
    uint8_t *bytes = vl_malloc(call->host, capacity);
    if (bytes == NULL) {
        call->failed = true;
        return false;
    }
    memcpy(bytes, call->bytes, call->count);
    if (call->on_heap) vl_free(call->host, call->bytes);
    call->bytes = bytes;
    call->capacity = capacity;
    call->on_heap = true;
    return true;
}

static inline void begin(vl_call *call, lua_State *L, vl_host *host, uint8_t *storage, int argument_count) {
    call->L = L;
    call->host = host;
    call->bytes = storage;
    call->count = 0;
    call->capacity = VL_INLINE_BYTES;
    call->handles = NULL;
    call->continuation = NULL;
    call->argument_count = argument_count;
    call->outcome = VL_RETURN;
    call->status = LUA_OK;
    call->result_base = 0;
    call->extra = 0;
    call->on_heap = false;
    call->reads_stack = false;
    call->failed = false;
}

/// Something must be freed should pushing the values raise.
static bool needs_protection(const vl_call *call) {
    return call->on_heap || call->handles || call->failed || call->outcome >= VL_CALL;
}

// MARK: protected pushing

/// Gives the continuation an anchor: a userdata on the stack, so that it is released when the callee never returns.
static void push_anchor(lua_State *L, vl_call *call) {
    if (call->continuation == NULL) {
        lua_pushnil(L);
        return;
    }
    vl_handle *handle = vl_handle_new(call->host, call->continuation, NULL);
    if (handle == NULL) luaL_error(L, "not enough memory");
    handle->next = call->handles;
    call->handles = handle;
    call->continuation = NULL;
    vl_new_object(L, call->host, handle);
    call->handles = handle->next;
}

static int push_body(lua_State *L) {
    vl_call *call = lua_touserdata(L, -1);
    lua_pop(L, 1);
    if (call->failed) return luaL_error(L, "not enough memory");
    int base = lua_gettop(L);
    if (call->outcome >= VL_CALL) push_anchor(L, call);
    vl_decode(L, call, 2);
    return lua_gettop(L) - base;
}

/// Pushes the values in a protected call of their own; slots that they refer to are carried along.
static int push_protected(lua_State *L, vl_call *call) {
    int carried = call->reads_stack ? lua_gettop(L) : 0;
    int status = VL_NO_STACK;
    if (lua_checkstack(L, carried + 4)) {
        for (int index = 1; index <= carried; index++) lua_pushvalue(L, index);
        status = vl_protect(L, push_body, call, carried, LUA_MULTRET);
    }
    if (call->continuation && call->outcome >= VL_CALL) {
        call->host->callbacks.release(call->continuation);
        call->continuation = NULL;
    }
    vl_call_end(call);
    return status;
}

static int raise_status(lua_State *L, int status) {
    if (vl_is_interrupted(vl_host_in(L))) return vl_bail(L);
    if (status == VL_NO_STACK) return luaL_error(L, "stack overflow");
    return lua_error(L);
}

// MARK: outcomes

static int vl_complete(lua_State *L, vl_call *call);

/// Lets Swift go on with a call.
static void resume(vl_call *call, lua_State *L, uint8_t *storage, int status, void *object, int arguments, int results) {
    vl_host *host = vl_host_in(L);
    begin(call, L, host, storage, arguments);
    call->continuation = object;
    call->status = status;
    call->result_base = results;
    host->callbacks.resume(call);
}

static int continue_with(lua_State *L, int status, void *object, int arguments, int results) {
    uint8_t storage[VL_INLINE_BYTES];
    vl_call call;
    resume(&call, L, storage, status, object, arguments, results);
    return vl_complete(L, &call);
}

static int after_wait(lua_State *L, int status, lua_KContext context) {
    (void)status, (void)context;
    vl_unset(L, VL_PARKED);
    return continue_with(L, LUA_OK, NULL, lua_gettop(L), lua_gettop(L) + 1);
}

static int after_sleep(lua_State *L, int status, lua_KContext context) {
    (void)status, (void)context;
    vl_unset(L, VL_PARKED);
    if (vl_host_in(L)->running->is_cancelled) return continue_with(L, LUA_OK, NULL, lua_gettop(L), lua_gettop(L) + 1);
    return 0;
}

static int begin_sleep(lua_State *L, vl_call *call) {
    vl_task *task = call->host->running;
    call->count = 0;
    if (task == NULL || task->is_cancelled || !vl_can_wait(L)) {
        call->outcome = VL_RETURN;
        call->host->callbacks.block(call);
        return vl_complete(L, call);
    }
    vl_call_end(call);
    task->deadline = call->deadline;
    task->sleeps = true;
    vl_set(L, VL_PARKED);
    return lua_yieldk(L, 0, 0, after_sleep);
}

/// Takes the continuation from the anchor; the callee's results lie above it.
static void *take_continuation(lua_State *L, int anchor) {
    vl_handle *handle = vl_object_at(L, anchor);
    if (handle == NULL) return NULL;
    void *object = handle->object;
    handle->object = NULL;
    return object;
}

/// `context` is the index of the anchor.
static int after_call(lua_State *L, int status, lua_KContext context) {
    int anchor = (int)context;
    if (status == LUA_YIELD) status = LUA_OK;
    void *object = take_continuation(L, anchor);
    if (object == NULL) {
        if (status != LUA_OK) return lua_error(L);
        return lua_gettop(L) - anchor;
    }
    return continue_with(L, status, object, anchor - 1, anchor + 1);
}

/// Calls what `call` asks for, and goes on with it when the callee has returned without a yield: in place, since a binding
/// may call a function for every element of a long list.
///
/// Returns whether `call` has gone on; else `*results` is what the binding returns.
static bool call_callee(lua_State *L, vl_call *call, uint8_t *storage, int *results) {
    bool protected_call = call->outcome == VL_PCALL;
    int top = lua_gettop(L), arguments = call->argument_count;
    int status = push_protected(L, call);
    if (status != LUA_OK) return *results = raise_status(L, status), false;
    // What an earlier callee has left is not needed any more.
    if (arguments >= 0 && arguments < top) {
        int pushed = lua_gettop(L) - top;
        lua_rotate(L, arguments + 1, pushed);
        lua_settop(L, arguments + pushed);
        top = arguments;
    }
    int anchor = top + 1, count = lua_gettop(L) - anchor - 1;
    if (protected_call) {
        status = lua_pcallk(L, count, LUA_MULTRET, 0, anchor, after_call);
    } else {
        lua_callk(L, count, LUA_MULTRET, anchor, after_call);
    }
    void *object = take_continuation(L, anchor);
    if (object == NULL) return *results = after_call(L, status, anchor), false;
    resume(call, L, storage, status, object, anchor - 1, anchor + 1);
    return true;
}

static int push_results(lua_State *L, vl_call *call) {
    if (!needs_protection(call)) return vl_decode(L, call, 1);
    int top = lua_gettop(L);
    int status = push_protected(L, call);
    if (status != LUA_OK) return raise_status(L, status);
    return lua_gettop(L) - top;
}

static int vl_complete(lua_State *L, vl_call *call) {
    uint8_t storage[VL_INLINE_BYTES];
    int results = 0;
    while (true) {
        if (vl_is_interrupted(call->host)) {
            if (call->outcome >= VL_CALL && call->continuation) call->host->callbacks.release(call->continuation);
            vl_call_end(call);
            return vl_bail(L);
        }
        switch (call->outcome) {
        case VL_RETURN: return push_results(L, call);
        case VL_RETURN_TOP:
            vl_call_end(call);
            return call->extra;
        case VL_RAISE:
            push_results(L, call);
            return lua_error(L);
        case VL_WAIT:
            vl_call_end(call);
            vl_set(L, VL_PARKED);
            return lua_yieldk(L, 0, 0, after_wait);
        case VL_SLEEP: return begin_sleep(L, call);
        default: if (!call_callee(L, call, storage, &results)) return results;
        }
    }
}

static int call_box(lua_State *L, void *box) {
    vl_host *host = vl_host_in(L);
    uint8_t storage[VL_INLINE_BYTES];
    vl_call call;
    if (vl_is_interrupted(host)) return vl_bail(L);
    begin(&call, L, host, storage, VL_UNCOUNTED);
    host->callbacks.binding(&call, box);
    if (call.outcome == VL_RETURN && call.count == 9 && *storage == VL_OP_INTEGER && !call.on_heap && !vl_is_interrupted(host)) {
        lua_Integer value;
        memcpy(&value, storage + 1, 8);
        lua_pushinteger(L, value);
        return 1;
    }
    return vl_complete(L, &call);
}

/// A binding as a C closure; its upvalue is the Swift object behind it.
static int by_upvalue(lua_State *L) { return call_box(L, lua_touserdata(L, lua_upvalueindex(1))); }

/// A binding that Lua owns: its upvalue is an anchor of the Swift object, which a finaliser of the script may outlive.
static int by_anchor(lua_State *L) {
    vl_handle *handle = vl_object_at(L, lua_upvalueindex(1));
    if (handle == NULL) return luaL_error(L, "this function was given up with what it belonged to");
    return call_box(L, handle->object);
}

// The first bindings of a host have C functions of their own instead, which know the object by their number: asking Lua
// for the upvalue is a tenth of a short call.
#define SLOT(n) static int slot_##n(lua_State *L) { return call_box(L, vl_host_in(L)->boxes[0x##n]); }
#define NAME(n) slot_##n,
#define ROW(of, h) of(h##0) of(h##1) of(h##2) of(h##3) of(h##4) of(h##5) of(h##6) of(h##7) \
    of(h##8) of(h##9) of(h##a) of(h##b) of(h##c) of(h##d) of(h##e) of(h##f)
#define ALL(of) ROW(of, 0) ROW(of, 1) ROW(of, 2) ROW(of, 3) ROW(of, 4) ROW(of, 5) ROW(of, 6) ROW(of, 7)
ALL(SLOT)
static const lua_CFunction slots[VL_SLOTS] = {ALL(NAME)};

void vl_push_binding(lua_State *L, void *box) {
    vl_host *host = vl_host_in(L);
    if (host->box_count < VL_SLOTS) {
        host->boxes[host->box_count] = box;
        lua_pushcfunction(L, slots[host->box_count++]);
    } else {
        lua_pushlightuserdata(L, box);
        lua_pushcclosure(L, by_upvalue, 1);
    }
}

void vl_push_anchored(lua_State *L) { lua_pushcclosure(L, by_anchor, 1); }

void *vl_box_of(lua_State *L, int index) {
    lua_CFunction function = lua_tocfunction(L, index);
    if (function == NULL) return NULL;
    if (function != by_upvalue && function != by_anchor) {
        vl_host *host = vl_host_in(L);
        for (int slot = 0; slot < VL_SLOTS; slot++) {
            if (function == slots[slot]) return host->boxes[slot];
        }
        return NULL;
    }
    if (!lua_checkstack(L, 1) || lua_getupvalue(L, index, 1) == NULL) return NULL;
    void *box = NULL;
    if (function == by_upvalue) {
        box = lua_touserdata(L, -1);
    } else {
        vl_handle *handle = vl_object_at(L, -1);
        if (handle) box = handle->object;
    }
    lua_pop(L, 1);
    return box;
}

/// `__index` of a type: its methods first, then the binding.
int vl_index_object(lua_State *L) {
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    lua_settop(L, 2);
    return call_box(L, lua_touserdata(L, lua_upvalueindex(2)));
}

// MARK: encoding outside a call

bool vl_scratch_begin(vl_call *call, vl_host *host) {
    uint8_t *storage = vl_malloc(host, VL_INLINE_BYTES);
    begin(call, vl_host_current(host), host, storage, 0);
    call->on_heap = storage != NULL;
    call->failed = storage == NULL;
    if (storage == NULL) call->capacity = 0;
    return storage != NULL;
}

void vl_scratch_end(vl_call *call) { vl_call_end(call); }

int vl_build(vl_call *call) { return push_protected(call->L, call); }
