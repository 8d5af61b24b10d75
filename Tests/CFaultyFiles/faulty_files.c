#include "control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The SQLite VFS: sqlite.org/vfs.html, sqlite.org/c3ref/vfs.html.

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    FaultyFiles *files = vfs->pAppData;
    FaultyFile *mine = (FaultyFile *)file;
    mine->base.pMethods = NULL;
    if (faulty_judge(files, FAULTY_OPEN) != FAULTY_GO) { return SQLITE_CANTOPEN; }
    sqlite3_file *real = faulty_real(file);
    int result = files->real->xOpen(files->real, name, real, flags, out_flags);
    if (real->pMethods == NULL) { return result; }
    mine->files = files;
    faulty_fill_methods(&mine->methods, real->pMethods->iVersion);
    mine->base.pMethods = &mine->methods;
    faulty_note_open(files, 1);
    return result;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_directory) {
    FaultyFiles *files = vfs->pAppData;
    if (faulty_judge(files, FAULTY_DELETE) != FAULTY_GO) { return SQLITE_IOERR_DELETE; }
    return files->real->xDelete(files->real, name, sync_directory);
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *answer) {
    FaultyFiles *files = vfs->pAppData;
    if (faulty_judge(files, FAULTY_ACCESS) != FAULTY_GO) { return SQLITE_IOERR_ACCESS; }
    return files->real->xAccess(files->real, name, flags, answer);
}

static int full_path(sqlite3_vfs *vfs, const char *name, int size, char *path) {
    sqlite3_vfs *real = ((FaultyFiles *)vfs->pAppData)->real;
    return real->xFullPathname(real, name, size, path);
}

static int randomness(sqlite3_vfs *vfs, int size, char *bytes) {
    sqlite3_vfs *real = ((FaultyFiles *)vfs->pAppData)->real;
    return real->xRandomness(real, size, bytes);
}

static int rest(sqlite3_vfs *vfs, int microseconds) {
    sqlite3_vfs *real = ((FaultyFiles *)vfs->pAppData)->real;
    return real->xSleep(real, microseconds);
}

static int current_time(sqlite3_vfs *vfs, double *time) {
    sqlite3_vfs *real = ((FaultyFiles *)vfs->pAppData)->real;
    return real->xCurrentTime(real, time);
}

static int current_time_64(sqlite3_vfs *vfs, sqlite3_int64 *time) {
    sqlite3_vfs *real = ((FaultyFiles *)vfs->pAppData)->real;
    return real->xCurrentTimeInt64(real, time);
}

static int last_error(sqlite3_vfs *vfs, int size, char *text) {
    sqlite3_vfs *real = ((FaultyFiles *)vfs->pAppData)->real;
    return real->xGetLastError(real, size, text);
}

FaultyFiles *faulty_files_create(void) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static uint64_t made;
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    FaultyFiles *files = calloc(1, sizeof *files);
    if (real == NULL || files == NULL || real->iVersion < 2) {
        free(files);
        return NULL;
    }
    pthread_mutex_init(&files->mutex, NULL);
    pthread_mutex_lock(&mutex);
    snprintf(files->name, sizeof files->name, "faulty-%llu", (unsigned long long)++made);
    pthread_mutex_unlock(&mutex);
    files->real = real;
    files->vfs = (sqlite3_vfs){
        .iVersion = 2, .szOsFile = (int)sizeof(FaultyFile) + real->szOsFile, .mxPathname = real->mxPathname,
        .zName = files->name, .pAppData = files, .xOpen = open_file, .xDelete = delete_file, .xAccess = access_file,
        .xFullPathname = full_path, .xRandomness = randomness, .xSleep = rest, .xCurrentTime = current_time,
        .xGetLastError = last_error, .xCurrentTimeInt64 = current_time_64,
    };
    if (sqlite3_vfs_register(&files->vfs, 0) != SQLITE_OK) {
        pthread_mutex_destroy(&files->mutex);
        free(files);
        return NULL;
    }
    return files;
}

void faulty_files_destroy(FaultyFiles *files) {
    sqlite3_vfs_unregister(&files->vfs);
    pthread_mutex_lock(&files->mutex);
    bool is_used = files->open_files > 0;
    pthread_mutex_unlock(&files->mutex);
    if (is_used) { return; }
    pthread_mutex_destroy(&files->mutex);
    free(files);
}
