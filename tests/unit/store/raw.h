/* SQL behind the store's back, for tests that make a database strange or look inside. */
#ifndef TESTS_UNIT_STORE_RAW_H
#define TESTS_UNIT_STORE_RAW_H

#include <sqlite3.h>

enum { RAW_PATIENCE_MS = 10000 /* the store may be tidying */ };

/* How many places of turns are filed, in rows of either kind. */
#define RAW_PLACES \
    "SELECT (SELECT count(*) FROM place) + (SELECT coalesce(sum(length(places)), 0) / 16 FROM place_list)"

/* Runs SQL; an SQLite code. */
static inline int raw_run(const char *path, const char *sql) {
    sqlite3 *db = NULL;
    int code = sqlite3_open(path, &db);
    code = code == SQLITE_OK ? sqlite3_busy_timeout(db, RAW_PATIENCE_MS) : code;
    code = code == SQLITE_OK ? sqlite3_exec(db, sql, NULL, NULL, NULL) : code;
    (void)sqlite3_close(db);
    return code;
}

/* First column of the first row, or -1. */
static inline long long raw_number(const char *path, const char *sql) {
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    long long number = -1;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(db, RAW_PATIENCE_MS) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        number = sqlite3_column_int64(statement, 0);
    }
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return number;
}

#endif
