/* Copies of the database, and putting one back. Never touches the file in use but to read it, and never
   removes one. Called by cli. */
#include "store/sqlite/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "store/sqlite/database.h"
#include "store/sqlite/places.h"

#include "banned.h"

enum { BACKUP_STEP_PAGES = 2048, BACKUP_PATH_MAX = 4096 };

static int fail(struct err *err, const char *what, const char *path, int code, sqlite3 *db) {
    int kind = (code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB ? ERR_CORRUPT : ERR_IO;
    return err_set(err, kind, "cannot %s %s: %s", what, path,
                   db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

static int fail_errno(struct err *err, const char *what, const char *path) {
    return err_set(err, ERR_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

/* ---- copying ---- */

/* An empty file only we can read, so that the copy never is anything else. */
static int make_target(const char *path, struct err *err) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return fail_errno(err, "create", path);
    }
    return close(descriptor) == 0 ? 0 : fail_errno(err, "create", path);
}

static int copy_pages(sqlite3 *to, sqlite3 *from, backup_progress *progress, void *context) {
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL) {
        return sqlite3_errcode(to);
    }
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(backup, BACKUP_STEP_PAGES);
        if (progress != NULL) {
            int total = sqlite3_backup_pagecount(backup);
            progress(context, total - sqlite3_backup_remaining(backup), total);
        }
    }
    int closing = sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? closing : code;
}

/* The snapshot is held by a read transaction of the source's own connection. */
static int copy(const char *path, const char *target, backup_progress *progress, void *context,
                struct err *err) {
    struct connection from = {0};
    sqlite3 *to = NULL;
    int64_t ignored = 0;
    int code = connection_open(&from, path, CONNECTION_READER);
    code = code == SQLITE_OK ? connection_run(&from, "BEGIN") : code;
    code =
        code == SQLITE_OK ? connection_number(&from, "SELECT count(*) FROM sqlite_schema", &ignored) : code;
    int rc = code == SQLITE_OK ? 0 : fail(err, "read", path, code, from.db);
    if (rc == 0) {
        code = sqlite3_open_v2(target, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
        code = code == SQLITE_OK ? copy_pages(to, from.db, progress, context) : code;
        /* one file without a log beside it */
        code = code == SQLITE_OK ? sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) : code;
        rc = code == SQLITE_OK ? 0 : fail(err, "write", target, code, to);
        code = sqlite3_close(to);
        rc = rc == 0 && code != SQLITE_OK ? fail(err, "write", target, code, NULL) : rc;
    }
    connection_close(&from);
    return rc;
}

/* Makes a file and its entry survive a power cut. */
static int make_durable(const char *path, int flags, struct err *err) {
    int descriptor = open(path, flags | O_CLOEXEC);
    if (descriptor < 0 || fsync(descriptor) != 0 || close(descriptor) != 0) {
        return fail_errno(err, "write", path);
    }
    return 0;
}

static int sync_folder_of(const char *path, struct err *err) {
    char folder[BACKUP_PATH_MAX];
    const char *slash = strrchr(path, '/');
    int length = slash == NULL ? 0 : slash == path ? 1 : (int)(slash - path);
    (void)snprintf(folder, sizeof folder, "%.*s", length > 0 ? length : 1, length > 0 ? path : ".");
    return make_durable(folder, O_RDONLY | O_DIRECTORY, err);
}

static int count(const char *path, struct backup_report *report, struct err *err) {
    struct connection connection = {0};
    struct stat status;
    int code = connection_open(&connection, path, CONNECTION_INSPECTOR);
    code = code == SQLITE_OK ? connection_number(&connection, "SELECT count(*) FROM turn", &report->turns)
                             : code;
    code = code == SQLITE_OK
               ? connection_number(&connection, "SELECT count(*) FROM conversation", &report->conversations)
               : code;
    int rc = code == SQLITE_OK ? 0 : fail(err, "read", path, code, connection.db);
    connection_close(&connection);
    if (rc == 0 && stat(path, &status) == 0) {
        report->bytes = (int64_t)status.st_size;
    }
    return rc;
}

static int path_with(char out[BACKUP_PATH_MAX], const char *path, const char *end, struct err *err) {
    int length = snprintf(out, BACKUP_PATH_MAX, "%s%s", path, end);
    return length > 0 && length < BACKUP_PATH_MAX ? 0
                                                  : err_set(err, ERR_LIMIT, "the path %s is too long", path);
}

/* What SQLite leaves beside a file it had open. */
static void remove_beside(const char *path) {
    static const char *const ends[] = {"-wal", "-shm", "-journal"};
    char beside[BACKUP_PATH_MAX];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (path_with(beside, path, ends[i], NULL) == 0) {
            (void)unlink(beside); /* mostly not there */
        }
    }
}

