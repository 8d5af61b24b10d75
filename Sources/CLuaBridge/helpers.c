#include "host.h"

/// Drops the error value of a helper that reports only its status.
static int drop_error(lua_State *L, int status) {
    if (status != LUA_OK && status != VL_NO_STACK) lua_pop(L, 1);
    return status;
}

// MARK: references

static int ref_body(lua_State *L) {
    int *reference = lua_touserdata(L, -1);
    lua_pop(L, 1);
    *reference = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

int vl_ref(lua_State *L, int index, int *reference) {
    *reference = LUA_NOREF;
    index = lua_absindex(L, index);
    if (!lua_checkstack(L, 4)) return VL_NO_STACK;
    lua_pushvalue(L, index);
    return drop_error(L, vl_protect(L, ref_body, reference, 1, 0));
}

void vl_unref(vl_host *host, int reference) {
    if (host->main && lua_checkstack(host->main, 4)) luaL_unref(host->main, LUA_REGISTRYINDEX, reference);
}

// MARK: chunks

int vl_load_bytes(lua_State *L, const void *bytes, size_t length, const char *name, const char *mode) {
    if (!lua_checkstack(L, 8)) return VL_NO_STACK;
    return luaL_loadbufferx(L, bytes, length, name, mode);
}

typedef struct vl_file {
    const char *path, *mode;
    int status;
} vl_file;

static int load_body(lua_State *L) {
    vl_file *file = lua_touserdata(L, -1);
    file->status = luaL_loadfilex(L, file->path, file->mode);
    return 1;
}

int vl_load_file(lua_State *L, const char *path, const char *mode) {
    vl_file file = {path, mode, LUA_OK};
    int status = vl_protect(L, load_body, &file, 0, 1);
    return status == LUA_OK ? file.status : status;
}

// MARK: tables

typedef struct vl_field {
    const char *name;
    size_t length;
    const void *key;
} vl_field;

static int set_global_body(lua_State *L) {
    vl_field *field = lua_touserdata(L, -1);
    lua_pop(L, 1);
    lua_setglobal(L, field->name);
    return 0;
}

int vl_set_global(lua_State *L, const char *name) {
    vl_field field = {name, 0, NULL};
    return drop_error(L, vl_protect(L, set_global_body, &field, 1, 0));
}

static int raw_field_body(lua_State *L) {
    vl_field *field = lua_touserdata(L, -1);
    lua_pop(L, 1);
    lua_pushlstring(L, field->name, field->length);
    lua_rawget(L, 1);
    return 1;
}

int vl_raw_field(lua_State *L, int index, const char *name, size_t length) {
    vl_field field = {name, length, NULL};
    index = lua_absindex(L, index);
    if (!lua_checkstack(L, 4)) return VL_NO_STACK;
    lua_pushvalue(L, index);
    return drop_error(L, vl_protect(L, raw_field_body, &field, 1, 1));
}

static int raw_set_field_body(lua_State *L) {
    vl_field *field = lua_touserdata(L, -1);
    lua_pop(L, 1);
    lua_pushlstring(L, field->name, field->length);
    lua_insert(L, 2);
    lua_rawset(L, 1);
    return 0;
}

int vl_raw_set_field(lua_State *L, int index, const char *name, size_t length) {
    vl_field field = {name, length, NULL};
    index = lua_absindex(L, index);
    if (!lua_checkstack(L, 4)) return VL_NO_STACK;
    lua_pushvalue(L, index);
    lua_insert(L, -2);
    return drop_error(L, vl_protect(L, raw_set_field_body, &field, 2, 0));
}

static int metatable_body(lua_State *L) {
    const void *key = lua_touserdata(L, -1);
    lua_createtable(L, 0, 8);
    lua_pushcfunction(L, vl_collect_object);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
    return 1;
}

int vl_register_metatable(vl_host *host, const void *key) {
    lua_State *L = vl_host_current(host);
    return drop_error(L, vl_protect(L, metatable_body, (void *)key, 0, 1));
}

static int set_registry_body(lua_State *L) {
    vl_field *field = lua_touserdata(L, -1);
    lua_pop(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, field->key);
    return 0;
}

int vl_set_registry(lua_State *L, int index, const void *key) {
    vl_field field = {NULL, 0, key};
    index = lua_absindex(L, index);
    if (!lua_checkstack(L, 4)) return VL_NO_STACK;
    lua_pushvalue(L, index);
    return drop_error(L, vl_protect(L, set_registry_body, &field, 1, 0));
}

static int prepend_body(lua_State *L) {
    const char *path = lua_touserdata(L, -1);
    lua_getglobal(L, "package");
    lua_pushfstring(L, "%s;", path);
    if (lua_getfield(L, -2, "path") != LUA_TSTRING) return 0;
    lua_concat(L, 2);
    lua_setfield(L, -2, "path");
    return 0;
}

int vl_prepend_path(lua_State *L, const char *path) {
    return drop_error(L, vl_protect(L, prepend_body, (void *)path, 0, 0));
}

// MARK: text

typedef struct vl_trace {
    lua_State *thread;
    int level;
} vl_trace;

static int traceback_body(lua_State *L) {
    vl_trace *trace = lua_touserdata(L, -1);
    luaL_traceback(L, trace->thread, NULL, trace->level);
    return 1;
}

int vl_traceback(lua_State *L, lua_State *thread, int level) {
    vl_trace trace = {thread, level + (L == thread ? 1 : 0)};
    return drop_error(L, vl_protect(L, traceback_body, &trace, 0, 1));
}

static int tostring_body(lua_State *L) {
    lua_pop(L, 1);
    luaL_tolstring(L, 1, NULL);
    return 1;
}

static int message_body(lua_State *L) {
    lua_pop(L, 1);
    int type = lua_type(L, 1);
    if (type == LUA_TSTRING || type == LUA_TNUMBER || luaL_getmetafield(L, 1, "__tostring") != LUA_TNIL) {
        lua_settop(L, 1);
        luaL_tolstring(L, 1, NULL);
    } else {
        lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 1));
    }
    return 1;
}

/// The script's `__tostring` may run here: the frame lets an interrupt reach it.
static int show(lua_State *L, int index, lua_CFunction body) {
    vl_host *host = vl_host_in(L);
    vl_frame frame;
    index = lua_absindex(L, index);
    if (!lua_checkstack(L, 4)) return VL_NO_STACK;
    lua_pushvalue(L, index);
    vl_push_frame(host, &frame, L);
    int status = vl_protect(L, body, NULL, 1, 1);
    vl_pop_frame(host, &frame);
    return drop_error(L, status);
}

int vl_tostring(lua_State *L, int index) { return show(L, index, tostring_body); }

int vl_error_message(lua_State *L, int index) { return show(L, index, message_body); }

bool vl_is_method_call(lua_State *L) {
    lua_Debug activation;
    return lua_getstack(L, 0, &activation) && lua_getinfo(L, "n", &activation) && strcmp(activation.namewhat, "method") == 0;
}

bool vl_get_info(lua_State *L, int level, char *source, size_t size, int *line) {
    lua_Debug activation;
    if (!lua_getstack(L, level, &activation) || !lua_getinfo(L, "Sl", &activation)) return false;
    size_t length = strlen(activation.short_src);
    if (length >= size) length = size - 1;
    memcpy(source, activation.short_src, length);
    source[length] = 0;
    *line = activation.currentline;
    return true;
}
