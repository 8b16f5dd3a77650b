/* Opening the database file. Never overwrites a file it does not understand. Called by sqlite.c, and by
   writer.c when the file is opened again after an I/O error. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "store/sqlite/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/query.h"

#include "banned.h"

enum { INSPECT_STEPS = 100000 /* virtual-machine steps between two looks at the stop flag */ };

/* Of a new file; one that has pages keeps theirs. Most turns are of 1 to 3 KB: pages of 4 KB hold one. */
#define PAGE_SIZE "PRAGMA page_size = 8192"

/* ---- what went wrong, in words ---- */

static int fail_open(struct err *err, const char *path, const char *what) {
    return err_set(err, ERR_IO, "cannot %s %s: %s. Pandu must be able to write the file and its folder", what,
                   path, strerror(errno));
}

/* An SQLite error while opening, as ours. */
static int fail_sqlite(struct err *err, const char *path, int code, sqlite3 *db) {
    const char *message = db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return err_set(
            err, ERR_CORRUPT,
            "%s is damaged or no database (%s). Nothing was overwritten: put the file aside and restore a "
            "backup, or name another file",
            path, message);
    case SQLITE_NOMEM: return err_set(err, ERR_MEMORY, "no memory to open %s", path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return err_set(err, ERR_BUSY, "%s is locked by another program (%s)", path, message);
    case SQLITE_FULL:
        return err_set(err, ERR_IO, "cannot write %s: the disk is full. Free some space and start again",
                       path);
    default:
        return err_set(err, ERR_IO, "cannot use %s: %s. Pandu must be able to write the file and its folder",
                       path, message);
    }
}

enum store_status database_status(int code, int was_committing, const char *message,
                                  char text[DATABASE_TEXT_MAX]) {
    switch (code & 0xFF) {
    case SQLITE_FULL:
        (void)snprintf(text, DATABASE_TEXT_MAX, "the disk is full: free some space; nothing was stored (%s)",
                       message);
        return STORE_FATAL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_NOMEM:
        (void)snprintf(text, DATABASE_TEXT_MAX, "the database is busy (%s)", message);
        return STORE_BUSY;
    case SQLITE_IOERR:
        (void)snprintf(text, DATABASE_TEXT_MAX, "reading or writing the database failed (%s)", message);
        return was_committing ? STORE_UNKNOWN : STORE_FATAL;
    default:
        (void)snprintf(text, DATABASE_TEXT_MAX, "the database refuses (%s)", message);
        return STORE_FATAL;
    }
}

/* ---- the lock ---- */

static void write_owner(int lock) {
    char text[32];
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    /* only for the message of the next one who tries: failing is harmless */
    if (ftruncate(lock, 0) != 0 || pwrite(lock, text, (size_t)length, 0) != length) {
        errno = 0;
    }
}

static long read_owner(int lock) {
    char text[32] = "";
    ssize_t length = pread(lock, text, sizeof text - 1, 0);
    return length > 0 ? strtol(text, NULL, 10) : 0;
}

long database_holder(const char *path) {
    struct buf name;
    buf_init(&name, 0);
    char *real = realpath(path, NULL);
    (void)buf_add_format(&name, "%s.lock", real != NULL ? real : path);
    free(real);
    int lock = open(buf_text(&name), O_RDONLY | O_CLOEXEC);
    long owner = 0;
    if (lock >= 0) {
        owner = flock(lock, LOCK_SH | LOCK_NB) != 0 ? read_owner(lock) : 0;
        (void)close(lock); /* only read through */
    }
    buf_close(&name);
    return owner;
}

/* flock on a file of its own: SQLite's locks on the database would be lost if this process closed a second
   descriptor of it. The kernel lets go when the process dies, so a kill leaves nothing behind; the file
   itself stays. */
static int take_lock(struct database *database, struct err *err) {
    struct buf name;
    buf_init(&name, 0);
    (void)buf_add_format(&name, "%s.lock", database->path);
    int lock = open(buf_text(&name), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int rc = 0;
    if (lock < 0) {
        rc = fail_open(err, buf_text(&name), "create");
    } else if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        rc = err_set(err, ERR_BUSY,
                     "another pandu (process %ld) runs on %s: stop it first, or name another file",
                     read_owner(lock), database->path);
        (void)close(lock);
    } else {
        write_owner(lock);
        database->lock = lock;
    }
    buf_close(&name);
    return rc;
}

/* ---- the file ---- */

/* Makes the entry of a new file survive a power cut. */
static int sync_folder(const char *path) {
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    char *folder = length == 0 ? strdup(".") : strndup(path, length);
    int descriptor = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    if (descriptor < 0) {
        return -1;
    }
    int rc = fsync(descriptor);
    (void)close(descriptor); /* only read through */
    return rc;
}

