/* One run of a prepared statement: bind in order, step, read columns, end. Every SQLite return code ends up
 * in ->code. */
#ifndef PANDU_STORE_SQLITE_QUERY_H
#define PANDU_STORE_SQLITE_QUERY_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

enum { CONNECTION_BUSY_MS = 5000 /* only checkpoints and other programs make one wait */ };

enum query_id {
    QUERY_BEGIN, /* read-only transaction */
    QUERY_BEGIN_WRITE,
    QUERY_COMMIT,
    QUERY_ROLLBACK,
    QUERY_FIND_CONVERSATION, /* (id): number */
    QUERY_FIND_ERASED,       /* (id): version, last_seq */
    QUERY_HAS_TURN,          /* (number): a row, or none */
    QUERY_PLACES,            /* (conversation): number, id_hash; of before migration 10 */
    QUERY_PLACE_LISTS,       /* (conversation): places */
    QUERY_NEWEST_PLACE,      /* (conversation): number or null */
    QUERY_ADD_PLACE_LIST,    /* (conversation, first, last, places) */
    QUERY_FILED,             /* (): up_to */
    QUERY_UNFILED,           /* (after, up_to): conversation, number, id_hash */
    QUERY_SET_FILED,         /* (up_to) */
    QUERY_READ_NEWEST,       /* (number): version, last_seq, bytes of its state or null, outcome */
    QUERY_READ_STATE,        /* (number): state, base, shared, length */
    QUERY_FIND_TURN,         /* (number): id, text_hash, first_seq, last_seq, outcome */
    QUERY_LAST_TURN,         /* (): largest turn number or null */
    QUERY_ADD_CONVERSATION,  /* (id) */
    QUERY_ADD_TURN,       /* (number, conversation, id_hash, id, text_hash, version, first, last, at, inbound,
                             outcome, state, base, length) */
    QUERY_ADD_UNMATCHED,  /* (conversation, at, text, candidates) */
    QUERY_ADD_ESCALATION, /* (conversation, at, intent, quote) */
    QUERY_ADD_ERASED,     /* (id, at, version, last_seq) */
    QUERY_HIDE_CONVERSATION, /* (conversation): its name is nobody's from now on */
    QUERY_NEXT_HIDDEN,       /* (): conversation or null */
    QUERY_ERASE_UNMATCHED,   /* (conversation, limit) */
    QUERY_ERASE_ESCALATIONS, /* (conversation, limit) */
    QUERY_ERASE_PLACES,      /* (conversation) */
    QUERY_ERASE_PLACE_LISTS, /* (conversation) */
    QUERY_ERASE_CONVERSATION,
    QUERY_ERASE_TURN,       /* (number) */
    QUERY_READ_TURN,        /* (number): id, at, version, first, last, inbound, outcome */
    QUERY_ALL_UNMATCHED,    /* (conversation): at, text, candidates */
    QUERY_ALL_ESCALATIONS,  /* (conversation): at, intent, quote */
    QUERY_NEWEST_UNMATCHED, /* (limit): at, text, candidates */
    QUERY_SET_DUE,          /* (conversation, kind, at) */
    QUERY_DROP_DUE,         /* (conversation, kind) */
    QUERY_ERASE_DUE,        /* (conversation) */
    QUERY_LIST_DUE,         /* (until, limit): id, kind, at */
    QUERY_COUNT
};

/* Not of a conversation that is being erased (erasures.h), in the form of SQL. */
#define NOT_ERASED "conversation NOT IN (SELECT number FROM conversation WHERE id < char(1))"

/* The newest filed turn of a conversation, or null, in the form of SQL. Lists follow each other, and all
   come after the places of before there were any. */
#define NEWEST_FILED(of) \
    "coalesce((SELECT last FROM place_list WHERE conversation = " of " ORDER BY first DESC LIMIT 1)," \
    " (SELECT max(number) FROM place WHERE conversation = " of "))"

/* A connection with its prepared statements, used by one thread at a time. */
struct places;
struct connection {
    sqlite3 *db; /* NULL while closed */
    struct places
        *places; /* of the writer, for who asks which turns a conversation has; borrowed, may be NULL */
    sqlite3_stmt *statements[QUERY_COUNT];
};

enum connection_role {
    CONNECTION_WRITER,
    CONNECTION_READER,
    CONNECTION_INSPECTOR, /* read-only, and leaves the log as it is */
    CONNECTION_RESCUER    /* the same, but may undo a transaction that a kill left half done in a rollback
                             journal */
};

/* Opens an existing file with every setting this store relies on. Returns an SQLite code; connection->db
   stays set on failure so that the message can be read: always connection_close afterwards. */
int connection_open(struct connection *connection, const char *path, enum connection_role role);
void connection_close(struct connection *connection);

/* Runs SQL without parameters or rows (settings, migrations); returns an SQLite code. */
int connection_run(struct connection *connection, const char *sql);
/* First column of the first row as a number; *value stays when there is no row. Returns SQLITE_OK or an
 * error. */
int connection_number(struct connection *connection, const char *sql, int64_t *value);

struct query {
    sqlite3_stmt *statement;
    int bound; /* parameters so far */
    int code;  /* SQLITE_OK, or the first error */
};

/* Prepares the statement on first use. End every query with query_end. */
struct query query_start(struct connection *connection, enum query_id id);
void query_int(struct query *query, int64_t value);
void query_null(struct query *query);
void query_text(struct query *query, const char *text); /* must live until query_end; NULL binds "" */
void query_bytes(struct query *query, struct store_bytes bytes); /* likewise */
/* 1 on a row; 0 at the end or on an error, then in query->code. */
int query_row(struct query *query);
int64_t query_column_int(const struct query *query, int column);
int query_column_is_null(const struct query *query, int column);
const char *query_column_text(const struct query *query, int column); /* until the next row; never NULL */
struct store_bytes query_column_bytes(const struct query *query, int column);
/* Resets the statement; returns query->code. */
int query_end(struct query *query);
/* Steps a statement that gives no rows, and ends it. */
int query_run(struct query *query);
/* The same for one without parameters. */
int query_simple(struct connection *connection, enum query_id id);

#endif
