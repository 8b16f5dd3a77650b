/* The network of tests: everything the server calls, in memory; what is sent is kept as lines. A program that
   defines all of net.h is not given the real one by the linker. */
#ifndef TESTS_UNIT_APP_FAKE_NET_H
#define TESTS_UNIT_APP_FAKE_NET_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/net.h"

enum { FAKE_CONNECTIONS = 128, FAKE_SENT_MAX = 4096 };

struct fake_connection {
    int is_open, is_paused, close_code;
    char *sent[FAKE_SENT_MAX];
    size_t sent_count, read_count, queued;
};

struct net {
    struct net_handlers handlers;
    struct fake_connection connections[FAKE_CONNECTIONS]; /* id 1 is [0] */
    size_t count;
    int is_stopped, is_woken;
    /* the last answer */
    int status;
    char *body;
    char headers[1024];
    char origins[1024];
    int certificate_rc;
};

static inline struct fake_connection *fake_at(struct net *net, net_id id) {
    return id >= 1 && id <= net->count ? &net->connections[id - 1] : NULL;
}

struct net *net_open(const struct net_options *options, const struct net_handlers *handlers,
                     const struct log *log, struct err *err) {
    (void)options;
    (void)log;
    (void)err;
    struct net *net = calloc(1, sizeof *net);
    net->handlers = *handlers;
    return net;
}
int net_port(const struct net *net) {
    (void)net;
    return 4711;
}
int net_watch(struct net *net, int descriptor) {
    (void)net;
    (void)descriptor;
    return 0;
}
int net_static(struct net *net, const char *prefix, const char *folder, int cross_origin, struct err *err) {
    (void)net;
    (void)prefix;
    (void)folder;
    (void)cross_origin;
    (void)err;
    return 0;
}
int net_run(struct net *net, int grace_ms) {
    (void)net;
    (void)grace_ms;
    return 0;
}
void net_stop(struct net *net) {
    net->is_stopped = 1;
}
void net_wake(struct net *net) {
    net->is_woken = 1;
}
int net_send(struct net *net, net_id id, const char *text, size_t length) {
    struct fake_connection *connection = fake_at(net, id);
    if (connection == NULL || !connection->is_open) {
        return -1;
    }
    if (connection->queued + length > NET_QUEUE_MAX) {
        connection->is_open = 0;
        connection->close_code = 1013;
        return -1;
    }
    if (connection->sent_count < FAKE_SENT_MAX) {
        connection->sent[connection->sent_count++] = strndup(text, length);
    }
    connection->queued += length;
    return 0;
}
void net_pause(struct net *net, net_id id, int paused) {
    struct fake_connection *connection = fake_at(net, id);
    if (connection != NULL) {
        connection->is_paused = paused;
    }
}
void net_close(struct net *net, net_id id, int code, const char *reason) {
    struct fake_connection *connection = fake_at(net, id);
    (void)reason;
    if (connection != NULL && connection->is_open) {
        connection->is_open = 0;
        connection->close_code = code;
    }
}
int net_respond(struct net *net, net_id exchange, const struct net_response *response) {
    (void)exchange;
    net->status = response->status;
    free(net->body);
    net->body = strndup(response->body != NULL ? response->body : "", response->length);
    net->headers[0] = '\0';
    for (size_t i = 0; i < response->header_count; i++) {
        size_t used = strlen(net->headers);
        (void)snprintf(net->headers + used, sizeof net->headers - used, "%s: %s\n", response->headers[i].name,
                       response->headers[i].value);
    }
    return 0;
}
int net_reload_certificate(struct net *net, struct err *err) {
    (void)err;
    return net->certificate_rc;
}
int net_set_origins(struct net *net, const char *const *origins, size_t count) {
    net->origins[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(net->origins);
        (void)snprintf(net->origins + used, sizeof net->origins - used, "%s ", origins[i]);
    }
    return 0;
}
void net_count(const struct net *net, struct net_counts *out) {
    *out = (struct net_counts){.open = net->count};
}
void net_free(struct net *net) {
    for (size_t i = 0; net != NULL && i < net->count; i++) {
        for (size_t j = 0; j < net->connections[i].sent_count; j++) {
            free(net->connections[i].sent[j]);
        }
    }
    if (net != NULL) {
        free(net->body);
    }
    free(net);
}

/* ---- the other end ---- */

static inline net_id fake_connect_from(struct net *net, const char *address) {
    struct net_peer peer = {.address = address};
    net_id id = ++net->count;
    net->connections[id - 1].is_open = 1;
    if (net->handlers.admit(net->handlers.context, &peer) != 0) {
        net->connections[id - 1].is_open = 0;
        return 0;
    }
    net->handlers.opened(net->handlers.context, id, &peer);
    return id;
}
static inline net_id fake_connect(struct net *net) {
    return fake_connect_from(net, "192.0.2.1");
}
/* What the client reads next; "" when there is nothing. */
static inline const char *fake_read(struct net *net, net_id id) {
    struct fake_connection *connection = fake_at(net, id);
    return connection->read_count < connection->sent_count ? connection->sent[connection->read_count++] : "";
}
/* The client's system takes everything that waits. */
static inline void fake_drain(struct net *net, net_id id) {
    fake_at(net, id)->queued = 0;
    net->handlers.drained(net->handlers.context, id);
}
static inline void fake_hang_up(struct net *net, net_id id) {
    fake_at(net, id)->is_open = 0;
    net->handlers.closed(net->handlers.context, id);
}

#endif
