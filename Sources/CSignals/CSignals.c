#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

// MARK: signals

static int ends[2] = {-1, -1};

static void pass_on(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t written = write(ends[1], &byte, 1);
    (void)written;
    errno = saved;
}

static int handle(int number, void (*handler)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0 ? 0 : errno;
}

static int open_pipe(void) {
    if (pipe(ends) != 0) return errno;
    for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    return 0;
}

/// Whoever starts the program may have blocked signals, as the worker threads of libdispatch do; ours, and the one by
/// which a script is interrupted, must come through in every thread that is made from here on.
static void unblock(void) {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int *number = (const int[]){SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGURG, 0}; *number; number++) sigaddset(&wanted, *number);
    pthread_sigmask(SIG_UNBLOCK, &wanted, NULL);
}

static bool is_ignored(int number) {
    struct sigaction before;
    return sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN;
}

int vast_signals_install(void) {
    int error = ends[0] < 0 ? open_pipe() : 0;
    unblock();
    if (!error) error = handle(SIGINT, pass_on);
    if (!error) error = handle(SIGTERM, pass_on);
    if (!error) error = handle(SIGPIPE, pass_on);
    // Whoever starts a program by `nohup` wants it to survive, and a shell lets its background jobs ignore Ctrl-\\.
    if (!error && !is_ignored(SIGHUP)) error = handle(SIGHUP, pass_on);
    if (!error && !is_ignored(SIGQUIT)) error = handle(SIGQUIT, pass_on);
    return error;
}

int vast_signals_wait(int milliseconds) {
    for (;;) {
        struct pollfd waiting = {.fd = ends[0], .events = POLLIN};
        int ready = ends[0] < 0 ? -1 : poll(&waiting, 1, milliseconds);
        if (ready == 0) return 0;
        if (ready < 0 && (ends[0] < 0 || errno != EINTR)) return -1;
        if (ready < 0) continue;
        unsigned char byte;
        ssize_t count = read(ends[0], &byte, 1);
        if (count == 1) return byte;
        if (count == 0 || errno != EINTR) return -1;
    }
}

#ifdef __GLIBC__
/// Takes the place of the C library's function in this program: SwiftNIO ignores SIGPIPE for the whole process, and
/// every program that a script starts would inherit that. The handler does as well.
void (*signal(int number, void (*handler)(int)))(int) {
    if (number == SIGPIPE && handler == SIG_IGN && ends[0] >= 0) return SIG_DFL;
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}
#endif

// MARK: environment

void vast_environment_wipe(const char *name) {
    size_t length = strlen(name);
    for (char **entry = environ; entry && *entry; entry++) {
        if (strncmp(*entry, name, length) != 0 || (*entry)[length] != '=') continue;
        for (volatile char *byte = *entry + length + 1; *byte; byte++) *byte = 0;
    }
    unsetenv(name);
}

// MARK: standard streams

void vast_descriptors_reserve(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
        // The lowest free number is taken, and lower ones are in use. The wrong direction makes every use fail.
        if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) < 0) return;
    }
}

int vast_output_flush(void) {
    errno = 0;
    if (fflush(stdout) != 0) return errno ? errno : EIO;
    if (!ferror(stdout)) return 0;
    // Lua has flushed before, and its errno is gone: devices and lost descriptors say it again.
    return write(STDOUT_FILENO, "", 0) < 0 ? errno : EIO;
}

int vast_output_is_abandoned(void) {
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

void vast_end_now(int code) {
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    bool is_writable = poll(&output, 1, 0) > 0 && output.revents == POLLOUT;
    if (is_writable && ftrylockfile(stdout) == 0) fflush_unlocked(stdout);
    _exit(code);
}
