/* Events a connection has not seen: read from the store page by page, each sent when the one before has left.
   What is committed meanwhile is read with a later page, so the order is that of the store and nothing comes
   twice. Never sends what is not committed. Called by the other server*.c files and by the network. */
#include <stdlib.h>

#include "app/app_json.h"
#include "app/server_parts.h"
#include "domain/engine/engine.h"

#include "banned.h"

/* A page asked for. */
struct reading {
    struct server *server;
    net_id connection;
    uint64_t again; /* the first number of one turn to be sent once more; 0: a replay */
    uint64_t after;
    int is_history; /* events after `after` once more */
};

static void read_page(struct server *server, struct connection *connection);

/* ---- one turn ---- */

/* Events to send of a turn: numbers above after, up to last. */
struct span {
    uint64_t after, last;
    size_t sent; /* bytes */
};

/* Sends the event in server->out if the span wants it. */
static void send_event(struct server *server, struct connection *connection, struct span *span,
                       uint64_t seq) {
    if (seq > span->after && seq <= span->last) {
        span->sent += server->out.length;
        server->counts.replayed_events++;
        server_send(server, connection);
    } else {
        buf_clear(&server->out);
    }
}

/* What nobody said (a greeting) is answered to nobody. */
static void send_replies(struct server *server, struct connection *connection, const struct store_row *row,
                         uint64_t seq, struct span *span) {
    struct actions *actions = arena_alloc(server->page, sizeof *actions);
    if (app_json_read(row->outcome.data, row->outcome.length, server->page, actions) != 0) {
        return;
    }
    for (size_t i = 0; i < actions->message_count; i++, seq++) {
        const char *re = row->inbound.length != 0 ? row->turn_id : NULL;
        (void)websocket_event(&server->out, seq, row->at_ms, re, &actions->messages[i]);
        send_event(server, connection, span, seq);
    }
    const char *note = app_json_read_note(row->outcome.data, row->outcome.length, server->page);
    if (note != NULL) {
        (void)websocket_event_system(&server->out, seq, row->at_ms, note);
        send_event(server, connection, span, seq);
    }
}

static void send_row(struct server *server, struct connection *connection, const struct store_row *row,
                     struct span *span) {
    uint64_t seq = row->first_seq;
    if (row->inbound.length != 0) {
        (void)websocket_event_visitor(&server->out, seq, row->at_ms, row->turn_id, row->inbound.data,
                                      row->inbound.length);
        send_event(server, connection, span, seq++);
    }
    send_replies(server, connection, row, seq, span);
}

/* ---- pages ---- */

static void finish(struct server *server, struct connection *connection) {
    connection->state = CONNECTION_LIVE;
    server->replaying--;
}

/* Sends rows until the connection has enough for now. */
static size_t send_rows(struct server *server, struct connection *connection,
                        const struct store_result *result) {
    size_t sent = 0;
    for (size_t i = 0; i < result->row_count && sent < SERVER_PAGE_BYTES; i++) {
        const struct store_row *row = &result->rows[i];
        struct span span = {.after = connection->sent_seq, .last = row->last_seq};
        arena_reset(server->page);
        send_row(server, connection, row, &span);
        sent += span.sent;
        if (row->last_seq > connection->sent_seq) {
            connection->sent_seq = row->last_seq;
        }
    }
    return sent;
}

void server_replay_page(struct server *server, struct connection *connection,
                        const struct store_result *result) {
    struct visitor *visitor = connection->visitor;
    connection->is_reading = 0;
    if (visitor->issued < result->last_seq) {
        visitor->issued = result->last_seq;
    }
    size_t sent = send_rows(server, connection, result);
    if (result->row_count == 0 && connection->sent_seq < result->last_seq) {
        connection->sent_seq = result->last_seq; /* what is missing was erased */
    }
    if (connection->sent_seq >= visitor->issued) {
        finish(server, connection);
    } else if (sent == 0) {
        read_page(server, connection);
    } /* else: goes on in server_drained */
}

/* Only what was sent before may be repeated: the rest comes by itself, in order. */
static void repeat(struct server *server, struct connection *connection, const struct reading *reading,
                   const struct store_result *result) {
    if (result->row_count > 0 && result->rows[0].first_seq == reading->again) {
        const struct store_row *row = &result->rows[0];
        struct span span = {.after = row->first_seq - (row->inbound.length == 0),
                            .last = connection->sent_seq};
        arena_reset(server->page);
        send_row(server, connection, row, &span);
    }
}

