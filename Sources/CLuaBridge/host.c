#include "host.h"
#include <stdio.h>
#include <stdlib.h>

static int panic(lua_State *L) {
    const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error object is not a string";
    fprintf(stderr, "vast-lua: internal error: unprotected error in Lua: %s\n", message);
    return 0;
}

/// Adds a piece to the warning that is being made; without memory it is left out.
static void add_to_warning(vl_host *host, const char *piece) {
    size_t length = strlen(piece);
    char *text = realloc(host->warning, host->warning_length + length + 1);
    if (text == NULL) return;
    memcpy(text + host->warning_length, piece, length);
    host->warning = text;
    host->warning_length += length;
}

/// The same as the stand-alone interpreter: `@on` and `@off` switch, everything else is told, as one text.
static void warn(void *context, const char *message, int to_be_continued) {
    vl_host *host = context;
    bool starts = !host->warning_continues;
    host->warning_continues = to_be_continued;
    if (starts && !to_be_continued && message[0] == '@') {
        if (strcmp(message, "@on") == 0) host->warnings = true;
        if (strcmp(message, "@off") == 0) host->warnings = false;
        return;
    }
    if (!host->warnings) return;
    add_to_warning(host, message);
    if (to_be_continued) return;
    host->callbacks.warning(host, host->warning == NULL ? "" : host->warning, host->warning_length);
    free(host->warning);
    host->warning = NULL;
    host->warning_length = 0;
}

vl_host *vl_host_create(void *context, vl_callbacks callbacks, size_t memory_limit) {
    vl_host *host = aligned_alloc(64, (sizeof(vl_host) + 63) / 64 * 64);
    if (host == NULL) return NULL;
    memset(host, 0, sizeof *host);
    host->context = context;
    host->callbacks = callbacks;
    host->limit = memory_limit;
    pthread_mutex_init(&host->lock, NULL);
    host->main = lua_newstate(vl_allocate, host);
    if (host->main == NULL) {
        vl_host_free(host);
        return NULL;
    }
    *vl_space(host->main) = (uintptr_t)host;
    lua_atpanic(host->main, panic);
    lua_setwarnf(host->main, warn, host);
    return host;
}

static int open_body(lua_State *L) {
    bool ignore_environment = *(bool *)lua_touserdata(L, -1);
    if (ignore_environment) {
        lua_pushboolean(L, 1);
        lua_setfield(L, LUA_REGISTRYINDEX, "LUA_NOENV");
    }
    luaL_openlibs(L);
    vl_open_coroutine(L);
    // The metatable of the anchors that keep continuations alive.
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, vl_collect_object);
    lua_setfield(L, -2, "__gc");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &vl_anchor_key);
    return 0;
}

int vl_host_open(vl_host *host, bool ignore_environment, char *message, size_t size) {
    lua_State *L = host->main;
    int status = vl_protect(L, open_body, &ignore_environment, 0, 0);
    if (status != LUA_OK) {
        const char *text = status == VL_NO_STACK ? NULL : vl_string_at(L, -1, NULL);
        snprintf(message, size, "%s", text ? text : "not enough memory");
        lua_settop(L, 0);
    }
    return status;
}

void vl_host_close(vl_host *host) {
    if (host->main == NULL) return;
    vl_host_stress(host, false);
    lua_close(host->main);
    host->main = NULL;
    vl_release_all(host);
}

void vl_host_free(vl_host *host) {
    pthread_mutex_destroy(&host->lock);
    free(host->warning);
    free(host);
}

void vl_host_set_context(vl_host *host, void *context) { host->context = context; }
void *vl_host_context(const vl_host *host) { return host->context; }
lua_State *vl_host_main(const vl_host *host) { return host->main; }
vl_host *vl_host_of(lua_State *L) { return vl_host_in(L); }
void vl_host_warnings(vl_host *host, bool on) { host->warnings = on; }

lua_State *vl_host_current(const vl_host *host) {
    vl_frame *top = atomic_load_explicit(&host->top, memory_order_relaxed);
    return top ? top->co : host->main;
}

size_t vl_collect(vl_host *host) {
    lua_gc(host->main, LUA_GCCOLLECT);
    return host->used;
}
