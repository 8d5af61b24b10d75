/// The only C of the package that may raise into Lua.
///
/// Rule of the house: no Swift frame ever lies between a raise and the protected call that catches it. Swift is
/// called by `vl_call_binding` and only *describes* what shall happen, in a `vl_call`; the C code then does it.
#ifndef CLUABRIDGE_H
#define CLUABRIDGE_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct vl_host vl_host;

/// A Swift object that something in Lua keeps alive. Its finaliser only links it into the host's list.
typedef struct vl_handle {
    struct vl_handle *next;           // in a call's list, or in the released one
    struct vl_handle *older, *newer;  // in the list of all
    void *object;                     // retained; released by the owner when it drains the list
    const void *type;                 // identity of the LuaType, NULL for continuations
} vl_handle;

/// What a binding wants to happen after it has returned.
enum {
    VL_RETURN,      // the encoded values are the results
    VL_RETURN_TOP,  // the topmost `extra` values of the stack are the results
    VL_RAISE,       // the one encoded value is raised
    VL_WAIT,        // yield to the scheduler; afterwards `resume` is called without a continuation
    VL_SLEEP,       // yield until `deadline`, then return nothing
    VL_CALL,        // call the first encoded value with the others, then `continuation` (owned)
    VL_PCALL,       // the same, protected
};

enum { VL_UNCOUNTED = -1 };

/// An instant of the clock, in attoseconds as two words; zero is in every clock's past.
typedef struct vl_instant {
    uint64_t low;
    int64_t high;
} vl_instant;

/// One call of a binding, or of the continuation of one.
typedef struct vl_call {
    lua_State *L;
    vl_host *host;
    uint8_t *bytes;        // the encoded values
    size_t count;
    size_t capacity;
    vl_handle *handles;    // encoded, not yet owned by a userdata
    void *continuation;    // see VL_WAIT and VL_CALL; on entry of a continuation: its object
    int32_t argument_count;  // VL_UNCOUNTED until somebody asks
    int32_t outcome;
    int32_t status;        // continuation of VL_PCALL: LUA_OK or LUA_YIELD when the callee succeeded
    int32_t result_base;   // continuation of VL_CALL and VL_PCALL: index of the callee's first result
    int32_t extra;
    vl_instant deadline;   // VL_SLEEP
    bool on_heap;
    bool reads_stack;      // encoded values refer to stack slots
    bool failed;           // memory ran out while encoding
} vl_call;

/// What the host's clock shows: the date, and how long it has run since the state began.
typedef struct vl_time {
    int64_t unix_seconds;
    double seconds;
} vl_time;

/// The Swift functions that C calls. None of them may let an error of Lua through.
typedef struct vl_callbacks {
    void (*binding)(vl_call *call, void *box);
    void (*resume)(vl_call *call);
    void (*block)(vl_call *call);  // VL_SLEEP where nothing can be yielded, or in a cancelled task
    vl_time (*time)(vl_host *host);
    void (*release)(void *object);
    void (*warning)(vl_host *host, const char *text, size_t length);
} vl_callbacks;

/// How many arguments there are; asked for before anything else is pushed.
static inline int32_t vl_argument_count(vl_call *call) {
    if (call->argument_count == VL_UNCOUNTED) call->argument_count = lua_gettop(call->L);
    return call->argument_count;
}

/// The slot of an argument; 0 in a continuation when it is beyond the arguments. Elsewhere what is beyond is none.
static inline int32_t vl_argument(const vl_call *call, int64_t position) {
    return call->argument_count == VL_UNCOUNTED || position <= call->argument_count ? (int32_t)position : 0;
}

typedef struct vl_integer {
    int64_t value;
    bool is_there;
} vl_integer;

/// The common case of reading an integer, quickly; not there for everything else.
static inline vl_integer vl_read_integer(lua_State *L, int32_t index) {
    vl_integer result = {0, index != 0 && lua_isinteger(L, index)};
    if (result.is_there) result.value = lua_tointegerx(L, index, NULL);
    return result;
}

typedef struct vl_number {
    double value;
    bool is_there;
} vl_number;

/// A number of either kind; text is none.
static inline vl_number vl_read_number(lua_State *L, int32_t index) {
    vl_number result = {0, index != 0 && lua_type(L, index) == LUA_TNUMBER};
    if (result.is_there) result.value = lua_tonumberx(L, index, NULL);
    return result;
}

/// The name of the chunk that prepares a restricted script; the errors of what it defines stand where the script called it.
#define VL_PRELUDE_NAME "=restricted"

// MARK: encoding

/// So many bindings have C functions of their own.
#define VL_SLOTS 128

enum {
    VL_OP_NIL, VL_OP_FALSE, VL_OP_TRUE, VL_OP_INTEGER, VL_OP_NUMBER, VL_OP_STRING, VL_OP_TABLE, VL_OP_SET, VL_OP_SET_INDEX,
    VL_OP_OBJECT, VL_OP_FUNCTION, VL_OP_STACK, VL_OP_METATABLE, VL_OP_POSITION, VL_OP_LIGHT, VL_OP_INDEX, VL_OP_FIELD,
    VL_OP_ANCHORED,
};

