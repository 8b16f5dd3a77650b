/* The one look through a large file. Never writes. Called by sqlite.c. */
#include "store/sqlite/inspector.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "store/sqlite/database.h"

#include "banned.h"

static void *run(void *argument) {
    struct inspector *inspector = argument;
    struct err err = {0};
    if (database_inspect(inspector->path, &inspector->stop, &err) == ERR_CORRUPT) {
        (void)snprintf(inspector->text, sizeof inspector->text, "%s", err.text);
        atomic_store(&inspector->is_damaged, 1);
    }
    return NULL; /* another error (no memory, locked) says nothing about the file: each turn checks its own
                    pages */
}

int inspector_start(struct inspector *inspector, const char *path) {
    struct stat found;
    memset(inspector, 0, sizeof *inspector);
    atomic_init(&inspector->stop, 0);
    atomic_init(&inspector->is_damaged, 0);
    inspector->path = path;
    if (stat(path, &found) != 0 || found.st_size <= DATABASE_INSPECT_NOW) {
        return 0;
    }
    int rc = pthread_create(&inspector->thread, NULL, run, inspector);
    inspector->is_started = rc == 0;
    return rc;
}

const char *inspector_problem(const struct inspector *inspector) {
    return atomic_load(&inspector->is_damaged) ? inspector->text : NULL;
}

void inspector_stop(struct inspector *inspector) {
    atomic_store(&inspector->stop, 1);
    if (inspector->is_started) {
        (void)pthread_join(inspector->thread, NULL); /* fails only for what is no thread of ours */
        inspector->is_started = 0;
    }
}
