/* A server over a network, an engine and a clock of the tests, and the memory store. */
#ifndef TESTS_UNIT_APP_SERVED_H
#define TESTS_UNIT_APP_SERVED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "app/server_parts.h"
#include "base/clock.h"
#include "base/err.h"
#include "json/value.h"
#include "unit/app/fake_engine.h"
#include "unit/app/fake_net.h"

#define SERVING_START ((int64_t)1795312800000)

/* The store behind the server: holds completions back or fails on request. */
struct serving_store {
    struct store store;
    struct store *inner;
    int has_descriptor; /* 1: completes only in serving_settle */
    int is_sick;        /* every commit fails */
    int loses_answers;  /* commits are stored and reported as unknown */
    int fails_reads;
    int is_reading_late; /* a read is answered when the test calls late */
    store_done *late;
    void *late_context;
    int reads;
};

struct serving {
    struct server *server;
    struct net *net;
    struct serving_store store;
    char line[8192];
};

static int64_t serving_clock = SERVING_START; /* what time it is for the server */
static inline int64_t serving_now(void) {
    return serving_clock;
}

/* ---- the store ---- */

static inline struct serving_store *serving_self(struct store *store) {
    return (struct serving_store *)store;
}
static inline void serving_ignore(void *context, const struct store_result *result) {
    (void)context;
    (void)result;
}
static inline void serving_load(struct store *store, const char *name, store_done *done, void *context) {
    struct store *inner = serving_self(store)->inner;
    inner->ops->load(inner, name, done, context);
}
static inline void serving_commit(struct store *store, const struct store_turn *turn, store_done *done,
                                  void *context) {
    struct serving_store *self = serving_self(store);
    const struct store_result sick = {.status = STORE_FATAL, .text = "disk full"},
                              lost = {.status = STORE_UNKNOWN, .text = "no telling"};
    if (self->loses_answers) {
        self->inner->ops->commit(self->inner, turn, serving_ignore, NULL);
        done(context, &lost);
    } else if (self->is_sick) {
        done(context, &sick);
    } else {
        self->inner->ops->commit(self->inner, turn, done, context);
    }
}
static inline void serving_export(struct store *store, const char *name, store_done *done, void *context) {
    struct store *inner = serving_self(store)->inner;
    inner->ops->export_all(inner, name, done, context);
}
static inline void serving_read_since(struct store *store, const char *name, uint64_t seq, size_t limit,
                                      store_done *done, void *context) {
    struct serving_store *self = serving_self(store);
    const struct store_result sick = {.status = STORE_BUSY, .text = "not now"};
    self->reads++;
    if (self->is_reading_late) {
        self->late = done;
        self->late_context = context;
    } else if (self->fails_reads) {
        done(context, &sick);
    } else {
        self->inner->ops->read_since(self->inner, name, seq, limit, done, context);
    }
}
static inline void serving_list_due(struct store *store, int64_t now_ms, size_t limit, store_done *done,
                                    void *context) {
    struct store *inner = serving_self(store)->inner;
    inner->ops->list_due(inner, now_ms, limit, done, context);
}
static inline int serving_is_healthy(struct store *store) {
    return !serving_self(store)->is_sick;
}
static inline size_t serving_poll(struct store *store, int timeout_ms) {
    struct store *inner = serving_self(store)->inner;
    return inner->ops->poll(inner, timeout_ms);
}
static inline int serving_descriptor(struct store *store) {
    return serving_self(store)->has_descriptor ? 0 : -1;
}

/* ---- the server ---- */

static inline struct server *serving_open(struct serving *serving, const struct server_options *options) {
    struct err err = {0};
    struct app *app = app_new_take(fake_engine_new(), &serving->store.store, NULL);
    serving->server = server_open_take(options, NULL, app, &serving->store.store, &err);
    serving->net = serving->server != NULL ? serving->server->net : NULL;
    return serving->server;
}

static inline struct server_options serving_options(void) {
    static const char *const origins[] = {"https://www.example.org"};
    return (struct server_options){.listen = "127.0.0.1:0",
                                   .public_url = "https://chat.example.org/",
                                   .origins = origins,
                                   .origin_count = 1,
                                   .idle_after_ms = 30 * 60 * 1000,
                                   .retention_ms = (int64_t)7 * 24 * 60 * 60 * 1000,
                                   .identity_secret = "a-shared-secret-of-at-least-32-bytes!",
                                   .now_ms = serving_now};
}

static inline int serving_start(void **state) {
    static const struct store_ops ops = {.load = serving_load,
                                         .commit = serving_commit,
                                         .export_all = serving_export,
                                         .read_since = serving_read_since,
                                         .list_due = serving_list_due,
                                         .is_healthy = serving_is_healthy,
                                         .poll = serving_poll,
                                         .descriptor = serving_descriptor};
    struct serving *serving = calloc(1, sizeof *serving);
    const struct server_options options = serving_options();
    *state = serving;
    serving_clock = SERVING_START;
    serving->store = (struct serving_store){.store = {.ops = &ops}, .inner = store_memory_open()};
    return serving_open(serving, &options) != NULL ? 0 : -1;
}

static inline int serving_end(void **state) {
    struct serving *serving = *state;
    server_free(serving->server);
    serving->store.inner->ops->close(serving->store.inner);
    free(serving);
    return 0;
}

/* Lets a store that was held back complete everything. */
static inline void serving_settle(struct serving *serving) {
    for (int i = 0; i < 20; i++) {
        serving->net->handlers.readable(serving->server);
    }
}

static inline void serving_tick(struct serving *serving) {
    serving->net->handlers.tick(serving->server, clock_steady_ms());
}

#endif
