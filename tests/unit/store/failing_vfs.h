/* A layer under SQLite whose fsync or write fails on demand, as a dying disk's would. Register it before the
 * store opens. */
#ifndef TESTS_UNIT_STORE_FAILING_VFS_H
#define TESTS_UNIT_STORE_FAILING_VFS_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int failing_sync, failing_write; /* an SQLite code while failing, else 0 */
static atomic_int failing_opens;               /* databases opened so far */
static sqlite3_vfs failing_vfs;
static sqlite3_vfs *failing_real_vfs;
/* SQLite has one table of methods for databases and another for logs; each is copied when it is first seen.
 */
static struct {
    const sqlite3_io_methods *real;
    sqlite3_io_methods ours;
} failing_tables[4];
static pthread_mutex_t failing_mutex = PTHREAD_MUTEX_INITIALIZER;

static inline int failing_x_sync(sqlite3_file *file, int flags) {
    for (size_t i = 0; atomic_load(&failing_sync) == 0; i++) {
        if (file->pMethods == &failing_tables[i].ours) {
            return failing_tables[i].real->xSync(file, flags);
        }
    }
    return atomic_load(&failing_sync);
}
static inline int failing_x_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
    for (size_t i = 0; atomic_load(&failing_write) == 0; i++) {
        if (file->pMethods == &failing_tables[i].ours) {
            return failing_tables[i].real->xWrite(file, bytes, length, offset);
        }
    }
    return atomic_load(&failing_write);
}
static inline int failing_x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                                 int *out) {
    (void)vfs;
    int code = failing_real_vfs->xOpen(failing_real_vfs, name, file, flags, out);
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
        (void)atomic_fetch_add(&failing_opens, 1);
    }
    (void)pthread_mutex_lock(&failing_mutex);
    for (size_t i = 0; code == SQLITE_OK && i < 4; i++) {
        if (failing_tables[i].real == NULL) {
            failing_tables[i].real = file->pMethods;
            failing_tables[i].ours = *file->pMethods;
            failing_tables[i].ours.xSync = failing_x_sync;
            failing_tables[i].ours.xWrite = failing_x_write;
        }
        if (failing_tables[i].real == file->pMethods) {
            file->pMethods = &failing_tables[i].ours;
            break;
        }
    }
    (void)pthread_mutex_unlock(&failing_mutex);
    return code;
}

/* Returns an SQLite code. */
static inline int failing_vfs_register(void) {
    failing_real_vfs = sqlite3_vfs_find(NULL);
    if (failing_real_vfs == NULL) {
        return SQLITE_ERROR;
    }
    failing_vfs = *failing_real_vfs;
    failing_vfs.zName = "failing";
    failing_vfs.xOpen = failing_x_open;
    failing_vfs.pNext = NULL;
    return sqlite3_vfs_register(&failing_vfs, 1);
}

static inline void failing_vfs_unregister(void) {
    (void)sqlite3_vfs_unregister(&failing_vfs);
    (void)sqlite3_vfs_register(failing_real_vfs, 1);
}

#endif
