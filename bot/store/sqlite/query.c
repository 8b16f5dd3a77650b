/* Connections and prepared statements. Never ignores a return code of SQLite: the first error stays in the
   query. Called by the other files of this folder. */
#include "store/sqlite/query.h"

#include <string.h>

#include "store/sqlite/gather.h"

#include "banned.h"

enum {
    CONNECTION_LENGTH = 1000000,    /* largest value or row */
    CONNECTION_SQL_LENGTH = 100000, /* longest migration */
    LOOKASIDE_SIZE = 4096,          /* bytes: the row of nearly every turn fits */
    LOOKASIDE_COUNT = 32
};

static const char *const sql_of[QUERY_COUNT] = {
    [QUERY_BEGIN] = "BEGIN",
    [QUERY_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [QUERY_COMMIT] = "COMMIT",
    [QUERY_ROLLBACK] = "ROLLBACK",
    [QUERY_FIND_CONVERSATION] = "SELECT number FROM conversation WHERE id = ?1",
    [QUERY_FIND_ERASED] = "SELECT version, last_seq FROM erased WHERE conversation = ?1",
    [QUERY_READ_NEWEST] =
        ("SELECT version, last_seq, coalesce(length, length(state) + coalesce(shared, 0)), outcome FROM turn"
         " WHERE number = ?1"),
    [QUERY_HAS_TURN] = "SELECT 1 FROM turn WHERE number = ?1",
    [QUERY_PLACES] = "SELECT number, id_hash FROM place WHERE conversation = ?1",
    [QUERY_PLACE_LISTS] = "SELECT places FROM place_list WHERE conversation = ?1",
    [QUERY_NEWEST_PLACE] = "SELECT " NEWEST_FILED("?1"),
    [QUERY_ADD_PLACE_LIST] =
        "INSERT OR REPLACE INTO place_list (conversation, first, last, places) VALUES (?1, ?2, ?3, ?4)",
    [QUERY_FILED] = "SELECT up_to FROM filed",
    [QUERY_UNFILED] = ("SELECT conversation, number, id_hash FROM turn WHERE number > ?1 AND number <= ?2"
                       " ORDER BY conversation, number"),
    [QUERY_SET_FILED] = "UPDATE filed SET up_to = ?1",
    [QUERY_READ_STATE] = "SELECT state, base, shared, length FROM turn WHERE number = ?1",
    [QUERY_FIND_TURN] = "SELECT id, text_hash, first_seq, last_seq, outcome FROM turn WHERE number = ?1",
    [QUERY_LAST_TURN] = "SELECT max(number) FROM turn",
    [QUERY_ADD_CONVERSATION] = "INSERT INTO conversation (id) VALUES (?1)",
    [QUERY_ADD_TURN] =
        ("INSERT INTO turn (number, conversation, id_hash, id, text_hash, version, first_seq, last_seq,"
         " at_ms, inbound, outcome, state, base, length)"
         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"),
    [QUERY_ADD_UNMATCHED] =
        "INSERT INTO unmatched (conversation, at_ms, text, candidates) VALUES (?1, ?2, ?3, ?4)",
    [QUERY_ADD_ESCALATION] =
        "INSERT INTO escalation (conversation, at_ms, intent, quote) VALUES (?1, ?2, ?3, ?4)",
    [QUERY_ADD_ERASED] =
        "INSERT OR REPLACE INTO erased (conversation, at_ms, version, last_seq) VALUES (?1, ?2, ?3, ?4)",
    [QUERY_HIDE_CONVERSATION] = "UPDATE conversation SET id = char(0) || number WHERE number = ?1",
    [QUERY_NEXT_HIDDEN] = "SELECT min(number) FROM conversation WHERE id >= char(0) AND id < char(1)",
    [QUERY_ERASE_UNMATCHED] = ("DELETE FROM unmatched WHERE number IN"
                               " (SELECT number FROM unmatched WHERE conversation = ?1 LIMIT ?2)"),
    [QUERY_ERASE_ESCALATIONS] = ("DELETE FROM escalation WHERE number IN"
                                 " (SELECT number FROM escalation WHERE conversation = ?1 LIMIT ?2)"),
    [QUERY_ERASE_PLACES] = "DELETE FROM place WHERE conversation = ?1",
    [QUERY_ERASE_PLACE_LISTS] = "DELETE FROM place_list WHERE conversation = ?1",
    [QUERY_ERASE_TURN] = "DELETE FROM turn WHERE number = ?1",
    [QUERY_ERASE_CONVERSATION] = "DELETE FROM conversation WHERE number = ?1",
    [QUERY_READ_TURN] = ("SELECT id, at_ms, version, first_seq, last_seq, inbound, outcome FROM turn"
                         " WHERE number = ?1"),
    [QUERY_ALL_UNMATCHED] =
        "SELECT at_ms, text, candidates FROM unmatched WHERE conversation = ?1 ORDER BY number",
    [QUERY_ALL_ESCALATIONS] =
        "SELECT at_ms, intent, quote FROM escalation WHERE conversation = ?1 ORDER BY number",
    [QUERY_SET_DUE] = "INSERT OR REPLACE INTO due (conversation, kind, at_ms) VALUES (?1, ?2, ?3)",
    [QUERY_DROP_DUE] = "DELETE FROM due WHERE conversation = ?1 AND kind = ?2",
    [QUERY_ERASE_DUE] = "DELETE FROM due WHERE conversation = ?1",
    [QUERY_LIST_DUE] = ("SELECT c.id, d.kind, d.at_ms FROM due AS d INDEXED BY due_by_time"
                        " JOIN conversation AS c ON c.number = d.conversation"
                        " WHERE d.at_ms <= ?1 ORDER BY d.at_ms LIMIT ?2"),
    [QUERY_NEWEST_UNMATCHED] =
        ("SELECT at_ms, text, candidates FROM unmatched WHERE " NOT_ERASED " ORDER BY number DESC LIMIT ?1"),
};

/* ---- connections ---- */

static int set_flag(sqlite3 *db, int flag, int value) {
    int now = -1;
    int code = sqlite3_db_config(db, flag, value, &now);
    return code == SQLITE_OK && now != value ? SQLITE_MISUSE : code;
}

/* Settings that make a crafted or damaged file harmless. Source: sqlite.org/security.html. */
static int harden(sqlite3 *db) {
    (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, CONNECTION_LENGTH); /* returns the former limit */
    (void)sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, CONNECTION_SQL_LENGTH);
    (void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    (void)sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 64);
    (void)sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 32);
    (void)sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    (void)sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    int code = set_flag(db, SQLITE_DBCONFIG_DEFENSIVE, 1);
    code = code == SQLITE_OK ? set_flag(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0) : code;
    code = code == SQLITE_OK ? set_flag(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0) : code;
    code = code == SQLITE_OK ? set_flag(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0) : code;
    return code;
}

