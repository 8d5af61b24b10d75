// What a fault in Lua's memory could try in the process of a restricted script.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "ChildPrograms.h"
#include "CSignals.h"

static char inside[PATH_MAX], outside[PATH_MAX], made[PATH_MAX];

static long read_inside(void) { return open(inside, O_RDONLY | O_CLOEXEC); }
static long read_outside(void) { return open(outside, O_RDONLY | O_CLOEXEC); }
static long read_environment(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", getppid());
    return open(path, O_RDONLY | O_CLOEXEC);
}
static long list_processes(void) { return open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }
static long read_thread(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)syscall(SYS_gettid));
    return open(path, O_RDONLY | O_CLOEXEC);
}
static long list_root(void) { return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }
static long write_inside(void) { return open(inside, O_WRONLY | O_CLOEXEC); }
static long make_inside(void) { return open(made, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); }
static long make_by_number(void) { return syscall(SYS_openat2, AT_FDCWD, made, NULL, 0); }
static long shorten(void) { return truncate(inside, 0); }
static long delete_inside(void) { return unlink(inside); }
static long move(void) { return rename(inside, made); }
static long make_folder(void) { return mkdir(made, 0700); }
static long make_link(void) { return symlink("/", made); }
static long change_mode(void) { return chmod(inside, 0777); }
static long change_mode_of_open(void) { return fchmod(open(inside, O_RDONLY | O_CLOEXEC), 0777); }
static long make_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static long make_pair(void) {
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
}
static long make_process(void) {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    return pid;
}
static long make_process_by_number(void) { return syscall(SYS_clone3, NULL, 0); }
static long run_program(void) {
    char *const words[] = {"true", NULL};
    return execve("/nowhere/true", words, NULL);
}
static long trace(void) { return syscall(SYS_ptrace, 0, 0, 0, 0); }
static long read_parent(void) { return syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0); }
static long signal_parent(void) { return kill(getppid(), 0); }
static long signal_group(void) { return kill(0, 0); }
static long use_ring(void) { return syscall(SYS_io_uring_setup, 1, NULL); }
static long use_bpf(void) { return syscall(SYS_bpf, 0, NULL, 0); }
static long type_for_user(void) { return ioctl(0, TIOCSTI, ""); }
static long new_names(void) { return unshare(0); }
static void *nothing(void *value) { return value; }
static long make_thread(void) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, nothing, NULL);
    if (!error) pthread_join(thread, NULL);
    errno = error;
    return error ? -1 : 0;
}
static long signal_self(void) { return kill(getpid(), 0); }
static long read_clock(void) {
    struct timespec time;
    return clock_gettime(CLOCK_REALTIME, &time);
}

/// What has to work afterwards, and what must not.
static const struct {
    const char *name;
    long (*try)(void);
} attempts[] = {
    {"read inside", read_inside}, {"make thread", make_thread}, {"signal self", signal_self}, {"read clock", read_clock},
    {"read thread", read_thread}, {"read environment", read_environment}, {"list processes", list_processes},
    {"read outside", read_outside}, {"list root", list_root},
    {"write inside", write_inside}, {"make inside", make_inside}, {"make by openat2", make_by_number}, {"shorten", shorten},
    {"delete", delete_inside}, {"move", move}, {"make folder", make_folder}, {"make link", make_link}, {"change mode", change_mode},
    {"change mode of open", change_mode_of_open}, {"make socket", make_socket}, {"make pair", make_pair}, {"make process", make_process},
    {"make process by clone3", make_process_by_number}, {"run program", run_program}, {"trace", trace}, {"read parent", read_parent},
    {"signal parent", signal_parent}, {"signal group", signal_group}, {"use ring", use_ring}, {"use bpf", use_bpf},
    {"type for user", type_for_user}, {"new names", new_names},
};

enum { COUNT = sizeof attempts / sizeof *attempts };

int vast_test_attempt_count(void) { return COUNT; }

const char *vast_test_attempt_name(int index) { return attempts[index].name; }

int vast_test_confined(int landlock, int filter, const char *folder, const char *other, int results[]) {
    snprintf(inside, sizeof inside, "%s/inside", folder);
    snprintf(made, sizeof made, "%s/made", folder);
    snprintf(outside, sizeof outside, "%s", other);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    pid_t pid = fork();
    if (pid < 0) return errno;
    if (pid == 0) {
        const char *const readable[] = {folder, NULL};
        int status = landlock > 0 ? vast_landlock_confine(landlock, readable) : 0;
        if (!status && filter) status = vast_seccomp_confine();
        int found[COUNT + 1] = {status};
        for (int index = 0; index < COUNT && !status; index++) {
            errno = 0;
            found[index + 1] = attempts[index].try() < 0 ? errno : 0;
        }
        _exit(write(ends[1], found, sizeof found) == (ssize_t)sizeof found ? 0 : 1);
    }
    close(ends[1]);
    int found[COUNT + 1] = {EIO};
    ssize_t count = read(ends[0], found, sizeof found);
    close(ends[0]);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    if (count != (ssize_t)sizeof found || status != 0) return EIO;
    memcpy(results, found + 1, COUNT * sizeof *results);
    return found[0];
}
