/* Sets of hashes. Never asks the database. Called by turns.c. */
#include "store/sqlite/known.h"

#include <stdlib.h>

#include "banned.h"

/* Half of the hash is enough: two that share it cost a look into the database. */
static uint32_t mark_of(int64_t id_hash) {
    uint32_t mark = (uint32_t)((uint64_t)id_hash >> 32);
    return mark != 0 ? mark : 1;
}

static uint32_t first_of(uint32_t mark) {
    uint32_t at = mark * 0x9E3779B9u; /* Fibonacci hashing */
    return at ^ at >> 15;
}

static uint32_t *slot_of(const struct known *known, uint32_t mark) {
    uint32_t at = first_of(mark);
    while (known->slots[at & (known->capacity - 1u)] != 0 &&
           known->slots[at & (known->capacity - 1u)] != mark) {
        at++;
    }
    return &known->slots[at & (known->capacity - 1u)];
}

static void give_up(struct known *known, size_t *bytes) {
    known_clear(known, bytes);
    known->is_partial = 1;
}

/* Twice as many slots. */
static void grow(struct known *known, size_t *bytes) {
    uint32_t capacity = known->capacity != 0 ? 2 * known->capacity : KNOWN_FIRST;
    struct known larger = {.count = known->count, .capacity = capacity};
    size_t size = capacity * sizeof *larger.slots;
    larger.slots = *bytes + size <= KNOWN_BYTES_MAX ? calloc(capacity, sizeof *larger.slots) : NULL;
    if (larger.slots == NULL) {
        give_up(known, bytes);
        return;
    }
    for (size_t i = 0; i < known->capacity; i++) {
        if (known->slots[i] != 0) {
            *slot_of(&larger, known->slots[i]) = known->slots[i];
        }
    }
    known_clear(known, bytes);
    *known = larger;
    *bytes += size;
}

void known_add(struct known *known, int64_t id_hash, size_t *bytes) {
    if (known->is_partial) {
        return;
    }
    if (known->count >= KNOWN_MAX) {
        give_up(known, bytes);
        return;
    }
    if (4 * known->count >= 3 * known->capacity) {
        grow(known, bytes);
    }
    if (!known->is_partial) {
        uint32_t mark = mark_of(id_hash), *slot = slot_of(known, mark);
        known->count += *slot == 0;
        *slot = mark;
    }
}

int known_may_have(const struct known *known, int64_t id_hash) {
    return known->is_partial || (known->capacity != 0 && *slot_of(known, mark_of(id_hash)) != 0);
}

void known_expect(const struct known *known, int64_t id_hash) {
    if (known->capacity != 0) {
        __builtin_prefetch(&known->slots[first_of(mark_of(id_hash)) & (known->capacity - 1u)]);
    }
}

void known_clear(struct known *known, size_t *bytes) {
    *bytes -= known->capacity * sizeof *known->slots;
    free(known->slots);
    *known = (struct known){.slots = NULL};
}
