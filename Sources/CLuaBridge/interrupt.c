#include "host.h"
#include <signal.h>
#include <stdio.h>

/// Ignored by default, so that a stray one does no harm.
#define VL_SIGNAL SIGURG
#define VL_MASK (LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT)
/// Larger than the allocator ever grants.
#define VL_IMPOSSIBLE ((size_t)1 << 50)

static _Thread_local vl_host *volatile entered_here;

// MARK: leaving a thread

/// Raises "not enough memory". Of all errors this is the one that calls no message handler, so that `xpcall` cannot
/// run a handler of the script in which hooks are off.
static int throw_without_handler(lua_State *L) {
    lua_newuserdatauv(L, VL_IMPOSSIBLE, 0);
    return 0;
}

static void note_place(lua_State *L, vl_host *host) {
    if (host->place[0]) return;
    lua_Debug activation;
    for (int level = 0; lua_getstack(L, level, &activation); level++) {
        lua_getinfo(L, "Sl", &activation);
        if (activation.currentline <= 0) continue;
        snprintf(host->place, sizeof host->place, "%s:%d", activation.short_src, activation.currentline);
        return;
    }
}

static void hook(lua_State *L, lua_Debug *activation);

/// Async-signal-safe on the Lua thread: reads atomics, calls lua_sethook.
static void arm(vl_host *host) {
    vl_frame *frame = atomic_load(&host->top);
    if (frame == NULL) lua_sethook(host->main, hook, VL_MASK, 1);
    for (; frame; frame = frame->previous) lua_sethook(frame->co, hook, VL_MASK, 1);
}

/// A thread that can yield is left as it is and never resumed: no `pcall`, `__close` or handler sees anything. Where
/// C code of Lua is on the stack, the error unwinds it, and the hook raises again wherever it is caught.
int vl_bail(lua_State *L) {
    vl_host *host = vl_host_in(L);
    note_place(L, host);
    arm(host);  // the signal may still be on its way
    if (!lua_isyieldable(L)) return throw_without_handler(L);
    vl_set(L, VL_FINISHED);
    return lua_yield(L, 0);
}

static void hook(lua_State *L, lua_Debug *activation) {
    vl_host *host = vl_host_in(L);
    if (!vl_is_interrupted(host)) {
        lua_sethook(L, NULL, 0, 0);
        return;
    }
    note_place(L, host);
    bool in_code = activation->event == LUA_HOOKCOUNT || activation->event == LUA_HOOKLINE;
    if (!lua_isyieldable(L)) {
        throw_without_handler(L);
    } else if (in_code) {
        vl_set(L, VL_FINISHED);
        lua_yield(L, 0);
    }
}

// MARK: reaching the thread

static void on_signal(int number) {
    (void)number;
    for (vl_host *host = entered_here; host; host = host->outer) {
        if (vl_is_interrupted(host)) arm(host);
    }
}

static void install(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;  // without SA_RESTART: a blocking read of the script returns
    sigaction(VL_SIGNAL, &action, NULL);
}

/// Threads made by others may have all signals blocked; those that Dispatch makes do, and what they make inherits it.
static void unblock(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, VL_SIGNAL);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void vl_host_enter(vl_host *host) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    if (entered_here != host) unblock();
    pthread_mutex_lock(&host->lock);
    if (host->entered++ == 0) {
        host->thread = pthread_self();
        host->outer = entered_here;
        atomic_signal_fence(memory_order_seq_cst);
        entered_here = host;
    }
    pthread_mutex_unlock(&host->lock);
}

void vl_host_leave(vl_host *host) {
    pthread_mutex_lock(&host->lock);
    if (--host->entered == 0) {
        entered_here = host->outer;
        atomic_signal_fence(memory_order_seq_cst);
        host->outer = NULL;
    }
    pthread_mutex_unlock(&host->lock);
}

bool vl_host_entered(vl_host *host) {
    pthread_mutex_lock(&host->lock);
    bool entered = host->entered > 0;
    pthread_mutex_unlock(&host->lock);
    return entered;
}

void vl_interrupt(vl_host *host) {
    atomic_store(&host->interrupted, true);
    pthread_mutex_lock(&host->lock);
    if (host->entered > 0) pthread_kill(host->thread, VL_SIGNAL);
    pthread_mutex_unlock(&host->lock);
}

void vl_interrupt_here(vl_host *host) {
    atomic_store(&host->interrupted, true);
    arm(host);
}

bool vl_interrupted(const vl_host *host) { return vl_is_interrupted(host); }

void vl_clear_interrupt(vl_host *host) {
    host->place[0] = 0;
    atomic_store(&host->interrupted, false);
    lua_sethook(host->main, NULL, 0, 0);
}

const char *vl_interrupt_place(const vl_host *host) { return host->place; }

// MARK: frames

void vl_push_frame(vl_host *host, vl_frame *frame, lua_State *co) {
    frame->co = co;
    frame->previous = atomic_load_explicit(&host->top, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    atomic_store_explicit(&host->top, frame, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
}

void vl_pop_frame(vl_host *host, vl_frame *frame) {
    atomic_store_explicit(&host->top, frame->previous, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
}