bool vl_grow(vl_call *call, size_t size);

static inline uint8_t *vl_reserve(vl_call *call, size_t size) {
    if (call->capacity - call->count < size && !vl_grow(call, size)) return NULL;
    uint8_t *place = call->bytes + call->count;
    call->count += size;
    return place;
}

static inline void vl_put_op(vl_call *call, uint8_t op) {
    uint8_t *place = vl_reserve(call, 1);
    if (place) *place = op;
}

static inline void vl_put_word(vl_call *call, uint8_t op, uint64_t word) {
    uint8_t *place = vl_reserve(call, 9);
    if (!place) return;
    *place = op;
    memcpy(place + 1, &word, 8);
}

static inline void vl_put_integer(vl_call *call, int64_t value) { vl_put_word(call, VL_OP_INTEGER, (uint64_t)value); }

static inline void vl_put_number(vl_call *call, double value) {
    uint64_t word;
    memcpy(&word, &value, 8);
    vl_put_word(call, VL_OP_NUMBER, word);
}

static inline void vl_put_string(vl_call *call, const void *bytes, size_t length) {
    uint8_t *place = vl_reserve(call, 9 + length);
    if (!place) return;
    *place = VL_OP_STRING;
    uint64_t word = length;
    memcpy(place + 1, &word, 8);
    if (length) memcpy(place + 9, bytes, length);
}

/// Ends a field of which the value was written. The name ends with a zero byte and stays where it is for ever: Lua
/// remembers the strings it made from such addresses.
static inline void vl_put_field(vl_call *call, const void *name) {
    vl_put_word(call, VL_OP_FIELD, (uint64_t)(uintptr_t)name);
}

static inline void vl_put_table(vl_call *call, uint32_t array, uint32_t fields) {
    vl_put_word(call, VL_OP_TABLE, (uint64_t)array << 32 | fields);
}

static inline void vl_put_pointer(vl_call *call, uint8_t op, const void *pointer) {
    vl_put_word(call, op, (uint64_t)(uintptr_t)pointer);
}

/// The value in slot `index` of the caller's stack; the call remembers that it must be carried along.
static inline void vl_put_stack(vl_call *call, int32_t index) {
    call->reads_stack = true;
    vl_put_word(call, VL_OP_STACK, (uint64_t)(int64_t)index);
}

// MARK: host

vl_host *vl_host_create(void *context, vl_callbacks callbacks, size_t memory_limit);
/// Opens the standard libraries and ours; a Lua status, the error message is then in `message`.
int vl_host_open(vl_host *host, bool ignore_environment, char *message, size_t size);
/// Makes `os.time`, `os.date` and `os.clock` ask the host for the time; a Lua status.
int vl_host_follow_clock(vl_host *host);
/// Runs every finaliser, frees the state. All handles are in the released list then.
void vl_host_close(vl_host *host);
/// Frees the record itself, after the released handles were taken.
void vl_host_free(vl_host *host);
void *vl_host_context(const vl_host *host);
void vl_host_set_context(vl_host *host, void *context);
lua_State *vl_host_main(const vl_host *host);
/// The thread that runs now, or the main one.
lua_State *vl_host_current(const vl_host *host);
vl_host *vl_host_of(lua_State *L);
void vl_host_warnings(vl_host *host, bool on);

typedef struct vl_memory {
    size_t used, peak, limit;
    size_t blocks;        // Lua's live blocks
    size_t host_blocks;   // live blocks of the bridge itself
    uint64_t allocations; // counted for both since the beginning
} vl_memory;

vl_memory vl_host_memory(const vl_host *host);
void vl_host_set_limit(vl_host *host, size_t limit);
/// The nth allocation from now fails, and with `onwards` all that follow; 0 switches it off. Tells whether it was reached.
bool vl_host_fail_allocation(vl_host *host, uint64_t nth, bool onwards);
/// A full emergency collection at every allocation, and a whole cycle at every collector check.
void vl_host_stress(vl_host *host, bool on);

// MARK: handles

/// Memory for one handle that keeps `object` (retained by the caller); NULL when memory ran out.
vl_handle *vl_handle_new(vl_host *host, void *object, const void *type);
vl_handle *vl_take_released(vl_host *host);
size_t vl_released_count(const vl_host *host);
void vl_handle_free(vl_host *host, vl_handle *handle);
/// The handle of one of our userdata, NULL for anything else and after finalisation.
vl_handle *vl_object_at(lua_State *L, int index);

// MARK: what Swift may call; nothing here raises. A status other than LUA_OK leaves nothing on the stack
// unless the description says so.

enum { VL_NO_STACK = 100 };

