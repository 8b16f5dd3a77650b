/* Token buckets in a bounded table, least recently used first out. Never asks a clock. Called by server*.c.
 */
#include "app/limits.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

#include "banned.h"

enum { NONE = UINT32_MAX, MINUTE_MS = 60 * 1000 };

/* Tokens are counted in 60,000ths, so that per_minute of them a minute is per_minute parts a millisecond. */
struct entry {
    uint64_t key;
    int64_t at_ms, parts;
    uint32_t next;         /* in its bucket of the table */
    uint32_t older, newer; /* by use */
};

struct limits {
    struct entry *entries;
    uint32_t *heads;
    uint32_t capacity, used;
    uint32_t oldest, newest;
};

struct limits *limits_new(size_t capacity) {
    struct limits *limits = calloc(1, sizeof *limits);
    if (limits == NULL || capacity == 0 || capacity > UINT32_MAX / 2) {
        free(limits);
        return NULL;
    }
    limits->capacity = (uint32_t)capacity;
    limits->entries = calloc(capacity, sizeof *limits->entries);
    limits->heads = malloc(capacity * sizeof *limits->heads);
    if (limits->entries == NULL || limits->heads == NULL) {
        limits_free(limits);
        return NULL;
    }
    memset(limits->heads, 0xFF, capacity * sizeof *limits->heads); /* all NONE */
    limits->oldest = limits->newest = NONE;
    return limits;
}

void limits_free(struct limits *limits) {
    if (limits != NULL) {
        free(limits->entries);
        free(limits->heads);
        free(limits);
    }
}

static uint32_t *head_of(struct limits *limits, uint64_t key) {
    return &limits->heads[key % limits->capacity];
}

static void unlink_use(struct limits *limits, uint32_t index) {
    const struct entry *entry = &limits->entries[index];
    *(entry->older != NONE ? &limits->entries[entry->older].newer : &limits->oldest) = entry->newer;
    *(entry->newer != NONE ? &limits->entries[entry->newer].older : &limits->newest) = entry->older;
}

static void link_newest(struct limits *limits, uint32_t index) {
    struct entry *entry = &limits->entries[index];
    entry->older = limits->newest;
    entry->newer = NONE;
    *(limits->newest != NONE ? &limits->entries[limits->newest].newer : &limits->oldest) = index;
    limits->newest = index;
}

static void unlink_key(struct limits *limits, uint32_t index) {
    uint32_t *link = head_of(limits, limits->entries[index].key);
    while (*link != index) {
        link = &limits->entries[*link].next;
    }
    *link = limits->entries[index].next;
}

/* An entry for a new key: an unused one, or the one used longest ago. */
static uint32_t claim(struct limits *limits) {
    if (limits->used < limits->capacity) {
        return limits->used++;
    }
    uint32_t index = limits->oldest;
    unlink_use(limits, index);
    unlink_key(limits, index);
    return index;
}

static struct entry *find_or_make(struct limits *limits, uint64_t key, const struct limits_rate *rate,
                                  int64_t steady_ms) {
    uint32_t index = *head_of(limits, key);
    while (index != NONE && limits->entries[index].key != key) {
        index = limits->entries[index].next;
    }
    if (index != NONE) {
        unlink_use(limits, index);
    } else {
        index = claim(limits);
        uint32_t *head = head_of(limits, key);
        limits->entries[index] =
            (struct entry){.key = key, .at_ms = steady_ms, .parts = rate->burst * MINUTE_MS, .next = *head};
        *head = index;
    }
    link_newest(limits, index);
    return &limits->entries[index];
}

static void refill(struct entry *entry, const struct limits_rate *rate, int64_t steady_ms) {
    int64_t full = rate->burst * MINUTE_MS, passed = steady_ms - entry->at_ms;
    int64_t until_full = (full - entry->parts) / rate->per_minute + 1;
    if (passed >= until_full || entry->parts > full) { /* also keeps the product below small */
        entry->parts = full;
    } else if (passed > 0) {
        entry->parts += passed * rate->per_minute;
    }
    entry->at_ms = passed > 0 ? steady_ms : entry->at_ms;
}

int64_t limits_take(struct limits *limits, uint64_t key, const struct limits_rate *rate, int64_t steady_ms) {
    struct entry *entry = find_or_make(limits, key, rate, steady_ms);
    refill(entry, rate, steady_ms);
    if (entry->parts >= MINUTE_MS) {
        entry->parts -= MINUTE_MS;
        return 0;
    }
    return (MINUTE_MS - entry->parts + rate->per_minute - 1) / rate->per_minute;
}

uint64_t limits_address_key(uint64_t seed, const char *address) {
    unsigned char bytes[16];
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    if (inet_pton(AF_INET, address, bytes) == 1) {
        return hash_bytes(seed, bytes, 4);
    }
    if (inet_pton(AF_INET6, address, bytes) != 1) {
        return hash_bytes(seed, address, strlen(address));
    }
    return memcmp(bytes, mapped, sizeof mapped) == 0 ? hash_bytes(seed, bytes + 12, 4)
                                                     : hash_bytes(seed, bytes, 8);
}
