#include <string.h>
#include "host.h"

/// Reads the encoded values of one call.
typedef struct vl_reader {
    lua_State *L;
    vl_call *call;
    const uint8_t *at, *end;
    int level;
    int height;  // values pushed so far
    int limit;   // for how many there is room for sure
} vl_reader;

static uint64_t word(vl_reader *reader) {
    uint64_t value;
    memcpy(&value, reader->at, 8);
    reader->at += 8;
    return value;
}

static inline void need(vl_reader *reader) {
    if (reader->height == reader->limit) {
        luaL_checkstack(reader->L, 20, "too many results");
        reader->limit += 16;
    }
    reader->height++;
}

static void push_object(vl_reader *reader) {
    vl_handle *handle = (vl_handle *)(uintptr_t)word(reader);
    need(reader);
    luaL_checkstack(reader->L, 4, "too many results");
    vl_new_object(reader->L, reader->call->host, handle);
    for (vl_handle **link = &reader->call->handles; *link; link = &(*link)->next) {
        if (*link != handle) continue;
        *link = handle->next;
        break;
    }
}

// "file:line: " of the nearest function of a script: bindings are called through `pcall` and other C functions too.
// Of a task that is a binding by itself, of what made the task. What prepares a restricted script is no script.
static void push_where(lua_State *L, const vl_task *task, int level) {
    lua_Debug record;
    for (; lua_getstack(L, level, &record); level++) {
        lua_getinfo(L, "Sl", &record);
        if (record.currentline > 0 && strcmp(record.source, VL_PRELUDE_NAME) != 0) {
            lua_pushfstring(L, "%s:%d: ", record.short_src, record.currentline);
            return;
        }
    }
    bool is_own = task && task->place && task->thread == L;
    lua_pushstring(L, is_own ? task->place : "");
}

static void push_position(vl_reader *reader) {
    luaL_checkstack(reader->L, 4, "too many results");
    push_where(reader->L, vl_running_task(reader->call->host), reader->level);
    lua_insert(reader->L, -2);
    lua_concat(reader->L, 2);
}

static void decode_rare(vl_reader *reader, uint8_t op) {
    lua_State *L = reader->L;
    switch (op) {
    case VL_OP_OBJECT: push_object(reader); break;
    case VL_OP_FUNCTION:
        need(reader);
        vl_push_binding(L, (void *)(uintptr_t)word(reader));
        break;
    case VL_OP_ANCHORED:
        push_object(reader);
        vl_push_anchored(L);
        break;
    case VL_OP_STACK:
        need(reader);
        lua_pushvalue(L, (int)(int64_t)word(reader));
        break;
    case VL_OP_METATABLE:
        need(reader);
        lua_rawgetp(L, LUA_REGISTRYINDEX, (const void *)(uintptr_t)word(reader));
        lua_setmetatable(L, -2);
        reader->height--;
        break;
    case VL_OP_INDEX:
        lua_pushcclosure(L, vl_index_object, 2);
        reader->height--;
        break;
    case VL_OP_POSITION: push_position(reader); break;
    case VL_OP_LIGHT:
        need(reader);
        lua_pushlightuserdata(L, (void *)(uintptr_t)word(reader));
        break;
    default: luaL_error(L, "internal error: unknown operation %d", op);
    }
}

static void decode_table(vl_reader *reader) {
    need(reader);
    uint64_t sizes = word(reader);
    lua_createtable(reader->L, (int)(sizes >> 32), (int)(sizes & 0x7fffffff));
}

/// Puts the handles into the order in which they were encoded, so that each is the first of the list when its turn
/// comes: the writer adds in front, and looking through a list of 10,000 instances for each of them takes long.
static void sort_handles(vl_call *call) {
    vl_handle *sorted = NULL;
    while (call->handles) {
        vl_handle *handle = call->handles;
        call->handles = handle->next;
        handle->next = sorted;
        sorted = handle;
    }
    call->handles = sorted;
}

int vl_decode(lua_State *L, vl_call *call, int level) {
    // A C function starts with LUA_MINSTACK free slots; Swift may have used some of them.
    int limit = call->reads_stack ? 0 : 12;
    if (call->handles) sort_handles(call);
    vl_reader reader = {L, call, call->bytes, call->bytes + call->count, level, 0, limit};
    while (reader.at < reader.end) {
        uint8_t op = *reader.at++;
        switch (op) {
        case VL_OP_NIL: need(&reader); lua_pushnil(L); break;
        case VL_OP_FALSE: need(&reader); lua_pushboolean(L, 0); break;
        case VL_OP_TRUE: need(&reader); lua_pushboolean(L, 1); break;
        case VL_OP_INTEGER: need(&reader); lua_pushinteger(L, (lua_Integer)word(&reader)); break;
        case VL_OP_NUMBER: {
            need(&reader);
            uint64_t bits = word(&reader);
            double value;
            memcpy(&value, &bits, 8);
            lua_pushnumber(L, value);
            break;
        }
        case VL_OP_STRING: {
            need(&reader);
            size_t length = word(&reader);
            lua_pushlstring(L, (const char *)reader.at, length);
            reader.at += length;
            break;
        }
        case VL_OP_FIELD:
            // The table is new and has no metatable yet; lua_setfield looks names up by their address first.
            lua_setfield(L, -2, (const char *)(uintptr_t)word(&reader));
            reader.height--;
            break;
        case VL_OP_TABLE: decode_table(&reader); break;
        case VL_OP_SET:
            lua_rawset(L, -3);
            reader.height -= 2;
            break;
        case VL_OP_SET_INDEX:
            lua_rawseti(L, -2, (lua_Integer)word(&reader));
            reader.height--;
            break;
        default: decode_rare(&reader, op);
        }
    }
    return reader.height;
}