/* A checked, durable copy at a new path. On failure nothing is left of it. */
static int copy_whole(const char *path, const char *target, backup_progress *progress, void *context,
                      struct err *err) {
    int rc = make_target(target, err);
    if (rc != 0) {
        return rc;
    }
    rc = copy(path, target, progress, context, err);
    rc = rc == 0 ? database_inspect(target, NULL, err) : rc;
    rc = rc == 0 ? make_durable(target, O_RDWR, err) : rc;
    remove_beside(target);
    if (rc != 0) {
        (void)unlink(target); /* the first error is the one to report */
    }
    return rc;
}

int backup_write(const char *path, const char *target, backup_progress *progress, void *context,
                 struct backup_report *report, struct err *err) {
    char partial[BACKUP_PATH_MAX];
    memset(report, 0, sizeof *report);
    if (access(path, R_OK) != 0) {
        return fail_errno(err, "read", path);
    }
    if (access(target, F_OK) == 0) {
        return err_set(err, ERR_IO, "%s exists already: name a new file", target);
    }
    int rc = path_with(partial, target, ".partial", err);
    if (rc == 0) {
        (void)unlink(partial); /* of a backup that was killed */
    }
    rc = rc == 0 ? copy_whole(path, partial, progress, context, err) : rc;
    rc = rc == 0 ? count(partial, report, err) : rc;
    remove_beside(partial);
    if (rc == 0 && rename(partial, target) != 0) {
        rc = fail_errno(err, "create", target);
    }
    return rc == 0 ? sync_folder_of(target, err) : rc;
}

/* ---- putting one back ---- */

static int prepare(struct connection *connection, const char *sql, sqlite3_stmt **statement) {
    return sqlite3_prepare_v2(connection->db, sql, -1, statement, NULL);
}

/* *has: the conversation's oldest turn is from before it was erased. Told by sequence number and not by time:
   a clock may have been set back in between. */
static int has_before(struct connection *to, const struct numbers *numbers, int64_t last_seq, int *has) {
    *has = 0;
    if (numbers->count == 0) {
        return SQLITE_OK;
    }
    struct query query = query_start(to, QUERY_FIND_TURN);
    query_int(&query, numbers->list[0]);
    *has = query_row(&query) && query_column_int(&query, 2) <= last_seq;
    return query_end(&query);
}

static int erase_rows(struct connection *to, int64_t conversation, const struct numbers *numbers) {
    static const char *const steps[] = {
        "DELETE FROM unmatched WHERE conversation = ?1",  "DELETE FROM escalation WHERE conversation = ?1",
        "DELETE FROM due WHERE conversation = ?1",        "DELETE FROM place WHERE conversation = ?1",
        "DELETE FROM place_list WHERE conversation = ?1", "DELETE FROM conversation WHERE number = ?1"};
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < numbers->count; i++) {
        struct query query = query_start(to, QUERY_ERASE_TURN);
        query_int(&query, numbers->list[i]);
        code = query_run(&query);
    }
    for (size_t i = 0; code == SQLITE_OK && i < sizeof steps / sizeof steps[0]; i++) {
        sqlite3_stmt *step = NULL;
        code = prepare(to, steps[i], &step);
        code = code == SQLITE_OK ? sqlite3_bind_int64(step, 1, conversation) : code;
        code = code == SQLITE_OK ? sqlite3_step(step) : code;
        code = code == SQLITE_DONE ? SQLITE_OK : code;
        (void)sqlite3_finalize(step);
    }
    return code;
}

/* Erases one conversation if the backup holds something of it from before it was erased. */
static int erase_one(struct connection *to, sqlite3_stmt *row, struct backup_report *report) {
    struct numbers numbers = {.list = NULL};
    int64_t conversation = 0;
    int has = 0;
    struct query find = query_start(to, QUERY_FIND_CONVERSATION);
    query_text(&find, (const char *)sqlite3_column_text(row, 0));
    if (query_row(&find)) {
        conversation = query_column_int(&find, 0);
    }
    int code = query_end(&find);
    code = code == SQLITE_OK ? numbers_of(to, conversation, &numbers) : code;
    code = code == SQLITE_OK ? has_before(to, &numbers, sqlite3_column_int64(row, 3), &has) : code;
    if (code == SQLITE_OK && has) {
        report->erased_again++;
        code = erase_rows(to, conversation, &numbers);
    }
    numbers_free(&numbers);
    return code;
}