/// Creates a registry reference to the value at `index`.
int vl_ref(lua_State *L, int index, int *reference);
void vl_unref(vl_host *host, int reference);
/// Pushes the encoded values; on an error pushes the error value instead.
int vl_build(vl_call *call);
/// Sets up a call on the current thread that is only used for encoding; release it with vl_scratch_end.
bool vl_scratch_begin(vl_call *call, vl_host *host);
void vl_scratch_end(vl_call *call);
/// Pushes the compiled chunk, or the error message.
int vl_load_bytes(lua_State *L, const void *bytes, size_t length, const char *name, const char *mode);
/// The same for a file (stdin when path is NULL).
int vl_load_file(lua_State *L, const char *path, const char *mode);
/// Sets the global `name` to the value on the top, and pops it.
int vl_set_global(lua_State *L, const char *name);
/// Pushes the global or the field `name` of the table at `index`, raw (nil when absent).
int vl_raw_field(lua_State *L, int index, const char *name, size_t length);
int vl_raw_set_field(lua_State *L, int index, const char *name, size_t length);
/// Pushes the traceback of `thread`.
int vl_traceback(lua_State *L, lua_State *thread, int level);
/// Pushes the value at `index` as `tostring` shows it; may call a metamethod of the script.
int vl_tostring(lua_State *L, int index);
/// Pushes what the stand-alone interpreter shows for an error value; the same remark.
int vl_error_message(lua_State *L, int index);
/// Pushes a new table that has been given the registry key `key` as its metatable (see VL_OP_METATABLE).
int vl_register_metatable(vl_host *host, const void *key);
/// Puts the table at `index` in the registry under the address `key`.
int vl_set_registry(lua_State *L, int index, const void *key);
int vl_prepend_path(lua_State *L, const char *path);
/// Whether the running function was called with a colon.
bool vl_is_method_call(lua_State *L);
bool vl_get_info(lua_State *L, int level, char *source, size_t size, int *line);
size_t vl_collect(vl_host *host);

/// The Swift object behind a function; NULL for every other value.
void *vl_box_of(lua_State *L, int index);

static inline int vl_pseudo_registry(void) { return LUA_REGISTRYINDEX; }
static inline void vl_pop(lua_State *L, int n) { lua_settop(L, -n - 1); }
static inline const char *vl_string_at(lua_State *L, int index, size_t *length) {
    return lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, length) : NULL;
}

// MARK: tasks

enum {
    VL_TASK_DONE, VL_TASK_FAILED, VL_TASK_WAITING, VL_TASK_INTERRUPTED,
    VL_TASK_UNSTARTED,  // cancelled before it ran
    VL_TASK_ROUND,      // every task that was ready has had its turn, perhaps several
    VL_TASK_IDLE,       // none was ready
};

enum { VL_READY, VL_RUNNING, VL_WAITING, VL_ENDED };
enum { VL_STARTED = -1 };

/// What switching needs to know of a task. The owner of the host makes and frees it.
typedef struct vl_task {
    struct vl_task *next;     // in the ready list
    lua_State *thread;
    void *object;             // the task of the owner, not retained
    const char *place;        // "file:line: " of what made it, or NULL; the owner's
    vl_instant deadline;      // when it sleeps
    int32_t start_arguments;  // VL_STARTED once it has run
    int32_t result_count;     // when it is done
    uint8_t phase;
    bool sleeps;  // it waits for `deadline`, with nothing to do afterwards
    bool is_cancelled;
} vl_task;

/// Puts a task at the end of the ready list, in which it must not be.
void vl_ready_append(vl_host *host, vl_task *task);
void vl_ready_clear(vl_host *host);
size_t vl_ready_count(const vl_host *host);
vl_task *vl_running_task(const vl_host *host);
/// Runs the ready tasks one after the other until one does something other than yield, or the owner should look around.
int vl_run_ready(vl_host *host, vl_task **which);

/// Makes a host task from the function and arguments on the top of L (popped on success); `*reference` keeps it.
int vl_task_create(vl_host *host, lua_State *L, int argument_count, lua_State **thread, int *reference);
/// Runs the task until it ends, waits or fails; DONE: `*result_count` values on its stack, FAILED: the error on top.
int vl_task_resume(vl_host *host, lua_State *thread, int argument_count, int *result_count);
/// Closes pending to-be-closed variables of a failed or waiting task; true without error, else its error is on top.
bool vl_task_close(vl_host *host, lua_State *thread);
void vl_task_finished(lua_State *thread);
/// Whether a wait in L can be cooperative: everything up to the host task can yield.
bool vl_can_wait(lua_State *L);

// MARK: interrupts

/// The calling thread runs Lua of this host until vl_host_leave.
void vl_host_enter(vl_host *host);
void vl_host_leave(vl_host *host);
bool vl_host_entered(vl_host *host);
/// Raises the flag and signals the Lua thread. Any thread; the host must be alive.
void vl_interrupt(vl_host *host);
/// The same from a binding, on the Lua thread itself.
void vl_interrupt_here(vl_host *host);
bool vl_interrupted(const vl_host *host);
void vl_clear_interrupt(vl_host *host);
/// Where the script was when the interrupt hit, "file:line" or empty.
const char *vl_interrupt_place(const vl_host *host);

/// Gives the library functions a bound on their work, for scripts from others; a Lua status.
int vl_host_restrict(vl_host *host);
/// Makes `find`, `match`, `gmatch` and `gsub` of `string` such that an interrupt reaches them; a Lua status.
int vl_host_interruptible_patterns(vl_host *host);

#endif