/* As with a repetition: only what was sent before. */
static void look_back(struct server *server, struct connection *connection, const struct reading *reading,
                      const struct store_result *result) {
    struct span span = {.after = reading->after, .last = connection->sent_seq};
    uint64_t upto = result->row_count == 0 ? connection->sent_seq : 0; /* what is missing was erased */
    for (size_t i = 0; i < result->row_count && span.sent < SERVER_PAGE_BYTES; i++) {
        arena_reset(server->page);
        send_row(server, connection, &result->rows[i], &span);
        upto = result->rows[i].last_seq;
    }
    upto = upto < connection->sent_seq ? upto : connection->sent_seq;
    (void)websocket_history(&server->out, reading->after, upto > reading->after ? upto : reading->after);
    server_send(server, connection);
}

static void page_read(void *context, const struct store_result *result) {
    struct reading *reading = context;
    struct server *server = reading->server;
    struct connection *connection = server_connection(server, reading->connection);
    server->reads--;
    if (connection != NULL && reading->is_history) {
        connection->is_looking_back = 0;
        if (result->status == STORE_OK) {
            look_back(server, connection, reading, result);
        } else {
            server_nak(server, connection, NULL, WEBSOCKET_STORAGE, "the store refuses", SERVER_RETRY_MS);
        }
    } else if (connection != NULL && reading->again != 0) {
        if (result->status == STORE_OK) {
            repeat(server, connection, reading, result);
        }
    } else if (connection != NULL && result->status == STORE_OK) {
        server_replay_page(server, connection, result);
    } else if (connection != NULL) {
        connection->is_reading = 0;
        connection->has_failed = 1; /* the next tick tries again */
    }
    free(reading);
}

static int read_rows(struct server *server, const struct connection *connection, size_t limit,
                     const struct reading *form) {
    struct reading *reading = malloc(sizeof *reading);
    if (reading == NULL) {
        return -1;
    }
    *reading = *form;
    reading->server = server;
    reading->connection = connection->id;
    server->reads++;
    server->store->ops->read_since(server->store, connection->visitor->name, form->after, limit, page_read,
                                   reading);
    return 0;
}

static void read_page(struct server *server, struct connection *connection) {
    connection->is_reading = 1;
    connection->has_failed = 0;
    const struct reading form = {.after = connection->sent_seq};
    if (read_rows(server, connection, SERVER_PAGE_ROWS, &form) != 0) {
        connection->is_reading = 0;
        connection->has_failed = 1;
    }
}

/* The answer to a message sent twice: from the store, with the time it was first given. */
void server_replay_again(struct server *server, struct connection *connection, uint64_t first_seq) {
    const struct reading form = {.again = first_seq, .after = first_seq - 1};
    if (first_seq > 0) {
        (void)read_rows(server, connection, 1, &form);
    }
}

/* One page at a time, so that nobody keeps the store busy. */
void server_history(struct server *server, struct connection *connection, uint64_t after) {
    const struct reading form = {.after = after, .is_history = 1};
    if (connection->visitor == NULL || connection->is_looking_back ||
        read_rows(server, connection, SERVER_PAGE_ROWS, &form) != 0) {
        server_nak(server, connection, NULL, WEBSOCKET_BUSY, "wait for the page asked for before",
                   SERVER_RETRY_MS);
        return;
    }
    connection->is_looking_back = 1;
}

static void go_on(struct server *server, struct connection *connection) {
    if (connection->state == CONNECTION_REPLAYING && !connection->is_reading) {
        read_page(server, connection);
    }
}

void server_drained(void *context, net_id id) {
    struct server *server = context;
    struct connection *connection = server_connection(server, id);
    if (connection != NULL) {
        go_on(server, connection);
    }
}

void server_replay_behind(struct server *server, struct connection *connection) {
    connection->state = CONNECTION_REPLAYING;
    connection->has_failed = 1;
    server->replaying++;
}

/* For pages that could not be read, and for those that fell behind. */
void server_replay_tick(struct server *server) {
    if (server->replaying == 0) {
        return;
    }
    for (size_t i = 0; i < SERVER_BUCKETS; i++) {
        for (struct connection *each = server->connections[i], *next; each != NULL; each = next) {
            next = each->next_in_bucket;
            if (each->has_failed) {
                go_on(server, each);
            }
        }
    }
}
