// What the process of a restricted script may ask of the kernel (Linux's seccomp; seccomp(2)): neither network, other programs
// and processes, nor changes of files.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "CSignals.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/// Refused with EPERM whatever they are given.
static const uint32_t forbidden[] = {
    // Network and other processes' descriptors.
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_pidfd_open, SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    // Other programs, and other processes' memory.
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_kcmp,
    SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_tkill, SYS_memfd_create,
    // Parts of the kernel that have no business here.
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_unshare,
    SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_by_handle_at, SYS_add_key, SYS_request_key, SYS_keyctl,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_shmget,
    SYS_msgget, SYS_semget, SYS_mq_open, SYS_personality,
    // Changes of files, also of those that are open for reading.
    SYS_truncate, SYS_unlinkat, SYS_renameat2, SYS_mkdirat, SYS_linkat, SYS_symlinkat, SYS_mknodat, SYS_fchmod, SYS_fchmodat, SYS_fchown,
    SYS_fchownat, SYS_utimensat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef __x86_64__
    SYS_fork, SYS_vfork, SYS_creat, SYS_unlink, SYS_rename, SYS_mkdir, SYS_rmdir, SYS_link, SYS_symlink, SYS_mknod, SYS_chmod, SYS_chown,
    SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

#define FIELD(name) (uint32_t)offsetof(struct seccomp_data, name)
/// The lower half of an argument; both architectures are little-endian.
#define ARGUMENT(index) (FIELD(args) + 8 * (index))
#define REFUSE(number) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LOAD(place) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place)
/// What is in hand is `value`: goes on; otherwise leaves out `skipped` instructions.
#define WHEN(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped)

enum { NAMESPACES = 0x7E020000, OPEN_TO_CHANGE = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC };

/// What is looked at more closely: threads may be made and files opened for reading, and signals are for this process itself.
static size_t add_conditions(struct sock_filter *filter, uint32_t pid) {
    const struct sock_filter conditions[] = {
        // Only what makes a thread; clone3 cannot be looked into, and the C library goes on with clone.
        WHEN(SYS_clone3, 1), REFUSE(ENOSYS),
        WHEN(SYS_clone, 5), LOAD(ARGUMENT(0)), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1), ALLOW, REFUSE(EPERM),
        WHEN(SYS_openat2, 1), REFUSE(ENOSYS),
        WHEN(SYS_openat, 4), LOAD(ARGUMENT(2)), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, OPEN_TO_CHANGE, 0, 1), REFUSE(EPERM), ALLOW,
#ifdef SYS_open
        WHEN(SYS_open, 4), LOAD(ARGUMENT(1)), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, OPEN_TO_CHANGE, 0, 1), REFUSE(EPERM), ALLOW,
#endif
        WHEN(SYS_tgkill, 4), LOAD(ARGUMENT(0)), WHEN(pid, 1), ALLOW, REFUSE(EPERM),
        WHEN(SYS_kill, 4), LOAD(ARGUMENT(0)), WHEN(pid, 1), ALLOW, REFUSE(EPERM),
        // Typing for the person at the terminal.
        WHEN(SYS_ioctl, 4), LOAD(ARGUMENT(1)), WHEN(TIOCSTI, 1), REFUSE(EPERM), ALLOW,
    };
    size_t count = sizeof conditions / sizeof *conditions;
    for (size_t index = 0; index < count; index++) filter[index] = conditions[index];
    return count;
}

int vast_seccomp_is_there(void) {
    uint32_t action = SECCOMP_RET_ERRNO;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int vast_seccomp_confine(void) {
    struct sock_filter filter[3 * sizeof forbidden / sizeof *forbidden + 64];
    size_t count = 0;
    const struct sock_filter beginning[] = {
        LOAD(FIELD(arch)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        LOAD(FIELD(nr)),
        // The other numbers of x86-64, which mean the same calls.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), REFUSE(ENOSYS),
    };
    for (size_t index = 0; index < sizeof beginning / sizeof *beginning; index++) filter[count++] = beginning[index];
    for (size_t index = 0; index < sizeof forbidden / sizeof *forbidden; index++) {
        filter[count++] = (struct sock_filter)WHEN(forbidden[index], 1);
        filter[count++] = (struct sock_filter)REFUSE(EPERM);
    }
    count += add_conditions(filter + count, (uint32_t)getpid());
    filter[count++] = (struct sock_filter)ALLOW;
    struct sock_fprog program = {(unsigned short)count, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    long status = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    return status == 0 ? 0 : status > 0 ? EBUSY : errno;
}

#else

int vast_seccomp_is_there(void) { return 0; }
int vast_seccomp_confine(void) { return ENOSYS; }

#endif
