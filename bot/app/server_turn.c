/* A message: limits, one turn of the app, and when it is committed the acknowledgement and what the bot said,
   to every open connection of the conversation. Nothing that tells a result leaves before that. Called by
   server.c, server_hello.c and server_due.c. */
#include <stdlib.h>
#include <string.h>

#include "app/server_parts.h"
#include "base/clock.h"
#include "base/log.h"

#include "banned.h"

/* A request to the app that has not answered. */
struct pending {
    struct server *server;
    struct visitor *visitor;
    net_id connection; /* who asked; it may be gone when the answer comes */
    int64_t at_ms, started_ms;
    int is_opening; /* a greeting or a recap: nobody waits for it */
    int has_helped; /* of a rating */
    struct pending *next;
    char id[WEBSOCKET_ID_MAX + 1];
};

/* One comes and goes with every message. */
static struct pending *take_pending(struct server *server) {
    struct pending *spare = server->spares;
    if (spare == NULL) {
        return malloc(sizeof *spare);
    }
    server->spares = spare->next;
    server->spare_count--;
    return spare;
}

static void give_pending(struct server *server, struct pending *pending) {
    if (server->spare_count < SERVER_SPARES) {
        pending->next = server->spares;
        server->spares = pending;
        server->spare_count++;
    } else {
        free(pending);
    }
}

void server_spares_free(struct server *server) {
    while (server->spares != NULL) {
        free(take_pending(server));
    }
}

/* ---- to all connections ---- */

/* Sends the event in server->out to who has all events before it; a replay will find it in the store. */
static void broadcast(struct server *server, const struct visitor *visitor, uint64_t seq,
                      const struct connection *but) {
    for (struct connection *each = visitor->tabs; each != NULL; each = each->next_tab) {
        if (each->state != CONNECTION_LIVE || each->sent_seq >= seq) {
            continue;
        }
        if (each->sent_seq + 1 < seq) { /* a commit whose outcome was not known had events too */
            server_replay_behind(server, each);
            continue;
        }
        if (each != but && !server->out.failed) {
            (void)net_send(server->net, each->id, server->out.data, server->out.length);
        }
        each->sent_seq = seq;
    }
    buf_clear(&server->out);
}

/* What the visitor said, for the other tabs; the sender knows it. */
static void deliver_inbound(struct server *server, const struct pending *pending, const char *inbound,
                            uint64_t seq, struct connection *sender) {
    const struct visitor *visitor = pending->visitor;
    if (visitor->tabs != sender || sender == NULL || sender->next_tab != NULL) {
        (void)websocket_event_visitor(&server->out, seq, pending->at_ms, pending->id, inbound,
                                      strlen(inbound));
        broadcast(server, visitor, seq, sender);
    } else if (sender->state == CONNECTION_LIVE && sender->sent_seq + 1 == seq) {
        sender->sent_seq = seq; /* nearly always: there is no other */
    } else if (sender->state == CONNECTION_LIVE && sender->sent_seq < seq) {
        server_replay_behind(server, sender);
    }
}

static void deliver(struct server *server, const struct pending *pending, const struct app_reply *reply,
                    struct connection *sender) {
    const struct visitor *visitor = pending->visitor;
    uint64_t seq = reply->first_seq;
    const char *re = pending->is_opening ? NULL : pending->id;
    if (reply->inbound != NULL) {
        deliver_inbound(server, pending, reply->inbound, seq++, sender);
    }
    for (size_t i = 0; i < reply->actions->message_count; i++, seq++) {
        (void)websocket_event(&server->out, seq, pending->at_ms, re, &reply->actions->messages[i]);
        broadcast(server, visitor, seq, NULL);
    }
    if (reply->note != NULL) {
        (void)websocket_event_system(&server->out, seq, pending->at_ms, reply->note);
        broadcast(server, visitor, seq, NULL);
    }
}

void server_notify(struct server *server, const char *name, uint64_t seq, const char *what) {
    struct visitor *visitor = server_visitor(server, name);
    if (visitor == NULL) {
        return;
    }
    if (visitor->issued < seq) {
        visitor->issued = seq;
    }
    if (strcmp(what, "erased") == 0) {
        visitor->is_opened = 0; /* the next message is greeted anew */
    }
    (void)websocket_event_system(&server->out, seq, server_now_ms(server), what);
    broadcast(server, visitor, seq, NULL);
}

/* ---- answers ---- */

/* One message less under way; reading goes on when there are few. */
static void unblock(struct server *server, struct connection *connection) {
    connection->unanswered--;
    if (connection->is_paused && connection->unanswered <= SERVER_UNANSWERED_LOW) {
        connection->is_paused = 0;
        net_pause(server->net, connection->id, 0);
    }
}

