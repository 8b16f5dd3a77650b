/* A store that fails when told to, over a real one: for tests of what the app does then. */
#ifndef TESTS_UNIT_APP_FAULTY_STORE_H
#define TESTS_UNIT_APP_FAULTY_STORE_H

#include "store/store.h"

struct faulty_store {
    struct store store;
    struct store *inner;
    enum store_status next_load, next_commit, next_export; /* STORE_OK: passes the verb on */
    int commit_lost; /* 1: the failing commit is stored all the same (UNKNOWN) */
    int commits, loads;
};

static inline struct faulty_store *faulty(struct store *store) {
    return (struct faulty_store *)store;
}

static inline int faulty_fails(enum store_status *next, store_done *done, void *context) {
    struct store_result result = {.status = *next, .text = "told to fail"};
    *next = STORE_OK;
    if (result.status == STORE_OK) {
        return 0;
    }
    done(context, &result); /* at once: the app must bear that too */
    return 1;
}

static inline void faulty_ignore(void *context, const struct store_result *result) {
    (void)context;
    (void)result;
}

static inline void faulty_load(struct store *store, const char *conversation, store_done *done,
                               void *context) {
    faulty(store)->loads++;
    if (!faulty_fails(&faulty(store)->next_load, done, context)) {
        faulty(store)->inner->ops->load(faulty(store)->inner, conversation, done, context);
    }
}
static inline void faulty_commit(struct store *store, const struct store_turn *turn, store_done *done,
                                 void *context) {
    struct store *inner = faulty(store)->inner;
    faulty(store)->commits++;
    if (faulty(store)->next_commit != STORE_OK && faulty(store)->commit_lost) {
        inner->ops->commit(inner, turn, faulty_ignore, NULL);
    }
    if (!faulty_fails(&faulty(store)->next_commit, done, context)) {
        inner->ops->commit(inner, turn, done, context);
    }
}
static inline void faulty_export(struct store *store, const char *conversation, store_done *done,
                                 void *context) {
    if (!faulty_fails(&faulty(store)->next_export, done, context)) {
        faulty(store)->inner->ops->export_all(faulty(store)->inner, conversation, done, context);
    }
}
static inline size_t faulty_poll(struct store *store, int timeout_ms) {
    return faulty(store)->inner->ops->poll(faulty(store)->inner, timeout_ms);
}

/* Only the verbs the app uses. */
static inline void faulty_init(struct faulty_store *store, struct store *inner) {
    static const struct store_ops ops = {
        .load = faulty_load, .commit = faulty_commit, .export_all = faulty_export, .poll = faulty_poll};
    *store = (struct faulty_store){.store = {.ops = &ops}, .inner = inner};
}

#endif
