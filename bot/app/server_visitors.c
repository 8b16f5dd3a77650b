/* Who is connected: WebSockets by their number, conversations by their name, several of the former to one of
   the latter. Never speaks to the store. Called by the other server*.c files and by the network. */
#include <stdlib.h>
#include <string.h>

#include "app/server_parts.h"
#include "base/clock.h"
#include "base/map.h"

#include "banned.h"

/* ---- tables ---- */

/* The lower bits of an id are its place in the network's table, which fills from its beginning: the buckets
   in use stand close together. */
static struct connection **connection_bucket(struct server *server, net_id id) {
    return &server->connections[id % SERVER_BUCKETS];
}

static uint64_t key_of(const struct server *server, const char *name) {
    return hash_bytes(server->seed, name, strlen(name));
}

static struct visitor **visitor_bucket(struct server *server, uint64_t key) {
    return &server->visitors[key % SERVER_BUCKETS];
}

struct connection *server_connection(struct server *server, net_id id) {
    struct connection *connection = *connection_bucket(server, id);
    while (connection != NULL && connection->id != id) {
        connection = connection->next_in_bucket;
    }
    return connection != NULL && connection->state != CONNECTION_CLOSING ? connection : NULL;
}

struct visitor *server_visitor(struct server *server, const char *name) {
    struct visitor *visitor = *visitor_bucket(server, key_of(server, name));
    while (visitor != NULL && strcmp(visitor->name, name) != 0) {
        visitor = visitor->next_in_bucket;
    }
    return visitor;
}

struct visitor *server_visitor_make(struct server *server, const char *name) {
    struct visitor *visitor = server_visitor(server, name);
    if (visitor != NULL) {
        return visitor;
    }
    visitor = calloc(1, sizeof *visitor);
    if (visitor != NULL) {
        visitor->key = key_of(server, name);
        struct visitor **bucket = visitor_bucket(server, visitor->key);
        memcpy(visitor->name, name, strnlen(name, SERVER_NAME_TEXT - 1));
        visitor->language = -1;
        visitor->next_in_bucket = *bucket;
        *bucket = visitor;
        server->counts.visitors++;
    }
    return visitor;
}

static void drop_visitor(struct server *server, struct visitor *visitor) {
    struct visitor **link = visitor_bucket(server, visitor->key);
    while (*link != visitor) {
        link = &(*link)->next_in_bucket;
    }
    *link = visitor->next_in_bucket;
    server->counts.visitors--;
    free(visitor);
}

/* A line may break before the first word, and another tab may have come over already: told that its name is
   unknown, each tab would begin a conversation of its own. */
static void remember_left(struct server *server, const struct visitor *visitor) {
    if (visitor->is_fresh && visitor->issued == 0) {
        server->left[server->left_count++ % SERVER_LEFT_MAX] = visitor->key;
    }
}

int server_is_given_out(struct server *server, const char *name) {
    uint64_t key = key_of(server, name);
    size_t count = server->left_count < SERVER_LEFT_MAX ? server->left_count : SERVER_LEFT_MAX;
    for (size_t i = 0; i < count; i++) {
        if (server->left[i] == key) {
            return 1;
        }
    }
    return server_visitor(server, name) != NULL;
}

static void drop_if_unused(struct server *server, struct visitor *visitor) {
    if (visitor->tabs == NULL && visitor->pending == 0 && visitor->asked == 0) {
        remember_left(server, visitor);
        drop_visitor(server, visitor);
    }
}

void server_release(struct server *server, struct visitor *visitor) {
    visitor->pending--;
    drop_if_unused(server, visitor);
}

void server_release_asked(struct server *server, struct visitor *visitor) {
    visitor->asked--;
    drop_if_unused(server, visitor);
}

/* ---- those that have not said hello ---- */

static void wait_for_hello(struct server *server, struct connection *connection) {
    connection->earlier = server->last_waiting;
    *(server->last_waiting != NULL ? &server->last_waiting->later : &server->first_waiting) = connection;
    server->last_waiting = connection;
    connection->is_waiting = 1;
}

