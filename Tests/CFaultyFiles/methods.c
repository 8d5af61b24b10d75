#include "control.h"

// The methods of an open file: sqlite.org/c3ref/io_methods.html.

static FaultyFiles *files_of(sqlite3_file *file) { return ((FaultyFile *)file)->files; }

static int close_file(sqlite3_file *file) {
    sqlite3_file *real = faulty_real(file);
    int result = real->pMethods->xClose(real);
    faulty_note_open(files_of(file), -1);
    return result;
}

static int read_file(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset) {
    sqlite3_file *real = faulty_real(file);
    if (faulty_judge(files_of(file), FAULTY_READ) != FAULTY_GO) { return SQLITE_IOERR_READ; }
    return real->pMethods->xRead(real, bytes, size, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
    sqlite3_file *real = faulty_real(file);
    switch (faulty_judge(files_of(file), FAULTY_WRITE)) {
    case FAULTY_GO: return real->pMethods->xWrite(real, bytes, size, offset);
    case FAULTY_FAIL_FULL: return SQLITE_FULL;
    case FAULTY_FAIL_TORN:
        if (size > 1) { real->pMethods->xWrite(real, bytes, size / 2, offset); }
        return SQLITE_IOERR_WRITE;
    default: return SQLITE_IOERR_WRITE;
    }
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    sqlite3_file *real = faulty_real(file);
    if (faulty_judge(files_of(file), FAULTY_TRUNCATE) != FAULTY_GO) { return SQLITE_IOERR_TRUNCATE; }
    return real->pMethods->xTruncate(real, size);
}

static int sync_file(sqlite3_file *file, int flags) {
    sqlite3_file *real = faulty_real(file);
    if (faulty_judge(files_of(file), FAULTY_SYNC) != FAULTY_GO) { return SQLITE_IOERR_FSYNC; }
    return real->pMethods->xSync(real, flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    sqlite3_file *real = faulty_real(file);
    if (faulty_judge(files_of(file), FAULTY_SIZE) != FAULTY_GO) { return SQLITE_IOERR_FSTAT; }
    return real->pMethods->xFileSize(real, size);
}

static int lock_file(sqlite3_file *file, int level) {
    sqlite3_file *real = faulty_real(file);
    if (faulty_judge(files_of(file), FAULTY_LOCK) != FAULTY_GO) { return SQLITE_IOERR_LOCK; }
    return real->pMethods->xLock(real, level);
}

static int unlock_file(sqlite3_file *file, int level) {
    sqlite3_file *real = faulty_real(file);
    return real->pMethods->xUnlock(real, level);
}

static int check_reserved_lock(sqlite3_file *file, int *answer) {
    sqlite3_file *real = faulty_real(file);
    if (faulty_judge(files_of(file), FAULTY_LOCK) != FAULTY_GO) { return SQLITE_IOERR_CHECKRESERVEDLOCK; }
    return real->pMethods->xCheckReservedLock(real, answer);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    sqlite3_file *real = faulty_real(file);
    // Some of them change the file.
    if (faulty_is_dead(files_of(file))) { return SQLITE_NOTFOUND; }
    return real->pMethods->xFileControl(real, operation, argument);
}

static int sector_size(sqlite3_file *file) {
    sqlite3_file *real = faulty_real(file);
    return real->pMethods->xSectorSize(real);
}

static int device_characteristics(sqlite3_file *file) {
    sqlite3_file *real = faulty_real(file);
    return real->pMethods->xDeviceCharacteristics(real);
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
    sqlite3_file *real = faulty_real(file);
    if (faulty_judge(files_of(file), FAULTY_SHM_MAP) != FAULTY_GO) {
        *memory = NULL;
        return SQLITE_IOERR_SHMMAP;
    }
    return real->pMethods->xShmMap(real, page, size, extend, memory);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    sqlite3_file *real = faulty_real(file);
    if ((flags & SQLITE_SHM_LOCK) && faulty_judge(files_of(file), FAULTY_SHM_LOCK) != FAULTY_GO) {
        return SQLITE_IOERR_SHMLOCK;
    }
    return real->pMethods->xShmLock(real, offset, count, flags);
}

static void shm_barrier(sqlite3_file *file) {
    sqlite3_file *real = faulty_real(file);
    real->pMethods->xShmBarrier(real);
}

static int shm_unmap(sqlite3_file *file, int delete) {
    sqlite3_file *real = faulty_real(file);
    // The dead remove no files.
    return real->pMethods->xShmUnmap(real, faulty_is_dead(files_of(file)) ? 0 : delete);
}

static int fetch(sqlite3_file *file, sqlite3_int64 offset, int size, void **memory) {
    sqlite3_file *real = faulty_real(file);
    if (faulty_judge(files_of(file), FAULTY_FETCH) != FAULTY_GO) {
        *memory = NULL;
        return SQLITE_IOERR_MMAP;
    }
    return real->pMethods->xFetch(real, offset, size, memory);
}

static int unfetch(sqlite3_file *file, sqlite3_int64 offset, void *memory) {
    sqlite3_file *real = faulty_real(file);
    return real->pMethods->xUnfetch(real, offset, memory);
}

void faulty_fill_methods(sqlite3_io_methods *methods, int version) {
    *methods = (sqlite3_io_methods){
        .iVersion = version < 3 ? version : 3,
        .xClose = close_file, .xRead = read_file, .xWrite = write_file, .xTruncate = truncate_file, .xSync = sync_file,
        .xFileSize = file_size, .xLock = lock_file, .xUnlock = unlock_file, .xCheckReservedLock = check_reserved_lock,
        .xFileControl = file_control, .xSectorSize = sector_size, .xDeviceCharacteristics = device_characteristics,
        .xShmMap = shm_map, .xShmLock = shm_lock, .xShmBarrier = shm_barrier, .xShmUnmap = shm_unmap,
        .xFetch = fetch, .xUnfetch = unfetch,
    };
}
