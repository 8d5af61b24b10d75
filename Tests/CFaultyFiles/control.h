#ifndef FAULTY_FILES_CONTROL_H
#define FAULTY_FILES_CONTROL_H

#include "CFaultyFiles.h"

#include <pthread.h>
#include <sqlite3.h>

struct FaultyFiles {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    char name[32];
    /// For everything below.
    pthread_mutex_t mutex;
    int kind;
    uint32_t operations;
    uint64_t nth;
    bool is_lasting;
    bool is_dead;
    uint64_t counts[FAULTY_OPERATIONS];
    /// How many of the planned kinds there were.
    uint64_t met;
    uint64_t failures;
    int open_files;
};

/// What SQLite gets as an open file; that of the real VFS lies behind it.
typedef struct FaultyFile {
    sqlite3_file base;
    /// Of its own, since the version is that of the real file.
    sqlite3_io_methods methods;
    FaultyFiles *files;
} FaultyFile;

static inline sqlite3_file *faulty_real(sqlite3_file *file) { return (sqlite3_file *)((FaultyFile *)file + 1); }

/// What becomes of an operation.
enum { FAULTY_GO, FAULTY_FAIL, FAULTY_FAIL_FULL, FAULTY_FAIL_TORN };

/// Counts an operation and decides.
int faulty_judge(FaultyFiles *files, int operation);

/// Whether the process has died.
bool faulty_is_dead(FaultyFiles *files);

void faulty_note_open(FaultyFiles *files, int difference);

/// The methods of a file that is faulty, of the version of the real one but 3 at most.
void faulty_fill_methods(sqlite3_io_methods *methods, int version);

#endif