static void wait_no_more(struct server *server, struct connection *connection) {
    if (connection->is_waiting) {
        *(connection->earlier != NULL ? &connection->earlier->later : &server->first_waiting) =
            connection->later;
        *(connection->later != NULL ? &connection->later->earlier : &server->last_waiting) =
            connection->earlier;
        connection->earlier = connection->later = NULL;
        connection->is_waiting = 0;
    }
}

/* They are in order of arrival; one whose conversation is being looked for has said hello. */
void server_close_silent(struct server *server) {
    for (struct connection *each = server->first_waiting, *next; each != NULL; each = next) {
        next = each->later;
        if (server->steady_ms - each->opened_ms < SERVER_HELLO_MS) {
            return;
        }
        if (each->state == CONNECTION_NEW) {
            server_close(server, each, 1008, "say hello first");
        }
    }
}

/* ---- opening and closing ---- */

void server_opened(void *context, net_id id, const struct net_peer *peer) {
    struct server *server = context;
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        net_close(server->net, id, 1013, "out of memory");
        return;
    }
    struct connection **bucket = connection_bucket(server, id);
    connection->id = id;
    connection->address_key = limits_address_key(server->seed, peer->address);
    connection->opened_ms = clock_steady_ms();
    connection->next_in_bucket = *bucket;
    *bucket = connection;
    server->counts.connections++;
    wait_for_hello(server, connection);
}

static void detach(struct server *server, struct connection *connection) {
    struct visitor *visitor = connection->visitor;
    if (visitor == NULL) {
        return;
    }
    struct connection **link = &visitor->tabs;
    while (*link != connection) {
        link = &(*link)->next_tab;
    }
    *link = connection->next_tab;
    connection->visitor = NULL;
    drop_if_unused(server, visitor);
}

static void leave(struct server *server, struct connection *connection) {
    wait_no_more(server, connection);
    if (connection->state == CONNECTION_REPLAYING) {
        server->replaying--;
    }
    connection->state = CONNECTION_CLOSING;
    detach(server, connection);
}

void server_closed(void *context, net_id id) {
    struct server *server = context;
    struct connection **link = connection_bucket(server, id);
    while (*link != NULL && (*link)->id != id) {
        link = &(*link)->next_in_bucket;
    }
    struct connection *connection = *link;
    if (connection != NULL) {
        leave(server, connection);
        *link = connection->next_in_bucket;
        server->counts.connections--;
        free(connection);
    }
}

void server_close(struct server *server, struct connection *connection, int code, const char *why) {
    leave(server, connection);
    net_close(server->net, connection->id, code, why); /* the network calls server_closed, now or later */
}

void server_attach(struct server *server, struct connection *connection, struct visitor *visitor) {
    wait_no_more(server, connection);
    connection->visitor = visitor;
    connection->next_tab = visitor->tabs;
    visitor->tabs = connection;
    connection->state = CONNECTION_REPLAYING;
    server->replaying++;
}

/* ---- sending ---- */

void server_send(struct server *server, struct connection *connection) {
    if (!server->out.failed && server->out.length > 0) {
        (void)net_send(server->net, connection->id, server->out.data, server->out.length);
    }
    buf_clear(&server->out); /* a connection that is gone or full is closed by the network */
}

void server_nak(struct server *server, struct connection *connection, const char *id,
                enum websocket_code code, const char *why, int64_t retry_ms) {
    server->counts.naks[code]++;
    (void)websocket_nak(&server->out, id, code, why, retry_ms);
    server_send(server, connection);
}

void server_forget_languages(struct server *server, size_t count) {
    for (size_t i = 0; i < SERVER_BUCKETS; i++) {
        for (struct visitor *each = server->visitors[i]; each != NULL; each = each->next_in_bucket) {
            each->language = each->language < (int)count ? each->language : -1;
        }
    }
}

void server_visitors_free(struct server *server) {
    for (size_t i = 0; i < SERVER_BUCKETS; i++) {
        while (server->connections[i] != NULL) {
            server_closed(server, server->connections[i]->id);
        }
    }
    for (size_t i = 0; i < SERVER_BUCKETS; i++) {
        while (server->visitors[i] != NULL) {
            drop_visitor(server, server->visitors[i]);
        }
    }
}
