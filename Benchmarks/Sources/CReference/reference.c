#include "CReference.h"
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

static int add(lua_State *L) {
    lua_pushinteger(L, luaL_checkinteger(L, 1) + luaL_checkinteger(L, 2));
    return 1;
}

#define INTEGER(name, value) (lua_pushinteger(L, value), lua_setfield(L, -2, name))
#define NUMBER(name, value) (lua_pushnumber(L, value), lua_setfield(L, -2, name))
#define STRING(name, value) (lua_pushstring(L, value), lua_setfield(L, -2, name))

/// 30 fields as a row of the API has them: 10 integers, 10 floats, 10 strings.
static int row(lua_State *L) {
    static const char *names[30];
    static char space[30][16];
    if (!names[0]) {
        for (int i = 0; i < 30; i++) {
            snprintf(space[i], sizeof space[i], "field_%02d", i);
            names[i] = space[i];
        }
    }
    lua_createtable(L, 0, 30);
    for (int i = 0; i < 30; i += 3) {
        INTEGER(names[i], 1000000 + i);
        NUMBER(names[i + 1], 0.25 * i);
        STRING(names[i + 2], "RTX 4090");
    }
    return 1;
}

double reference_run(const char *source) {
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    lua_register(L, "add", add);
    lua_register(L, "row", row);
    if (luaL_dostring(L, source)) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        exit(1);
    }
    double result = lua_tonumber(L, -1);
    lua_close(L);
    return result;
}
