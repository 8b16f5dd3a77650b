/* A store, open in a folder of its own: SQLite's, or the one in memory. */
#ifndef TESTS_UNIT_STORE_OPENED_H
#define TESTS_UNIT_STORE_OPENED_H

#include "base/err.h"
#include "store/store.h"
#include "unit/store/folder.h"

struct fixture {
    struct folder folder;
    char path[512];
    int is_sqlite;
    struct store *store; /* a test may close it: NULL then */
};

/* NULL, after printing why. */
static inline struct store *open_store(int is_sqlite, const char *path) {
    struct err err = {0};
    struct store *store = is_sqlite ? store_sqlite_open(path, &err) : store_memory_open();
    if (store == NULL) {
        print_error("%s\n", err.text);
    }
    return store;
}

static inline int open_fixture(void **state, int is_sqlite) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    if (fixture == NULL || folder_make(&fixture->folder) != 0) {
        return -1;
    }
    (void)folder_file(&fixture->folder, "pandu.db", fixture->path);
    fixture->is_sqlite = is_sqlite;
    fixture->store = open_store(is_sqlite, fixture->path);
    return fixture->store != NULL ? 0 : -1;
}
static inline int open_memory(void **state) {
    return open_fixture(state, 0);
}
static inline int open_sqlite(void **state) {
    return open_fixture(state, 1);
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
