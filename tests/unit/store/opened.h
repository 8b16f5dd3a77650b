/* An SQLite store, open in a folder of its own. */
#ifndef TESTS_UNIT_STORE_OPENED_H
#define TESTS_UNIT_STORE_OPENED_H

#include "store/store.h"
#include "unit/store/folder.h"

struct fixture {
    struct folder folder;
    char path[512];
    struct store *store; /* a test may close it: NULL then */
};

static inline int open_fixture(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    if (fixture == NULL || folder_make(&fixture->folder) != 0) {
        return -1;
    }
    (void)folder_file(&fixture->folder, "pandu.db", fixture->path);
    fixture->store = store_sqlite_open(fixture->path, NULL);
    return fixture->store != NULL ? 0 : -1;
}

static inline int close_fixture(void **state) {
    struct fixture *fixture = *state;
    if (fixture->store != NULL) {
        fixture->store->ops->close(fixture->store);
    }
    folder_remove(&fixture->folder);
    free(fixture);
    return 0;
}

#endif
