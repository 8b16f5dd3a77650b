/* Which turns a conversation has: those filed in a table, and the newest some thousand of all, which
   the writer remembers and readers ask for. */
#ifndef PANDU_STORE_SQLITE_PLACES_H
#define PANDU_STORE_SQLITE_PLACES_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "store/sqlite/query.h"

enum {
    PLACES_MAX = 8192,     /* remembered; older ones are forgotten, filed long ago */
    PLACES_FILE_AT = 3072, /* so many wait until they are filed together, sorted: then those of a conversation
                              go to one page */
    PLACES_RUN_MAX = PLACES_FILE_AT + 512, /* filed together at most */
    PLACES_PIECE = 512,                    /* of them in one transaction */
    PLACES_LISTED = 60, /* of a conversation in one row: with more, pages of 4 KB keep it apart */
    PLACES_BUCKETS = 4096
};

/* Where a turn is. */
struct place {
    int64_t conversation, number, id_hash;
};
struct places_entry {
    struct place place;       /* conversation 0: forgotten */
    uint16_t older, older_id; /* the next of its bucket: so many were added since; 0: none */
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
/* One will be added soon. */
void places_expect(const struct places *places, int64_t conversation, int64_t id_hash);
/* What was added after the first `from`, at most PLACES_RUN_MAX, sorted by conversation and, as the numbers
   of turns only grow, by number. Returns how many; none that was forgotten. spare: room to sort. */
size_t places_list(struct places *places, uint64_t from, struct place list[PLACES_RUN_MAX],
                   struct place spare[PLACES_RUN_MAX]);
/* Forgets a conversation that is no more. */
void places_forget(struct places *places, int64_t conversation);

/* A reader's view is sound if less than PLACES_SLACK were added since before its transaction began: then none
   that was not filed in it has been forgotten. While a run is filed piece by piece, as many turns come as in
   batches of the writer for each piece. */
enum { PLACES_SLACK = PLACES_MAX - PLACES_FILE_AT - 2048 };
uint64_t places_added(struct places *places);

/* A row of filed places that is being filled (migrations/010_place_lists.sql); all zero at first. */
struct place_list {
    int64_t conversation, first, last;
    size_t count;
    unsigned char bytes[PLACES_LISTED * 16];
};
/* Whether a place goes on a list that is begun. Where lists end depends on what is filed alone, so that
   filing again what was filed before writes the same rows. */
int place_list_takes(const struct place_list *list, const struct place *place);
/* Puts the next place, sorted by conversation and number, on the list, and stores the one before if it is
   full. place_list_store: the last one. Return an SQLite code. */
int place_list_add(struct connection *connection, struct place_list *list, const struct place *place);
int place_list_store(struct connection *connection, struct place_list *list);
/* Files all turns behind `filed` up to `last`, in a transaction of the caller. Returns an SQLite code. */
int places_file(struct connection *connection, int64_t filed, int64_t last);

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
/* Calls each with the hashes of the ids of all turns; of more than most, of some. Returns an SQLite code. */
int numbers_hashes(struct connection *connection, int64_t conversation, size_t most,
                   void (*each)(void *context, int64_t id_hash), void *context);
/* Those whose id has this hash. */
int numbers_of_id(struct connection *connection, int64_t conversation, int64_t id_hash,
                  struct numbers *numbers);

#endif
