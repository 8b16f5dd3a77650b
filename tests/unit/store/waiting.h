/* For tests of stores: a verb submitted and waited for, its result copied. */
#ifndef TESTS_UNIT_STORE_WAITING_H
#define TESTS_UNIT_STORE_WAITING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "store/store.h"

struct waiting {
    int called;
    enum store_status status;
    unsigned long long version, first_seq, last_seq;
    char state[2048], text[512];
    char *outcome; /* free it with waiting_free */
};

static inline void waiting_done(void *context, const struct store_result *result) {
    struct waiting *waiting = context;
    waiting->called++;
    waiting->status = result->status;
    waiting->version = result->version;
    waiting->first_seq = result->first_seq;
    waiting->last_seq = result->last_seq;
    size_t length =
        result->state.length < sizeof waiting->state ? result->state.length : sizeof waiting->state - 1;
    if (length != 0) {
        memcpy(waiting->state, result->state.data, length);
    }
    waiting->state[length] = '\0';
    (void)snprintf(waiting->text, sizeof waiting->text, "%s", result->text != NULL ? result->text : "");
    waiting->outcome =
        strndup(result->outcome.length != 0 ? result->outcome.data : "", result->outcome.length);
}

static inline void waiting_free(struct waiting *waiting) {
    free(waiting->outcome);
    waiting->outcome = NULL;
}

static inline void waiting_poll(struct store *store, const struct waiting *waiting) {
    while (!waiting->called) {
        (void)store->ops->poll(store, 1000);
    }
}

static inline struct waiting wait_load(struct store *store, const char *conversation) {
    struct waiting waiting = {0};
    store->ops->load(store, conversation, waiting_done, &waiting);
    waiting_poll(store, &waiting);
    return waiting;
}

static inline struct waiting wait_commit(struct store *store, const struct store_turn *turn) {
    struct waiting waiting = {0};
    store->ops->commit(store, turn, waiting_done, &waiting);
    waiting_poll(store, &waiting);
    waiting_free(&waiting);
    return waiting;
}

/* The outcome is the caller's. */
static inline struct waiting wait_commit_full(struct store *store, const struct store_turn *turn) {
    struct waiting waiting = {0};
    store->ops->commit(store, turn, waiting_done, &waiting);
    waiting_poll(store, &waiting);
    return waiting;
}

static inline struct waiting wait_export(struct store *store, const char *conversation) {
    struct waiting waiting = {0};
    store->ops->export_all(store, conversation, waiting_done, &waiting);
    waiting_poll(store, &waiting);
    return waiting;
}

static inline struct waiting wait_erase(struct store *store, const char *conversation, int64_t at_ms) {
    struct waiting waiting = {0};
    store->ops->erase(store, conversation, at_ms, waiting_done, &waiting);
    waiting_poll(store, &waiting);
    waiting_free(&waiting);
    return waiting;
}

static inline struct waiting wait_unmatched(struct store *store, size_t limit) {
    struct waiting waiting = {0};
    store->ops->list_unmatched(store, limit, waiting_done, &waiting);
    waiting_poll(store, &waiting);
    return waiting;
}

static inline struct store_bytes bytes_of(const char *text) {
    return (struct store_bytes){text, strlen(text)};
}

/* A turn whose texts name it; borrowed strings. */
static inline struct store_turn simple_turn(const char *conversation, const char *id, uint64_t expected,
                                            const char *outcome, const char *state) {
    return (struct store_turn){.conversation = conversation,
                               .turn_id = id,
                               .text_hash = hash_bytes(0, id, strlen(id)),
                               .expected_version = expected,
                               .at_ms = 1795312800000,
                               .inbound = bytes_of("{\"text\":\"halo\"}"),
                               .outcome = bytes_of(outcome),
                               .outbound_count = 2,
                               .state = bytes_of(state)};
}

#endif
