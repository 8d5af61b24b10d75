#ifndef VAST_LUA_CSIGNALS_H
#define VAST_LUA_CSIGNALS_H

#include <stddef.h>

/// What the executable needs of C's process state: signals, the environment, the standard streams and memory.

/// Installs handlers for SIGINT, SIGTERM, SIGHUP and SIGPIPE, which only pass the number on to `vast_signals_wait`; so a
/// write to a closed pipe fails instead of ending the process. None is ignored, since children would inherit that; a
/// SIGHUP that is ignored already (`nohup`) stays so.
/// Returns 0, or an errno value.
int vast_signals_install(void);

/// Waits for the next signal for at most that many milliseconds, or for ever when below zero.
/// Returns its number, 0 when the time is over, or -1 when the handlers are not installed.
int vast_signals_wait(int milliseconds);

/// Overwrites every value of an environment variable in place and then unsets it: after `unsetenv` alone it could still
/// be read in /proc/self/environ.
void vast_environment_wipe(const char *name);

/// Gives descriptors 0 to 2 that are closed to /dev/null, so that no file or socket ever takes their place; writing to
/// such a standard output or error still fails.
void vast_descriptors_reserve(void);

/// Has what is freed given back to the system early, so that a process that stays for months holds what it uses. Nothing where
/// the C library is another one than glibc.
void vast_memory_return_early(void);

/// Gives back what is free now.
void vast_memory_return(void);

/// Writes what C still holds for standard output.
/// Returns 0, or the errno value of a write that failed now or earlier (EIO when it is no longer known).
int vast_output_flush(void);

/// Whether nobody can read standard output any more: it is a pipe or socket whose other end was closed.
int vast_output_is_abandoned(void);

// The process of a restricted script (child.c); most return 0 or an errno value.

/// Starts this program again, with these descriptors, all above 3, as 3, 0, 1 and 2; its number, or a negated errno value.
int vast_child_spawn(char *const words[], char *const environment[], int door, int input, int output, int errors);
/// Makes the two ends of a line between processes.
int vast_child_pair(int ends[2]);
/// Makes a pipe whose ends no child inherits.
int vast_child_pipe(int ends[2]);
/// In the child: no new privileges, no core, no files written, and the end of the parent is its own.
int vast_child_confine(void);
/// In the child: at most so much address space, and so many seconds of computing.
int vast_child_bound(size_t bytes, unsigned long seconds);
/// The version of landlock that the kernel has; 0: none.
int vast_landlock_version(void);
/// In the child, before it has a second thread: of files it may read those below these paths, which end with NULL, and change
/// none. Rights that `version`, or the kernel's, does not know stay. ENOSYS where the kernel has none.
int vast_landlock_confine(int version, const char *const readable[]);
/// Whether the kernel can refuse system calls here.
int vast_seccomp_is_there(void);
/// In the child: no network, no other programs and processes, no change of files, for all its threads. ENOSYS on other processors.
int vast_seccomp_confine(void);
/// Waits for its end: the exit status, or a signal's negated number.
int vast_child_wait(int pid);
/// A descriptor that stands for the child and for no other process, ever; -1 where the system has none.
int vast_child_handle(int pid);
/// Ends the child that a handle stands for; nothing happens when it has ended.
void vast_child_kill(int handle);

/// Ends the process from any thread, without destructors; standard output is flushed if nobody is writing to it.
__attribute__((noreturn)) void vast_end_now(int code);

#endif
