// Private to the bridge: the record behind every Lua state.
#ifndef VL_HOST_H
#define VL_HOST_H

#define _GNU_SOURCE 1  // sigaction and pthread_kill under a strict language standard

#include "CLuaBridge.h"
#include <pthread.h>
#include <stdatomic.h>

#define VL_INLINE_BYTES 2048

// Bits packed beside the host pointer in a thread's extra space; new threads start with the main one's, which are 0.
#define VL_HOST_TASK ((uintptr_t)1)  // a task of the scheduler: looks like Lua's main thread
#define VL_PARKED ((uintptr_t)2)     // suspended because something in it waits for the host
#define VL_FINISHED ((uintptr_t)4)   // ended, or dropped by an interrupt: never runs again
#define VL_FLAGS ((uintptr_t)15)

/// How many bindings have a C function of their own.

/// A coroutine that runs now, on the C stack of whoever resumed it.
typedef struct vl_frame {
    lua_State *co;
    struct vl_frame *previous;
} vl_frame;

struct vl_host {
    lua_State *main;
    void *context;
    vl_callbacks callbacks;

    vl_task *first_ready, *last_ready, *running;
    size_t ready_count;

    _Atomic(vl_frame *) top;
    atomic_bool interrupted;
    char place[96];

    pthread_mutex_t lock;  // guards the three below against vl_interrupt
    pthread_t thread;
    int entered;
    vl_host *outer;  // entered on the same thread before this one

    void *boxes[VL_SLOTS];
    unsigned box_count;

    vl_handle *handles;  // all of them
    vl_handle *released;
    size_t released_count;

    size_t used, peak, limit, blocks, host_blocks;
    uint64_t allocations;
    uint64_t fail_at;
    bool fail_onwards, fail_reached;
    bool stress;
    /// Whether patterns may take for ever, and only look now and then whether they are interrupted.
    bool has_patient_patterns;
    void *stress_block;
    size_t stress_size;

    bool warnings, warning_continues;
    /// The pieces of a warning that goes on.
    char *warning;
    size_t warning_length;
};

static inline uintptr_t *vl_space(lua_State *L) { return (uintptr_t *)lua_getextraspace(L); }
static inline vl_host *vl_host_in(lua_State *L) { return (vl_host *)(*vl_space(L) & ~VL_FLAGS); }
static inline bool vl_has(lua_State *L, uintptr_t flags) { return (*vl_space(L) & flags) != 0; }
static inline void vl_set(lua_State *L, uintptr_t flags) { *vl_space(L) |= flags; }
static inline void vl_unset(lua_State *L, uintptr_t flags) { *vl_space(L) &= ~flags; }
static inline bool vl_is_interrupted(const vl_host *host) {
    return atomic_load_explicit(&host->interrupted, memory_order_relaxed);
}

void *vl_allocate(void *host, void *block, size_t old_size, size_t new_size);
void *vl_malloc(vl_host *host, size_t size);
void vl_free(vl_host *host, void *block);

/// lua_pcall of `body` with the topmost `arguments` values and `data` above them as light userdata.
int vl_protect(lua_State *L, lua_CFunction body, void *data, int arguments, int results);

/// Pushes the function behind which `box` is; the box lives as long as the host.
void vl_push_binding(lua_State *L, void *box);
/// Makes a binding of the anchor on top of the stack.
void vl_push_anchored(lua_State *L);
int vl_index_object(lua_State *L);
/// Frees what the call still owns.
void vl_call_end(vl_call *call);
/// Pushes all encoded values; `level` is the position's level for VL_OP_POSITION. May raise. Returns how many.
int vl_decode(lua_State *L, vl_call *call, int level);

void vl_push_frame(vl_host *host, vl_frame *frame, lua_State *co);
void vl_pop_frame(vl_host *host, vl_frame *frame);
/// Leaves the running thread for good without running any of the script's code. Never returns.
int vl_bail(lua_State *L);

void vl_open_coroutine(lua_State *L);
int vl_collect_object(lua_State *L);
void vl_release_all(vl_host *host);
void vl_new_object(lua_State *L, vl_host *host, vl_handle *handle);
extern const char vl_anchor_key;

#endif
