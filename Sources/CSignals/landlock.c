// What files the process of a restricted script may read (Linux's landlock; landlock(7)).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "CSignals.h"

#if defined(__linux__) && defined(SYS_landlock_create_ruleset)

// The kernel's own header may be older than the kernel: the structures and rights of its version 9, in a row.
struct ruleset {
    uint64_t files, network, scopes;
};

struct beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

#define READ_FILE (UINT64_C(1) << 2)
#define READ_DIRECTORY (UINT64_C(1) << 3)

/// Every right over files that a version knows: they are forbidden apart from what is allowed below.
static uint64_t file_rights(int version) {
    int count = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
    return (UINT64_C(1) << count) - 1;
}

int vast_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

/// A path that is not there needs no rule.
static int allow(int ruleset, const char *path) {
    int parent = open(path, O_PATH | O_CLOEXEC);
    if (parent < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : errno;
    struct stat status;
    int error = fstat(parent, &status) == 0 ? 0 : errno;
    struct beneath rule = {READ_FILE | (S_ISDIR(status.st_mode) ? READ_DIRECTORY : 0), parent};
    if (!error && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0) error = errno;
    close(parent);
    return error;
}

int vast_landlock_confine(int version, const char *const readable[]) {
    int known = vast_landlock_version();
    if (version > known) version = known;
    if (version <= 0) return ENOSYS;
    // TCP, from version 4; abstract sockets and signals to others, from version 6.
    struct ruleset rights = {file_rights(version), version >= 4 ? 3 : 0, version >= 6 ? 3 : 0};
    size_t size = version >= 6 ? sizeof rights : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rights, size, 0);
    if (ruleset < 0) return errno;
    int error = 0;
    for (; *readable && !error; readable++) error = allow(ruleset, *readable);
    // What is known of the process's own threads; see workers.c. It stays open: else the kernel may forget the folder and make it
    // anew, and the rule would be about the old one.
    if (!error) error = allow(ruleset, "/proc/self/task");
    if (!error && open("/proc/self/task", O_PATH | O_CLOEXEC) < 0) error = errno;
    if (!error && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) error = errno;
    if (!error && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) error = errno;
    close(ruleset);
    return error;
}

#else

int vast_landlock_version(void) { return 0; }
int vast_landlock_confine(int version, const char *const readable[]) { return ENOSYS; }

#endif