static int create_file(const char *path, struct err *err) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 || close(descriptor) != 0 || sync_folder(path) != 0) {
        return fail_open(err, path, "create");
    }
    return 0;
}

/* Others on the machine must not read what people said, whatever the umask was when the file was made. */
static int make_private(const char *path, struct err *err) {
    struct stat found;
    if (stat(path, &found) != 0) {
        return errno == ENOENT ? create_file(path, err) : fail_open(err, path, "look at");
    }
    if (!S_ISREG(found.st_mode)) {
        return err_set(err, ERR_IO, "%s is not a file: name a file for the database", path);
    }
    if ((found.st_mode & 077) != 0 && chmod(path, 0600) != 0) {
        return fail_open(err, path, "keep others from reading");
    }
    return 0;
}

/* ---- inspecting ---- */

static int check_identity(struct connection *connection, const char *path, struct err *err) {
    int64_t version = 0, application = 0, tables = 0;
    int code = connection_number(connection, "PRAGMA user_version", &version);
    code = code == SQLITE_OK ? connection_number(connection, "PRAGMA application_id", &application) : code;
    code = code == SQLITE_OK ? connection_number(connection, "SELECT count(*) FROM sqlite_schema", &tables)
                             : code;
    if (code != SQLITE_OK) {
        return fail_sqlite(err, path, code, connection->db);
    }
    if (application != DATABASE_APPLICATION && (application != 0 || version != 0 || tables != 0)) {
        return err_set(err, ERR_CORRUPT,
                       "%s is the database of another program. Nothing was overwritten: name another file",
                       path);
    }
    if (version > migrations_count) {
        return err_set(
            err, ERR_VERSION,
            "%s was written by a newer Pandu (schema %d, this one knows up to %d). Nothing was changed: "
            "start the newer program, or restore a backup made before the upgrade",
            path, (int)version, migrations_count);
    }
    return 0;
}

static int is_stopped(void *stop) {
    return atomic_load((const atomic_int *)stop);
}

static int check_pages(struct connection *connection, const char *path, const atomic_int *stop,
                       struct err *err) {
    sqlite3_stmt *statement = NULL;
    if (stop != NULL) {
        sqlite3_progress_handler(connection->db, INSPECT_STEPS, is_stopped, (void *)(uintptr_t)stop);
    }
    int code = sqlite3_prepare_v2(connection->db, "PRAGMA quick_check(1)", -1, &statement, NULL);
    code = code == SQLITE_OK ? sqlite3_step(statement) : code;
    int rc = 0;
    if (code == SQLITE_INTERRUPT && stop != NULL) {
        rc = 0; /* nothing bad was found so far */
    } else if (code != SQLITE_ROW) {
        rc = fail_sqlite(err, path, code, connection->db);
    } else {
        const char *found = (const char *)sqlite3_column_text(statement, 0);
        if (found == NULL || strcmp(found, "ok") != 0) {
            rc = err_set(
                err, ERR_CORRUPT,
                "%s is damaged (%.120s). Nothing was overwritten: put the file aside and restore a backup",
                path, found != NULL ? found : "unreadable");
        }
    }
    (void)sqlite3_finalize(statement); /* repeats the error of the step */
    return rc;
}

/* Whether a kill left a rollback journal that must be undone before anybody can read: SQLite writes one only
   while the file is made, before it has a write-ahead log. */
static int needs_rescue(struct connection *connection) {
    int64_t ignored = 0;
    int code = connection_number(connection, "PRAGMA user_version", &ignored);
    return code == SQLITE_READONLY_ROLLBACK;
}

static int inspect(const char *path, int all_pages, const atomic_int *stop, struct err *err) {
    struct connection connection;
    int code = connection_open(&connection, path, CONNECTION_INSPECTOR);
    if (code == SQLITE_OK && needs_rescue(&connection)) {
        connection_close(&connection);
        code = connection_open(&connection, path, CONNECTION_RESCUER);
    }
    int rc = code != SQLITE_OK ? fail_sqlite(err, path, code, connection.db) : 0;
    rc = rc == 0 ? check_identity(&connection, path, err) : rc;
    rc = rc == 0 && all_pages ? check_pages(&connection, path, stop, err) : rc;
    connection_close(&connection);
    return rc;
}

int database_inspect(const char *path, const atomic_int *stop, struct err *err) {
    return inspect(path, 1, stop, err);
}