int connection_run(struct connection *connection, const char *sql) {
    return sqlite3_exec(connection->db, sql, NULL, NULL, NULL);
}

static int configure(struct connection *connection, enum connection_role role) {
    static const char common[] =
        "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;";
    /* without an index on turns nobody could check foreign keys in time; the tests of kills do afterwards */
    static const char writer[] =
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA secure_delete = ON;"
        " PRAGMA cache_size = -4096; PRAGMA wal_autocheckpoint = 0; PRAGMA recursive_triggers = OFF;";
    int code = connection_run(connection, common);
    if (code == SQLITE_OK && role == CONNECTION_WRITER) {
        /* only for speed: its own pieces of 1,200 bytes are too short for a row, which came from the heap
           and went back with every turn */
        (void)sqlite3_db_config(connection->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, LOOKASIDE_SIZE,
                                LOOKASIDE_COUNT);
        code = connection_run(connection, writer);
    }
    if (code == SQLITE_OK && (role == CONNECTION_INSPECTOR || role == CONNECTION_RESCUER)) {
        code = set_flag(connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1); /* looking changes nothing */
    }
    return code;
}

int connection_open(struct connection *connection, const char *path, enum connection_role role) {
    memset(connection, 0, sizeof *connection);
    int may_write = role == CONNECTION_WRITER || role == CONNECTION_RESCUER;
    int flags = may_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    const char *layer = role == CONNECTION_WRITER && sqlite3_vfs_find(GATHER_VFS) != NULL ? GATHER_VFS : NULL;
    int code = sqlite3_open_v2(path, &connection->db, flags | SQLITE_OPEN_NOMUTEX, layer);
    if (code != SQLITE_OK) {
        return code;
    }
    (void)sqlite3_extended_result_codes(connection->db, 1); /* fails only for a NULL connection */
    code = sqlite3_busy_timeout(connection->db, CONNECTION_BUSY_MS);
    code = code == SQLITE_OK ? harden(connection->db) : code;
    return code == SQLITE_OK ? configure(connection, role) : code;
}

