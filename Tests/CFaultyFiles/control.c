#include "control.h"

#include <string.h>

const char *faulty_files_name(const FaultyFiles *files) { return files->name; }

void faulty_files_plan(FaultyFiles *files, int kind, uint32_t operations, uint64_t nth, bool lasting) {
    pthread_mutex_lock(&files->mutex);
    files->kind = kind;
    files->operations = operations;
    files->nth = nth;
    files->is_lasting = lasting;
    files->is_dead = false;
    memset(files->counts, 0, sizeof files->counts);
    files->met = 0;
    files->failures = 0;
    pthread_mutex_unlock(&files->mutex);
}

uint64_t faulty_files_count(FaultyFiles *files, int operation) {
    pthread_mutex_lock(&files->mutex);
    uint64_t count = files->counts[operation];
    pthread_mutex_unlock(&files->mutex);
    return count;
}

uint64_t faulty_files_failures(FaultyFiles *files) {
    pthread_mutex_lock(&files->mutex);
    uint64_t failures = files->failures;
    pthread_mutex_unlock(&files->mutex);
    return failures;
}

/// How an operation that is struck fails.
static int failure(FaultyFiles *files, int operation) {
    files->failures += 1;
    bool is_write = operation == FAULTY_WRITE;
    switch (files->kind) {
    case FAULTY_FULL: return is_write ? FAULTY_FAIL_FULL : FAULTY_FAIL;
    case FAULTY_TORN: return is_write ? FAULTY_FAIL_TORN : FAULTY_FAIL;
    case FAULTY_DEATH: files->is_dead = true; return FAULTY_FAIL;
    case FAULTY_TORN_DEATH: files->is_dead = true; return is_write ? FAULTY_FAIL_TORN : FAULTY_FAIL;
    default: return FAULTY_FAIL;
    }
}

static int judge(FaultyFiles *files, int operation) {
    files->counts[operation] += 1;
    if (files->is_dead) {
        files->failures += 1;
        return FAULTY_FAIL;
    }
    if (files->kind == FAULTY_NONE || !(files->operations & (1u << operation))) { return FAULTY_GO; }
    files->met += 1;
    bool is_struck = files->met == files->nth || (files->is_lasting && files->met > files->nth);
    return is_struck ? failure(files, operation) : FAULTY_GO;
}

int faulty_judge(FaultyFiles *files, int operation) {
    pthread_mutex_lock(&files->mutex);
    int verdict = judge(files, operation);
    pthread_mutex_unlock(&files->mutex);
    return verdict;
}

bool faulty_is_dead(FaultyFiles *files) {
    pthread_mutex_lock(&files->mutex);
    bool is_dead = files->is_dead;
    pthread_mutex_unlock(&files->mutex);
    return is_dead;
}

void faulty_note_open(FaultyFiles *files, int difference) {
    pthread_mutex_lock(&files->mutex);
    files->open_files += difference;
    pthread_mutex_unlock(&files->mutex);
}
