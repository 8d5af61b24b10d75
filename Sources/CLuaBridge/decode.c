#include "host.h"

/// Reads the encoded values of one call.
typedef struct vl_reader {
    lua_State *L;
    vl_call *call;
    const uint8_t *at, *end;
    int level;
    int room;  // free stack slots that are sure
} vl_reader;

static uint64_t word(vl_reader *reader) {
    uint64_t value;
    memcpy(&value, reader->at, 8);
    reader->at += 8;
    return value;
}

static void need(vl_reader *reader) {
    if (reader->room < 2) {
        luaL_checkstack(reader->L, 16, "too many results");
        reader->room = 16;
    }
    reader->room--;
}

static void push_object(vl_reader *reader) {
    vl_handle *handle = (vl_handle *)(uintptr_t)word(reader);
    luaL_checkstack(reader->L, 4, "too many results");
    vl_new_object(reader->L, reader->call->host, handle);
    for (vl_handle **link = &reader->call->handles; *link; link = &(*link)->next) {
        if (*link != handle) continue;
        *link = handle->next;
        break;
    }
}

static void push_position(vl_reader *reader) {
    luaL_checkstack(reader->L, 4, "too many results");
    luaL_where(reader->L, reader->level);
    lua_insert(reader->L, -2);
    lua_concat(reader->L, 2);
}

static void decode_rare(vl_reader *reader, uint8_t op) {
    lua_State *L = reader->L;
    switch (op) {
    case VL_OP_OBJECT: push_object(reader); break;
    case VL_OP_FUNCTION:
        need(reader);
        lua_pushlightuserdata(L, (void *)(uintptr_t)word(reader));
        lua_pushcclosure(L, vl_binding, 1);
        break;
    case VL_OP_STACK:
        need(reader);
        lua_pushvalue(L, (int)(int64_t)word(reader));
        break;
    case VL_OP_METATABLE:
        need(reader);
        lua_rawgetp(L, LUA_REGISTRYINDEX, (const void *)(uintptr_t)word(reader));
        lua_setmetatable(L, -2);
        reader->room++;
        break;
    case VL_OP_INDEX:
        lua_pushcclosure(L, vl_index_object, 2);
        reader->room++;
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

int vl_decode(lua_State *L, vl_call *call, int level) {
    int top = lua_gettop(L);
    vl_reader reader = {L, call, call->bytes, call->bytes + call->count, level, 0};
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
        case VL_OP_TABLE: decode_table(&reader); break;
        case VL_OP_SET:
            lua_rawset(L, -3);
            reader.room += 2;
            break;
        case VL_OP_SET_INDEX:
            lua_rawseti(L, -2, (lua_Integer)word(&reader));
            reader.room++;
            break;
        default: decode_rare(&reader, op);
        }
    }
    return lua_gettop(L) - top;
}
