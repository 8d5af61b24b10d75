// How the C library's allocator keeps what was freed.
#include "CSignals.h"
// Says which C library it is.
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

void vast_memory_return_early(void) {
#ifdef __GLIBC__
    // Left to itself the allocator gives each thread a heap of its own, and raises the size from which blocks are mapped alone
    // to 32 MB: a program that reads pages of one size for months then holds several times what it uses.
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 32 * 1024);
    mallopt(M_TRIM_THRESHOLD, 128 * 1024);
#endif
}

void vast_memory_return(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
