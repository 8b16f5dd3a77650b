/* Reads the database page by page for those who study it. Never writes, and holds no read transaction while
   the caller works on a page. Called by: cli/records. */
#include "store/sqlite/study.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "store/sqlite/chain.h"
#include "store/sqlite/database.h"
#include "store/sqlite/query.h"

#include "banned.h"

enum {
    PAGE_ROWS = 1000,
    PAGE_BYTES = 4 * 1024 * 1024, /* a page ends with the row that fills it */
    ARENA_MAX = 64 * 1024 * 1024,
    SHOW_MS = 250
};

struct study {
    char *path;
    struct connection connection;
    struct arena *arena; /* of a page */
    study_progress *progress;
    void *progress_context;
    int64_t shown_ms;
};

/* A table, how its rows are read, and from where: columns are number, conversation, at_ms, then what
   read reads; of states the turn.
 */
struct reading {
    const char *sql;   /* (last number, limit) */
    const char *total; /* about how many rows there are */
    int64_t start;     /* a number before the first one */
    void (*read)(sqlite3_stmt *statement, struct arena *arena, struct study_row *row); /* NULL: states */
};

static struct store_bytes bytes_of(sqlite3_stmt *statement, int column, struct arena *arena) {
    const void *data = sqlite3_column_blob(statement, column);
    int length = sqlite3_column_bytes(statement, column);
    size_t kept = data != NULL && length > 0 ? (size_t)length : 0;
    return (struct store_bytes){arena_copy(arena, kept != 0 ? data : "", kept), kept};
}

static const char *text_of(sqlite3_stmt *statement, int column, struct arena *arena) {
    const unsigned char *text = sqlite3_column_text(statement, column);
    return arena_text(arena, text != NULL ? (const char *)text : "");
}

static void read_turn(sqlite3_stmt *statement, struct arena *arena, struct study_row *row) {
    row->inbound = bytes_of(statement, 3, arena);
    row->outcome = bytes_of(statement, 4, arena);
}

static void read_unmatched(sqlite3_stmt *statement, struct arena *arena, struct study_row *row) {
    row->text = text_of(statement, 3, arena);
    row->candidates = text_of(statement, 4, arena);
}

/* Bytes of NULL: it cannot be told. Returns an SQLite code. */
static int read_state(struct study *study, int64_t turn, struct study_row *row) {
    struct chain_state state;
    int code = chain_read(&study->connection, turn, &state);
    if (state.bytes != NULL) {
        row->state = (struct store_bytes){arena_copy(study->arena, state.bytes, state.length), state.length};
    }
    free(state.bytes);
    return code;
}

/* ---- opening ---- */

