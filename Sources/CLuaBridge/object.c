#include "host.h"

const char vl_anchor_key = 0;

/// The block of our userdata. The mark tells it from the userdata of other libraries.
typedef struct vl_block {
    uintptr_t mark;
    vl_handle *handle;
} vl_block;

static uintptr_t mark_of(const vl_host *host) { return (uintptr_t)host ^ (uintptr_t)0x76617374206c7561; }

vl_handle *vl_handle_new(vl_host *host, void *object, const void *type) {
    vl_handle *handle = vl_malloc(host, sizeof *handle);
    if (handle == NULL) return NULL;
    handle->next = NULL;
    handle->object = object;
    handle->type = type;
    handle->newer = NULL;
    handle->older = host->handles;
    if (handle->older) handle->older->newer = handle;
    host->handles = handle;
    return handle;
}

void vl_handle_free(vl_host *host, vl_handle *handle) {
    if (handle->older) handle->older->newer = handle->newer;
    if (handle->newer) handle->newer->older = handle->older;
    if (host->handles == handle) host->handles = handle->older;
    vl_free(host, handle);
}

vl_handle *vl_take_released(vl_host *host) {
    vl_handle *list = host->released;
    host->released = NULL;
    host->released_count = 0;
    return list;
}

size_t vl_released_count(const vl_host *host) { return host->released_count; }

static void release(vl_host *host, vl_handle *handle) {
    handle->next = host->released;
    host->released = handle;
    host->released_count++;
}

/// After the state is gone. Lua runs no finaliser for what finalisers created while it closed.
void vl_release_all(vl_host *host) {
    host->released = NULL;
    host->released_count = 0;
    for (vl_handle *handle = host->handles; handle; handle = handle->older) release(host, handle);
}

static vl_block *block_at(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TUSERDATA || lua_rawlen(L, index) != sizeof(vl_block)) return NULL;
    vl_block *block = lua_touserdata(L, index);
    return block->mark == mark_of(vl_host_in(L)) ? block : NULL;
}

vl_handle *vl_object_at(lua_State *L, int index) {
    vl_block *block = block_at(L, index);
    return block ? block->handle : NULL;
}

/// `__gc`: only links the handle into the list that the owner drains; no Swift runs here.
int vl_collect_object(lua_State *L) {
    vl_block *block = block_at(L, 1);
    if (block && block->handle) {
        release(vl_host_in(L), block->handle);
        block->handle = NULL;
    }
    return 0;
}

/// Pushes a userdata that owns `handle`; the caller still owns it when this raises.
void vl_new_object(lua_State *L, vl_host *host, vl_handle *handle) {
    vl_block *block = lua_newuserdatauv(L, sizeof *block, 0);
    block->mark = mark_of(host);
    block->handle = NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, handle->type ? handle->type : &vl_anchor_key);
    lua_setmetatable(L, -2);
    block->handle = handle;
}

/// Frees what the call still owns.
void vl_call_end(vl_call *call) {
    if (!call->handles && !call->on_heap) return;
    while (call->handles) {
        vl_handle *handle = call->handles;
        call->handles = handle->next;
        release(call->host, handle);
    }
    if (call->on_heap) vl_free(call->host, call->bytes);
    call->on_heap = false;
    call->count = call->capacity = 0;
    call->bytes = NULL;
}
