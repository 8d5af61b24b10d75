#include "host.h"
#include <stdlib.h>

/// Nothing sane asks for more; keeps sums from overflowing, and is how vl_bail makes an allocation fail.
#define VL_LARGEST ((size_t)1 << 46)

static bool must_fail(vl_host *host) {
    host->allocations++;
    if (host->fail_at == 0) return false;
    if (--host->fail_at > 0) return false;
    host->fail_reached = true;
    if (host->fail_onwards) host->fail_at = 1;
    return true;
}

/// Refuses the first of two equal requests in a row, so that Lua collects and asks again. What the collector itself
/// asks for in between is granted.
static bool must_collect(vl_host *host, void *block, size_t size) {
    if (!host->stress) return false;
    if (host->stress_size == 0) {
        host->stress_block = block;
        host->stress_size = size;
        return true;
    }
    if (host->stress_block == block && host->stress_size == size) host->stress_size = 0;
    return false;
}

void *vl_allocate(void *context, void *block, size_t old_size, size_t new_size) {
    vl_host *host = context;
    if (block == NULL) old_size = 0;
    if (new_size == 0) {
        if (block) host->blocks--;
        host->used -= old_size;
        free(block);
        return NULL;
    }
    if (new_size > old_size) {
        size_t growth = new_size - old_size;
        if (new_size > VL_LARGEST || growth > host->limit - (host->used < host->limit ? host->used : host->limit)) return NULL;
        if (must_collect(host, block, new_size) || must_fail(host)) return NULL;
    }
    void *moved = realloc(block, new_size);
    if (moved == NULL) return new_size <= old_size ? block : NULL;
    if (block == NULL) host->blocks++;
    host->used += new_size - old_size;
    if (host->used > host->peak) host->peak = host->used;
    return moved;
}

void *vl_malloc(vl_host *host, size_t size) {
    if (must_fail(host)) return NULL;
    void *block = malloc(size);
    if (block) host->host_blocks++;
    return block;
}

void vl_free(vl_host *host, void *block) {
    if (block) host->host_blocks--;
    free(block);
}

vl_memory vl_host_memory(const vl_host *host) {
    vl_memory memory = {host->used, host->peak, host->limit, host->blocks, host->host_blocks, host->allocations};
    return memory;
}

void vl_host_set_limit(vl_host *host, size_t limit) { host->limit = limit; }

bool vl_host_fail_allocation(vl_host *host, uint64_t nth, bool onwards) {
    bool reached = host->fail_reached;
    host->fail_at = nth;
    host->fail_onwards = onwards;
    host->fail_reached = false;
    return reached;
}

void vl_host_stress(vl_host *host, bool on) {
    host->stress = on;
    host->stress_size = 0;
    if (host->main == NULL) return;
    if (on) {
        lua_gc(host->main, LUA_GCINC, 1, 1000, 40);
    } else {
        lua_gc(host->main, LUA_GCINC, 200, 100, 13);
    }
}