static void learn(struct visitor *visitor, const struct app_reply *reply) {
    if (reply->last_seq != 0) {
        visitor->is_fresh = 0;
    }
    if (visitor->issued < reply->last_seq) {
        visitor->issued = reply->last_seq;
    }
}

static void answer(struct server *server, struct connection *connection, const char *id,
                   const struct app_reply *reply) {
    switch (reply->status) {
    case APP_OK:
    case APP_DUPLICATE:
        (void)websocket_ack(&server->out, id, reply->first_seq, reply->status == APP_DUPLICATE);
        server_send(server, connection);
        break;
    case APP_CONFLICT:
        server_nak(server, connection, id, WEBSOCKET_CONFLICT, "this id was used for another message", 0);
        break;
    case APP_STORAGE:
        server_nak(server, connection, id, WEBSOCKET_STORAGE, "not stored: send it again with the same id",
                   SERVER_RETRY_MS);
        break;
    }
}

/* The same events again; or for the first time, if it was not known then that they were stored. */
static void repeat(struct server *server, struct connection *connection, const struct app_reply *reply) {
    if (connection->state == CONNECTION_LIVE && connection->sent_seq < reply->last_seq) {
        server_replay_behind(server, connection);
        server_drained(server, connection->id);
    } else {
        server_replay_again(server, connection, reply->first_seq);
    }
}

/* Operators must see why; one line a minute says as much as one for every message. */
static void complain(struct server *server, const struct app_reply *reply) {
    int64_t now_ms = clock_steady_ms();
    if (server->complained_ms == 0 || now_ms - server->complained_ms >= SERVER_COMPLAIN_MS) {
        server->complained_ms = now_ms;
        log_write(server->options.log, LOG_ERROR, "store", "a message was not stored: %s",
                  reply->text != NULL ? reply->text : "the store failed");
    }
}

/* Who asked, if it is still there: nearly always the visitor's only connection. */
static struct connection *asker(const struct pending *pending) {
    struct connection *tab = pending->visitor->tabs; /* none of them is closing */
    return tab != NULL && tab->id == pending->connection
               ? tab
               : server_connection(pending->server, pending->connection);
}

static void turned(void *context, const struct app_reply *reply) {
    struct pending *pending = context;
    struct server *server = pending->server;
    struct visitor *visitor = pending->visitor;
    struct connection *connection = asker(pending);
    server_count_turn(server, reply->status, server->polled_ms - pending->started_ms);
    learn(visitor, reply);
    visitor->is_opened |= reply->status == APP_OK; /* too late for a greeting that failed */
    if (connection != NULL) {
        unblock(server, connection);
        answer(server, connection, pending->id, reply);
    } else {
        server->counts.dropped_replies++;
    }
    if (reply->status == APP_STORAGE) {
        complain(server, reply);
    } else if (reply->status == APP_OK) {
        deliver(server, pending, reply, connection);
    } else if (reply->status == APP_DUPLICATE && connection != NULL) {
        repeat(server, connection, reply);
    }
    server_release(server, visitor);
    give_pending(server, pending);
}

/* No turn: counted apart. Of a conversation that was erased, or never began, there is nothing to say. */
static void rated(void *context, const struct app_reply *reply) {
    struct pending *pending = context;
    struct server *server = pending->server;
    struct connection *connection = server_connection(server, pending->connection);
    int is_gone = reply->status == APP_OK && reply->last_seq == 0;
    learn(pending->visitor, reply);
    if (connection != NULL) {
        unblock(server, connection);
    }
    if (connection != NULL && is_gone) {
        server_nak(server, connection, pending->id, WEBSOCKET_GONE, "there is nothing to rate", 0);
    } else if (connection != NULL) {
        answer(server, connection, pending->id, reply);
    }
    if (reply->status == APP_STORAGE) {
        complain(server, reply);
    } else if (reply->status == APP_OK && !is_gone) {
        server->counts.ratings[pending->has_helped]++;
        deliver(server, pending, reply, NULL);
    }
    server_release(server, pending->visitor);
    give_pending(server, pending);
}

static void opened(void *context, const struct app_reply *reply) {
    struct pending *pending = context;
    struct visitor *visitor = pending->visitor;
    learn(visitor, reply);
    if (reply->status == APP_OK && reply->last_seq != 0) {
        deliver(pending->server, pending, reply, NULL);
    } else if (reply->status == APP_STORAGE) {
        visitor->is_opened = 0;
    }
    server_release(pending->server, visitor);
    give_pending(pending->server, pending);
}

static struct pending *make_pending(struct server *server, struct visitor *visitor, net_id connection,
                                    const char *id) {
    size_t length = id != NULL ? strnlen(id, WEBSOCKET_ID_MAX) : 0;
    struct pending *pending = take_pending(server);
    if (pending == NULL) {
        return NULL;
    }
    pending->server = server;
    pending->visitor = visitor;
    pending->connection = connection;
    pending->at_ms = server_now_ms(server);
    pending->started_ms = server->received_ms;
    pending->is_opening = id == NULL;
    pending->has_helped = 0;
    memcpy(pending->id, id != NULL ? id : "", length);
    pending->id[length] = '\0';
    visitor->pending++;
    return pending;
}