static int fail(struct study *study, int code, struct err *err) {
    const char *message =
        study->connection.db != NULL ? sqlite3_errmsg(study->connection.db) : sqlite3_errstr(code);
    int kind = (code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB ? ERR_CORRUPT : ERR_IO;
    return err_set(err, kind, "cannot read %s: %s", study->path, message);
}

struct study *study_open(const char *path, struct err *err) {
    if (database_identify(path, err) != 0) {
        return NULL;
    }
    struct study *study = calloc(1, sizeof *study);
    if (study == NULL || (study->path = strdup(path)) == NULL ||
        (study->arena = arena_new(ARENA_MAX)) == NULL) {
        (void)err_set(err, ERR_MEMORY, "no memory to open %s", path);
        study_close(study);
        return NULL;
    }
    int code = connection_open(&study->connection, path, CONNECTION_INSPECTOR);
    if (code != SQLITE_OK) {
        (void)fail(study, code, err);
        study_close(study);
        return NULL;
    }
    return study;
}

void study_close(struct study *study) {
    if (study != NULL) {
        connection_close(&study->connection);
        arena_free(study->arena);
        free(study->path);
        free(study);
    }
}

void study_set_progress(struct study *study, study_progress *progress, void *context) {
    study->progress = progress;
    study->progress_context = context;
}

/* ---- reading ---- */

static void show(struct study *study, int64_t done, int64_t total, int is_last) {
    int64_t now = clock_steady_ms();
    if (study->progress != NULL && (is_last || now - study->shown_ms >= SHOW_MS)) {
        study->shown_ms = now;
        study->progress(study->progress_context, done, total > done && !is_last ? total : done);
    }
}

/* Copies one page behind the row *last, whose number moves on. Returns an SQLite code. */
static int read_page(struct study *study, const struct reading *reading, sqlite3_stmt *statement,
                     int64_t *last, struct study_row *rows, size_t *count) {
    size_t bytes = 0;
    *count = 0;
    arena_reset(study->arena);
    int code = sqlite3_bind_int64(statement, 1, *last);
    code = code == SQLITE_OK ? sqlite3_bind_int(statement, 2, PAGE_ROWS) : code;
    while (code == SQLITE_OK && *count < PAGE_ROWS && bytes < PAGE_BYTES &&
           (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct study_row *row = &rows[(*count)++];
        *row = (struct study_row){.number = sqlite3_column_int64(statement, 0),
                                  .conversation = sqlite3_column_int64(statement, 1),
                                  .at_ms = sqlite3_column_int64(statement, 2)};
        if (reading->read != NULL) {
            reading->read(statement, study->arena, row);
            code = SQLITE_OK;
        } else {
            code = read_state(study, sqlite3_column_int64(statement, 3), row);
        }
        bytes += row->inbound.length + row->outcome.length + row->state.length +
                 (row->text != NULL ? strlen(row->text) : 0);
        *last = row->number;
    }
    code = code == SQLITE_DONE ? SQLITE_OK : code;
    int closing = sqlite3_reset(statement); /* ends the read transaction */
    return code == SQLITE_OK ? closing : code;
}

static int read_pages(struct study *study, const struct reading *reading, sqlite3_stmt *statement,
                      study_each *each, void *context) {
    struct study_row *rows = calloc(PAGE_ROWS, sizeof *rows);
    int64_t last = reading->start, total = 0, done = 0;
    size_t count = 0;
    int is_enough = rows == NULL;
    int code = rows == NULL ? SQLITE_NOMEM : connection_number(&study->connection, reading->total, &total);
    do {
        code = code == SQLITE_OK ? read_page(study, reading, statement, &last, rows, &count) : code;
        for (size_t i = 0; code == SQLITE_OK && !is_enough && i < count; i++, done++) {
            int has_row = reading->read != NULL || rows[i].state.data != NULL;
            is_enough = has_row && each(context, &rows[i]) != 0;
        }
        show(study, done, total, 0);
    } while (code == SQLITE_OK && !is_enough && count > 0);
    show(study, done, total, 1);
    free(rows);
    return code;
}

static int read_table(struct study *study, const struct reading *reading, study_each *each, void *context,
                      struct err *err) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(study->connection.db, reading->sql, -1, &statement, NULL);
    code = code == SQLITE_OK ? read_pages(study, reading, statement, each, context) : code;
    int rc = code == SQLITE_OK ? 0 : fail(study, code, err);
    (void)sqlite3_finalize(statement); /* repeats the error of the last step */
    return rc;
}

int study_unmatched(struct study *study, study_each *each, void *context, struct err *err) {
    static const struct reading reading = {"SELECT number, conversation, at_ms, text, candidates FROM "
                                           "unmatched WHERE number < ?1 AND " NOT_ERASED
                                           " ORDER BY number DESC LIMIT ?2",
                                           "SELECT count(*) FROM unmatched", INT64_MAX, read_unmatched};
    return read_table(study, &reading, each, context, err);
}

int study_turns(struct study *study, study_each *each, void *context, struct err *err) {
    static const struct reading reading = {"SELECT number, conversation, at_ms, inbound, outcome FROM turn "
                                           "WHERE number > ?1 AND " NOT_ERASED " ORDER BY number LIMIT ?2",
                                           "SELECT max(number) FROM turn", INT64_MIN, read_turn};
    return read_table(study, &reading, each, context, err);
}

int study_states(struct study *study, study_each *each, void *context, struct err *err) {
    static const struct reading reading = {
        "WITH unfiled AS MATERIALIZED (SELECT conversation, max(number) AS number FROM turn"
        "  WHERE number > (SELECT up_to FROM filed) GROUP BY conversation)"
        " SELECT c.number, c.number, t.at_ms, t.number FROM conversation AS c"
        " LEFT JOIN unfiled AS u ON u.conversation = c.number"
        " JOIN turn AS t ON t.number ="
        " coalesce(u.number, " NEWEST_FILED("c.number") ")"
                                                        " WHERE c.number > ?1 AND c.id >= char(1)"
                                                        " ORDER BY c.number LIMIT ?2",
        "SELECT count(*) FROM conversation", INT64_MIN, NULL};
    return read_table(study, &reading, each, context, err);
}
