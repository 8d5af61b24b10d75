#ifndef FAULTY_FILES_H
#define FAULTY_FILES_H

#include <stdbool.h>
#include <stdint.h>

/// A VFS of SQLite that hands everything on to the default one, counts it, and fails where it is told to. Each has a name
/// of its own, so that tests that run side by side do not disturb each other.
typedef struct FaultyFiles FaultyFiles;

/// What is counted. What lets go of something, as closing and unlocking do, always works and is not counted.
enum {
    FAULTY_OPEN, FAULTY_READ, FAULTY_WRITE, FAULTY_TRUNCATE, FAULTY_SYNC, FAULTY_SIZE, FAULTY_LOCK, FAULTY_SHM_MAP,
    FAULTY_SHM_LOCK, FAULTY_FETCH, FAULTY_DELETE, FAULTY_ACCESS, FAULTY_OPERATIONS
};

/// How an operation fails.
enum {
    /// Nothing fails.
    FAULTY_NONE,
    /// With the SQLITE_IOERR code of its kind; opening with SQLITE_CANTOPEN. Nothing was done.
    FAULTY_ERROR,
    /// Writing with SQLITE_FULL; others as FAULTY_ERROR.
    FAULTY_FULL,
    /// Half of what was to be written is, and then it fails; others as FAULTY_ERROR.
    FAULTY_TORN,
    /// The process dies before it: it and everything after it fails, and what is on the disk stays as it is.
    FAULTY_DEATH,
    /// The process dies halfway through a write; others as FAULTY_DEATH.
    FAULTY_TORN_DEATH
};

/// Registers a new one; NULL when there is no memory.
FaultyFiles *faulty_files_create(void);

/// The name under which SQLite knows it; valid until faulty_files_destroy.
const char *faulty_files_name(const FaultyFiles *files);

/// Says what fails from now on; all counts begin anew.
/// `operations`: a bit for each kind that is struck, 1 << FAULTY_OPEN and so on. `nth`: which of those, from 1.
/// `lasting`: whether all of those that follow fail too.
void faulty_files_plan(FaultyFiles *files, int kind, uint32_t operations, uint64_t nth, bool lasting);

/// How many operations of a kind there were since the last plan, failed ones included.
uint64_t faulty_files_count(FaultyFiles *files, int operation);

/// How many operations have failed since the last plan.
uint64_t faulty_files_failures(FaultyFiles *files);

/// Unregisters and frees it. When a file is still open, its memory is left to it.
void faulty_files_destroy(FaultyFiles *files);

#endif
