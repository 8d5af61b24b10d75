// The process of a restricted script: how it is started, and what the system lets it have.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "CSignals.h"

/// Where the child finds its end of the line.
enum { DOOR = 3 };

static int all_signals(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    return error ? error : posix_spawnattr_setsigdefault(attributes, &all);
}

/// Starts this very program again in a process group of its own, so that the terminal's signals do not reach it, with
/// these descriptors as 3, 0, 1 and 2 and no others. They must all be above 3.
/// Returns the process's number, or the negated errno value.
int vast_child_spawn(char *const words[], char *const environment[], int door, int input, int output, int errors) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = 0;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return -error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&actions);
        return -error;
    }
    const int places[4][2] = {{input, 0}, {output, 1}, {errors, 2}, {door, DOOR}};
    for (int i = 0; i < 4 && !error; i++) error = posix_spawn_file_actions_adddup2(&actions, places[i][0], places[i][1]);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, DOOR + 1);
    if (!error) error = all_signals(&attributes);
    if (!error) error = posix_spawnattr_setpgroup(&attributes, 0);
    if (!error) {
        error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    if (!error) error = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, words, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error ? -error : pid;
}

/// Both ends of a line; the first is ours, on which a send fails when nobody reads for 10 s.
int vast_child_pair(int ends[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    struct timeval patience = {.tv_sec = 10};
    setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return 0;
}

/// A pipe that no other program inherits.
int vast_child_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

static int limit(int resource, rlim_t value) {
    struct rlimit bounds = {value, value};
    return setrlimit(resource, &bounds) == 0 ? 0 : errno;
}

/// In the child, before anything else: it dies with its parent, gains no rights, writes no file and leaves no core.
/// There is no limit on processes: it would count those of the user's other programs, and threads as well.
int vast_child_confine(void) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    if (getppid() == 1) return ESRCH;
    int error = limit(RLIMIT_CORE, 0);
    if (!error) error = limit(RLIMIT_FSIZE, 0);
    if (!error) error = limit(RLIMIT_NOFILE, 64);
    return error;
}

/// In the child, when it knows what it may have: so many bytes of address space beyond what it has now, and so many
/// seconds of computing.
int vast_child_bound(size_t bytes, unsigned long seconds) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return errno;
    int count = fscanf(file, "%lu", &pages);
    fclose(file);
    if (count != 1) return EIO;
    int error = limit(RLIMIT_AS, (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + bytes);
    if (error) return error;
    // SIGXCPU comes at the first bound: a SIGKILL is somebody else's.
    struct rlimit time = {seconds, seconds + 1};
    return setrlimit(RLIMIT_CPU, &time) == 0 ? 0 : errno;
}

int vast_child_handle(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

void vast_child_kill(int handle) {
    if (handle >= 0) syscall(SYS_pidfd_send_signal, handle, SIGKILL, NULL, 0);
}

/// Waits for the end of the child; its exit code, or the negated number of the signal that ended it.
int vast_child_wait(int pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return 1;
    }
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