/* The newer of the two lists wins, entry by entry: numbers never go back. */
static int remember_erased(struct connection *to, sqlite3_stmt *row) {
    sqlite3_stmt *add = NULL;
    int code =
        prepare(to,
                "INSERT INTO erased (conversation, at_ms, version, last_seq) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (conversation) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms),"
                " version = max(version, excluded.version), last_seq = max(last_seq, excluded.last_seq)",
                &add);
    for (int i = 0; code == SQLITE_OK && i < 4; i++) {
        code = sqlite3_bind_value(add, i + 1, sqlite3_column_value(row, i));
    }
    code = code == SQLITE_OK ? sqlite3_step(add) : code;
    (void)sqlite3_finalize(add);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Reads the present database's list. Returns an SQLite code of the copy; trouble with the present one only
   sets lost_erased: it may be the reason for restoring. */
static int erase_again(struct connection *to, const char *present, struct backup_report *report) {
    struct connection from = {0};
    sqlite3_stmt *row = NULL;
    int code = SQLITE_OK;
    int reading = connection_open(&from, present, CONNECTION_READER);
    reading = reading == SQLITE_OK
                  ? prepare(&from, "SELECT conversation, at_ms, version, last_seq FROM erased", &row)
                  : reading;
    reading = reading == SQLITE_OK ? sqlite3_step(row) : reading;
    while (code == SQLITE_OK && reading == SQLITE_ROW) {
        code = erase_one(to, row, report);
        code = code == SQLITE_OK ? remember_erased(to, row) : code;
        reading = sqlite3_step(row);
    }
    report->lost_erased = reading != SQLITE_DONE && code == SQLITE_OK;
    (void)sqlite3_finalize(row);
    connection_close(&from);
    return code;
}

/* As the writer does when it starts (turns.c). */
static int file_all(struct connection *to) {
    int64_t filed = 0, last = 0;
    int code = connection_number(to, "SELECT up_to FROM filed", &filed);
    code = code == SQLITE_OK ? connection_number(to, "SELECT max(number) FROM turn", &last) : code;
    return code == SQLITE_OK && filed < last ? places_file(to, filed, last) : code;
}

static int clean(const char *copy_path, const char *present, struct backup_report *report, struct err *err) {
    struct connection to = {0};
    int rc = database_migrate(copy_path, err);
    if (rc != 0 || access(present, F_OK) != 0) {
        return rc;
    }
    int code = connection_open(&to, copy_path, CONNECTION_WRITER);
    code = code == SQLITE_OK ? connection_run(&to, "BEGIN IMMEDIATE") : code;
    code = code == SQLITE_OK ? file_all(&to) : code;
    code = code == SQLITE_OK ? erase_again(&to, present, report) : code;
    code = code == SQLITE_OK ? connection_run(&to, "COMMIT") : code;
    code = code == SQLITE_OK ? database_truncate_log(&to) : code;
    rc = code == SQLITE_OK ? 0 : fail(err, "clean", copy_path, code, to.db);
    connection_close(&to);
    return rc;
}

/* The database and its log go aside together: apart they are worth nothing. */
static int move_aside(const char *path, int64_t now_ms, struct backup_report *report, struct err *err) {
    static const char *const ends[] = {"", "-wal", "-shm"};
    char from[BACKUP_PATH_MAX], to[BACKUP_PATH_MAX], name[64];
    (void)snprintf(name, sizeof name, ".before-restore-%" PRId64, now_ms / 1000);
    int rc = path_with(report->aside, path, name, err);
    for (size_t i = 0; rc == 0 && i < sizeof ends / sizeof ends[0]; i++) {
        rc = path_with(from, path, ends[i], err);
        rc = rc == 0 ? path_with(to, report->aside, ends[i], err) : rc;
        if (rc == 0 && rename(from, to) != 0 && errno != ENOENT) {
            rc = fail_errno(err, "move aside", from);
        }
    }
    return rc;
}

int backup_restore(const char *source, const char *path, int64_t now_ms, backup_progress *progress,
                   void *context, struct backup_report *report, struct err *err) {
    struct database database;
    char copy_path[BACKUP_PATH_MAX];
    memset(report, 0, sizeof *report);
    if (access(source, R_OK) != 0) {
        return fail_errno(err, "read", source);
    }
    int rc = path_with(copy_path, path, ".restoring", err);
    rc = rc == 0 ? database_lock(&database, path, err) : rc;
    if (rc != 0) {
        return rc;
    }
    (void)unlink(copy_path); /* of a restore that was killed */
    remove_beside(copy_path);
    rc = copy_whole(source, copy_path, progress, context, err);
    rc = rc == 0 ? clean(copy_path, path, report, err) : rc;
    rc = rc == 0 ? count(copy_path, report, err) : rc;
    remove_beside(copy_path);
    if (rc == 0 && access(path, F_OK) == 0) {
        rc = move_aside(path, now_ms, report, err);
    }
    if (rc == 0 && rename(copy_path, path) != 0) {
        rc = fail_errno(err, "create", path);
    }
    rc = rc == 0 ? sync_folder_of(path, err) : rc;
    database_close(&database);
    return rc;
}