int database_identify(const char *path, struct err *err) {
    struct connection connection;
    int64_t version = 0;
    if (access(path, F_OK) != 0) {
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "there is no database %s: %s", path,
                       strerror(errno));
    }
    int rc = inspect(path, 0, NULL, err);
    if (rc != 0) {
        return rc;
    }
    int code = connection_open(&connection, path, CONNECTION_INSPECTOR);
    code = code == SQLITE_OK ? connection_number(&connection, "PRAGMA user_version", &version) : code;
    if (code != SQLITE_OK) {
        rc = fail_sqlite(err, path, code, connection.db);
    } else if (version < migrations_count) {
        rc = err_set(
            err, ERR_VERSION,
            "%s has an older schema (%d, this program's is %d): start this Pandu on it once, then look "
            "again",
            path, (int)version, migrations_count);
    }
    connection_close(&connection);
    return rc;
}

/* A large file would keep people waiting: it is looked through while they talk. */
static int inspect_for_opening(const char *path, struct err *err) {
    struct stat found;
    int is_small = stat(path, &found) != 0 || found.st_size <= DATABASE_INSPECT_NOW;
    return inspect(path, is_small, NULL, err);
}

/* ---- migrating ---- */

static int use_log(struct connection *connection) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection->db, "PRAGMA journal_mode = WAL", -1, &statement, NULL);
    code = code == SQLITE_OK ? sqlite3_step(statement) : code;
    if (code == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(statement, 0);
        code = mode != NULL && strcmp(mode, "wal") == 0 ? SQLITE_OK : SQLITE_CANTOPEN;
    }
    int closing = sqlite3_finalize(statement);
    return code == SQLITE_OK ? closing : code;
}

/* One migration and its number in one transaction: a kill between two of them, or inside one, is taken up
 * again. */
static int migrate_one(struct connection *connection, int from) {
    char stamp[96];
    (void)snprintf(stamp, sizeof stamp, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   DATABASE_APPLICATION, from + 1);
    int code = connection_run(connection, "BEGIN IMMEDIATE");
    code = code == SQLITE_OK ? connection_run(connection, migrations_sql[from]) : code;
    code = code == SQLITE_OK ? connection_run(connection, stamp) : code;
    return code == SQLITE_OK ? connection_run(connection, "COMMIT") : code; /* closing rolls back */
}

int database_truncate_log(struct connection *connection) {
    int code = sqlite3_busy_timeout(connection->db, DATABASE_TRUNCATE_MS);
    code = code == SQLITE_OK
               ? sqlite3_wal_checkpoint_v2(connection->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL)
               : code;
    int restored = sqlite3_busy_timeout(connection->db, CONNECTION_BUSY_MS);
    return code == SQLITE_OK ? restored : code;
}

int database_migrate(const char *path, struct err *err) {
    struct connection connection;
    int64_t version = 0;
    int code = connection_open(&connection, path, CONNECTION_WRITER);
    code = code == SQLITE_OK ? connection_run(&connection, PAGE_SIZE) : code;
    code = code == SQLITE_OK ? use_log(&connection) : code;
    code = code == SQLITE_OK ? connection_number(&connection, "PRAGMA user_version", &version) : code;
    for (; code == SQLITE_OK && version < migrations_count; version++) {
        code = migrate_one(&connection, (int)version);
    }
    /* the last run may have died between an erasure and the clearing of the log; somebody who reads just now
     * delays it */
    code = code == SQLITE_OK ? database_truncate_log(&connection) : code;
    code = code == SQLITE_BUSY ? SQLITE_OK : code;
    int rc = code == SQLITE_OK ? 0 : fail_sqlite(err, path, code, connection.db);
    connection_close(&connection);
    return rc;
}

int database_lock(struct database *database, const char *path, struct err *err) {
    *database = (struct database){.path = realpath(path, NULL), .lock = -1};
    if (database->path == NULL) {
        database->path = strdup(path); /* a new file has no real path yet */
    }
    if (database->path == NULL) {
        return err_set(err, ERR_MEMORY, "no memory to open %s", path);
    }
    int rc = take_lock(database, err);
    if (rc != 0) {
        database_close(database);
    }
    return rc;
}

void database_begin(void) {
    /* SQLite's count of its memory is one lock for all threads, taken at every allocation, and nobody reads
       it. Refused when SQLite runs already: then somebody else has decided. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int database_open(struct database *database, const char *path, struct err *err) {
    database_begin();
    int rc = database_lock(database, path, err);
    if (rc != 0) {
        return rc;
    }
    rc = make_private(database->path, err);
    rc = rc == 0 ? inspect_for_opening(database->path, err) : rc;
    rc = rc == 0 ? database_migrate(database->path, err) : rc;
    if (rc != 0) {
        database_close(database);
    }
    return rc;
}

void database_close(struct database *database) {
    if (database->lock >= 0) {
        (void)close(database->lock); /* nothing is written through it that matters */
    }
    free(database->path);
    *database = (struct database){.lock = -1};
}