/* ---- requests ---- */

/* The greeting becomes part of the conversation with its first message. Without memory for it the
   conversation begins without. */
static void open_first(struct server *server, struct visitor *visitor) {
    struct pending *pending = visitor->is_opened ? NULL : make_pending(server, visitor, 0, NULL);
    if (pending != NULL) {
        visitor->is_opened = 1;
        app_open(server->app, visitor->name, pending->at_ms, visitor->language, opened, pending);
    }
}

void server_return(struct server *server, struct visitor *visitor) {
    struct pending *pending = make_pending(server, visitor, 0, NULL);
    if (pending != NULL) {
        app_return(server->app, visitor->name, pending->at_ms, visitor->language, SERVER_PAUSE_MS, opened,
                   pending);
    }
}

/* What will be acknowledged. NULL: refused. */
static struct pending *begin(struct server *server, struct connection *connection, const char *id) {
    struct pending *pending = make_pending(server, connection->visitor, connection->id, id);
    if (pending == NULL) {
        server_nak(server, connection, id, WEBSOCKET_BUSY, "out of memory", SERVER_RETRY_MS);
    } else if (++connection->unanswered >= SERVER_UNANSWERED_MAX && !connection->is_paused) {
        connection->is_paused = 1;
        net_pause(server->net, connection->id, 1);
    }
    return pending;
}

/* Source: S. Vigna, splitmix64. */
static uint64_t next_seed(struct server *server) {
    uint64_t mixed = server->turn_seed += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

static void take_turn(struct server *server, struct connection *connection, const struct websocket_in *in) {
    struct visitor *visitor = connection->visitor;
    struct pending *pending = begin(server, connection, in->id);
    if (pending == NULL) {
        return;
    }
    open_first(server, visitor);
    struct turn turn = {.id = pending->id,
                        .text = in->text,
                        .text_length = in->text_length,
                        .choice = in->choice,
                        .now_ms = pending->at_ms,
                        .seed = next_seed(server),
                        .language_hint = visitor->language};
    app_turn(server->app, visitor->name, &turn, turned, pending);
}

/* ---- limits ---- */

/* One conversation may not flood; many of one address (a school) may all talk, but not begin without end. */
static int64_t wait_of(struct server *server, const struct connection *connection) {
    const struct visitor *visitor = connection->visitor;
    int64_t now_ms = server->received_ms = clock_steady_ms();
    int64_t wait_ms = limits_take(server->conversations, visitor->key, &server->turn_rate, now_ms);
    if (wait_ms == 0 && visitor->is_fresh && !visitor->is_opened) {
        wait_ms = limits_take(server->addresses, connection->address_key, &server->conversation_rate, now_ms);
    }
    return wait_ms;
}

/* 1; or it was refused. */
static int is_admitted(struct server *server, struct connection *connection, const struct websocket_in *in) {
    if (connection->state == CONNECTION_NEW) {
        server_nak(server, connection, in->id, WEBSOCKET_BAD, "say hello first", 0);
        server_close(server, connection, 1008, "say hello first");
        return 0;
    }
    if (connection->visitor == NULL) {
        server_nak(server, connection, in->id, WEBSOCKET_BUSY, "wait for the welcome", SERVER_RETRY_MS);
        return 0;
    }
    if (atomic_load(&server->is_stopping)) {
        server_nak(server, connection, in->id, WEBSOCKET_BUSY, "the server is stopping", SERVER_RETRY_MS);
        return 0;
    }
    if (connection->unanswered >= SERVER_BUFFERED_MAX) {
        server_nak(server, connection, in->id, WEBSOCKET_BUSY, "wait for the answers", SERVER_RETRY_MS);
        return 0;
    }
    int64_t wait_ms = wait_of(server, connection);
    if (wait_ms > 0) {
        server_nak(server, connection, in->id, WEBSOCKET_RATE, "too many messages", wait_ms);
    }
    return wait_ms <= 0;
}

void server_message(struct server *server, struct connection *connection, const struct websocket_in *in) {
    if (is_admitted(server, connection, in)) {
        take_turn(server, connection, in);
    }
}

void server_rating(struct server *server, struct connection *connection, const struct websocket_in *in) {
    struct pending *pending = is_admitted(server, connection, in) ? begin(server, connection, in->id) : NULL;
    if (pending != NULL) {
        pending->has_helped = in->has_helped;
        app_rate(server->app, connection->visitor->name, pending->id, in->has_helped, pending->at_ms, rated,
                 pending);
    }
}