void connection_close(struct connection *connection) {
    for (int i = 0; i < QUERY_COUNT; i++) {
        (void)sqlite3_finalize(
            connection->statements[i]); /* repeats the error of the last step, already seen */
        connection->statements[i] = NULL;
    }
    (void)sqlite3_close(connection->db); /* no statement is left, so it cannot be refused */
    connection->db = NULL;
}

int connection_number(struct connection *connection, const char *sql, int64_t *value) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection->db, sql, -1, &statement, NULL);
    if (code != SQLITE_OK) {
        return code;
    }
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *value = sqlite3_column_int64(statement, 0);
    }
    int closing = sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? closing : code;
}

/* ---- queries ---- */

struct query query_start(struct connection *connection, enum query_id id) {
    struct query query = {.code = SQLITE_OK};
    if (connection->statements[id] == NULL) {
        query.code = sqlite3_prepare_v3(connection->db, sql_of[id], -1, SQLITE_PREPARE_PERSISTENT,
                                        &connection->statements[id], NULL);
    }
    query.statement = connection->statements[id];
    return query;
}

static int may_bind(struct query *query) {
    query->bound++;
    return query->code == SQLITE_OK;
}

void query_int(struct query *query, int64_t value) {
    if (may_bind(query)) {
        query->code = sqlite3_bind_int64(query->statement, query->bound, value);
    }
}

/* A parameter that is not bound is null, and query_end unbinds none: it must be said. */
void query_null(struct query *query) {
    if (may_bind(query)) {
        query->code = sqlite3_bind_null(query->statement, query->bound);
    }
}

void query_text(struct query *query, const char *text) {
    if (may_bind(query)) {
        query->code =
            sqlite3_bind_text(query->statement, query->bound, text != NULL ? text : "", -1, SQLITE_STATIC);
    }
}

void query_bytes(struct query *query, struct store_bytes bytes) {
    if (may_bind(query)) {
        const void *data = bytes.length != 0 ? bytes.data : "";
        query->code = sqlite3_bind_blob64(query->statement, query->bound, data, bytes.length, SQLITE_STATIC);
    }
}

int query_row(struct query *query) {
    if (query->code != SQLITE_OK) {
        return 0;
    }
    int code = sqlite3_step(query->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        query->code = code;
    }
    return code == SQLITE_ROW;
}

int64_t query_column_int(const struct query *query, int column) {
    return sqlite3_column_int64(query->statement, column);
}

int query_column_is_null(const struct query *query, int column) {
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

const char *query_column_text(const struct query *query, int column) {
    const unsigned char *text = sqlite3_column_text(query->statement, column);
    return text != NULL ? (const char *)text : "";
}

struct store_bytes query_column_bytes(const struct query *query, int column) {
    const void *data = sqlite3_column_blob(query->statement, column);
    int length = sqlite3_column_bytes(query->statement, column);
    return (struct store_bytes){data, data != NULL && length > 0 ? (size_t)length : 0};
}

int query_end(struct query *query) {
    if (query->statement != NULL) {
        int code = sqlite3_reset(query->statement);
        if (query->code == SQLITE_OK) {
            query->code = code;
        }
    }
    return query->code;
}

int query_run(struct query *query) {
    (void)query_row(query);
    return query_end(query);
}

int query_simple(struct connection *connection, enum query_id id) {
    struct query query = query_start(connection, id);
    return query_run(&query);
}
