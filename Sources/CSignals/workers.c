// Lets the library of threads see its own threads where nothing else of /proc may be read.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/// Takes the place of the C library's `open` in this program. libdispatch looks now and then whether its threads run, by
/// /proc/THREAD/stat, and ends the process when it cannot (workqueue.c). For a thread of this process the same file stands at
/// /proc/self/task/THREAD/stat, in a folder that a confined process may be given without those of other processes.
int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | __O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    int thread = 0, length = 0;
    char own[64];
    if (strncmp(path, "/proc/", 6) == 0 && sscanf(path, "/proc/%d/stat%n", &thread, &length) == 1 && length > 0 && !path[length]) {
        snprintf(own, sizeof own, "/proc/self/task/%d/stat", thread);
        int file = openat(AT_FDCWD, own, flags, mode);
        if (file >= 0) return file;
    }
    return openat(AT_FDCWD, path, flags, mode);
}
