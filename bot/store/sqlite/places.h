/* Which turns a conversation has: those filed in the table place, and the newest some thousand of all, which
   the writer remembers and readers ask for. */
#ifndef PANDU_STORE_SQLITE_PLACES_H
#define PANDU_STORE_SQLITE_PLACES_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "store/sqlite/query.h"

enum {
    PLACES_MAX = 4096,    /* remembered; older ones are forgotten, filed long ago */
    PLACES_FILE_AT = 768, /* so many may wait to be filed: their rows are still in the writer's cache then */
    PLACES_BUCKETS = 4096
};

struct places_entry {
    int64_t conversation, id_hash, number;
    uint64_t older; /* the next of its bucket: how many were added before it, and 1; 0: none */
    uint64_t older_id;
};
/* Written by the writer alone. */
struct places {
    pthread_mutex_t mutex;
    uint64_t added; /* ever */
    struct places_entry ring[PLACES_MAX];
    uint64_t buckets[PLACES_BUCKETS];    /* of the conversation, like older */
    uint64_t id_buckets[PLACES_BUCKETS]; /* of the conversation and the id's hash */
};
int places_init(struct places *places); /* 0 or an errno */
void places_destroy(struct places *places);
void places_add(struct places *places, int64_t conversation, int64_t id_hash, int64_t number);

/* A reader's view is sound if less than PLACES_SLACK were added since before its transaction began: then none
   that was not filed in it has been forgotten. */
enum { PLACES_SLACK = PLACES_MAX - PLACES_FILE_AT - 1024 };
uint64_t places_added(struct places *places);

struct numbers {
    int64_t *list; /* ascending, each once */
    size_t count, capacity;
};
void numbers_free(struct numbers *numbers);
/* All turns of a conversation in the connection's transaction. Returns an SQLite code; free it in any case.
 */
int numbers_of(struct connection *connection, int64_t conversation, struct numbers *numbers);
/* The newest; 0: it has none. Returns an SQLite code. */
int numbers_newest(struct connection *connection, int64_t conversation, int64_t *number);
/* Those whose id has this hash. */
int numbers_of_id(struct connection *connection, int64_t conversation, int64_t id_hash,
                  struct numbers *numbers);

#endif
