/* Which turn ids a conversation has, by their hashes: whether an id may be known is asked for every turn, and
   is nearly always answered with no. Memory only. */
#ifndef PANDU_STORE_SQLITE_KNOWN_H
#define PANDU_STORE_SQLITE_KNOWN_H

#include <stddef.h>
#include <stdint.h>

enum {
    KNOWN_MAX = 128 * 1024,             /* ids of one conversation; of more each is looked up among all */
    KNOWN_BYTES_MAX = 16 * 1024 * 1024, /* of all together; beyond that ids are looked up */
    KNOWN_FIRST = 4                     /* slots */
};

struct known {
    uint32_t *slots; /* open addressing, a power of two of them; 0 is free */
    uint32_t count, capacity;
    int is_partial; /* what it does not have may be known all the same */
};

/* bytes: of all of them together, kept up to date. Without memory or above the caps it becomes partial. */
void known_add(struct known *known, int64_t id_hash, size_t *bytes);
/* 0: no turn has an id with this hash. */
int known_may_have(const struct known *known, int64_t id_hash);
/* It will be asked about soon. */
void known_expect(const struct known *known, int64_t id_hash);
void known_clear(struct known *known, size_t *bytes);

#endif
