/* Gives equal strings one number and remembers which groups have them. Never scans a text. Called by
   prefilter_build.c. */
#include "domain/pattern/strings.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

#include "banned.h"

enum { FIRST_SLOTS = 1024, BATCH = 32 };

static int make_room(void **items, size_t *capacity, size_t needed, size_t size) {
    if (needed <= *capacity) {
        return 0;
    }
    size_t wanted = *capacity * 2 > needed ? *capacity * 2 : needed + 256;
    void *grown = realloc(*items, wanted * size);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    *items = grown;
    *capacity = wanted;
    return 0;
}

/* The upper half, which depends on all bits: its lower bits say the place, all of them tell others apart. */
static uint32_t hash_of(const unsigned char *bytes, size_t length, unsigned left, unsigned right) {
    const uint64_t prime = 0x9E3779B97F4A7C15u;
    return (uint32_t)((hash_fast(bytes, length) ^ (left << 4 | right)) * prime >> 32);
}

/* Where an equal string is, or the hole for it. */
static struct strings_slot *slot_of(const struct strings *strings, uint32_t hash, const unsigned char *bytes,
                                    const struct required_string *string) {
    size_t at = hash & strings->mask;
    for (; strings->slots[at].number != 0; at = (at + 1) & strings->mask) {
        const struct element *other = &strings->list[strings->slots[at].number - 1];
        if (strings->slots[at].hash == hash && other->length == string->length &&
            other->left == string->left && other->right == string->right &&
            memcmp(strings->bytes + other->offset, bytes, string->length) == 0) {
            break;
        }
    }
    return &strings->slots[at];
}

static int grow_slots(struct strings *strings) {
    size_t size = strings->slots != NULL ? 2 * (strings->mask + 1) : FIRST_SLOTS;
    struct strings_slot *slots = calloc(size, sizeof *slots);
    if (slots == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; strings->slots != NULL && i <= strings->mask; i++) {
        size_t at = strings->slots[i].hash & (size - 1);
        while (strings->slots[i].number != 0 && slots[at].number != 0) {
            at = (at + 1) & (size - 1);
        }
        if (strings->slots[i].number != 0) {
            slots[at] = strings->slots[i];
        }
    }
    free(strings->slots);
    strings->slots = slots;
    strings->mask = size - 1;
    return 0;
}

static int add_string(struct strings *strings, const unsigned char *bytes,
                      const struct required_string *string) {
    void *list = strings->list, *all = strings->bytes;
    int code = make_room(&list, &strings->capacity, strings->count + 1, sizeof *strings->list);
    strings->list = list;
    if (code == 0) {
        code = make_room(&all, &strings->byte_capacity, strings->byte_count + string->length, 1);
        strings->bytes = all;
    }
    if (code != 0) {
        return code;
    }
    memcpy(strings->bytes + strings->byte_count, bytes, string->length);
    strings->list[strings->count++] = (struct element){.offset = (uint32_t)strings->byte_count,
                                                       .length = (uint8_t)string->length,
                                                       .piece = string->piece,
                                                       .piece_length = string->piece_length,
                                                       .left = string->left,
                                                       .right = string->right};
    strings->byte_count += string->length;
    return 0;
}

/* Looks one string up, adds it if it is new, and notes its use. */
static int add_one(struct strings *strings, const unsigned char *bytes, const struct required_string *string,
                   uint32_t hash) {
    struct strings_slot *slot = slot_of(strings, hash, bytes, string);
    if (slot->number == 0) {
        if (add_string(strings, bytes, string) != 0) {
            return ERR_MEMORY;
        }
        *slot = (struct strings_slot){hash, (uint32_t)strings->count};
    }
    strings->uses[strings->use_count++] = slot->number - 1;
    return 0;
}

/* At most BATCH of them. The tables are larger than the nearer caches: what is needed is asked of memory for
   all before any of it is waited for. */
static int add_batch(struct strings *strings, const unsigned char *bytes, const struct required_string *list,
                     size_t count) {
    uint32_t hashes[BATCH];
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_of(bytes + list[i].offset, list[i].length, list[i].left, list[i].right);
        __builtin_prefetch(&strings->slots[hashes[i] & strings->mask]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number = strings->slots[hashes[i] & strings->mask].number;
        __builtin_prefetch(number > 0 ? &strings->list[number - 1] : NULL);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number = strings->slots[hashes[i] & strings->mask].number;
        __builtin_prefetch(number > 0 ? strings->bytes + strings->list[number - 1].offset : NULL);
    }
    int code = 0;
    for (size_t i = 0; i < count && code == 0; i++) {
        code = add_one(strings, bytes + list[i].offset, &list[i], hashes[i]);
    }
    return code;
}

static int begin_group(struct strings *strings) {
    void *groups = strings->groups;
    int code =
        make_room(&groups, &strings->group_capacity, strings->group_count + 2, sizeof *strings->groups);
    strings->groups = groups;
    if (code == 0) {
        strings->groups[strings->group_count++] = (uint32_t)strings->use_count;
    }
    return code;
}

int strings_add_group(struct strings *strings, const unsigned char *bytes, const struct required_string *list,
                      size_t count) {
    void *uses = strings->uses;
    int code = make_room(&uses, &strings->use_capacity, strings->use_count + count, sizeof *strings->uses);
    strings->uses = uses;
    code = code == 0 ? begin_group(strings) : code;
    for (size_t first = 0; first < count && code == 0; first += BATCH) {
        size_t size = count - first < BATCH ? count - first : BATCH;
        while (code == 0 && (strings->slots == NULL || 2 * (strings->count + size) >= strings->mask)) {
            code = grow_slots(strings);
        }
        if (code == 0) {
            code = add_batch(strings, bytes, list + first, size);
        }
    }
    return code;
}

void strings_shorten(struct strings *strings, uint8_t most) {
    for (size_t i = 0; i < strings->count; i++) {
        struct element *element = &strings->list[i];
        element->piece_length = element->piece_length < most ? element->piece_length : most;
    }
}

/* Where the uses of a string are written: those of groups without postings from the front on, the others
   from the end back. */
struct uses_place {
    uint32_t front, back;
};

/* Every string's place, by number; elements in the order of numbers. */
static void place_all(const struct strings *strings, const uint32_t *numbers, struct uses_place *places,
                      struct prefilter *prefilter) {
    uint32_t written = 0;
    for (size_t i = 0; i < strings->use_count; i++) {
        places[strings->uses[i]].back++;
    }
    for (size_t i = 0; i < strings->count; i++) {
        struct uses_place *place = &places[numbers[i]];
        prefilter->elements[i] = strings->list[numbers[i]];
        prefilter->elements[i].first_use = place->front = written;
        place->back = written += place->back;
    }
    prefilter->elements[strings->count] = (struct element){.first_use = written};
}

static void write_all(struct strings *strings, const uint32_t *numbers, struct uses_place *places,
                      struct prefilter *prefilter) {
    place_all(strings, numbers, places, prefilter);
    strings->groups[strings->group_count] = (uint32_t)strings->use_count;
    for (size_t group = 0; group < strings->group_count; group++) {
        size_t is_home = prefilter->is_home[group] != 0, begin = strings->groups[group];
        for (size_t i = begin; i < strings->groups[group + 1]; i++) {
            struct uses_place *place = &places[strings->uses[i]];
            place->back -= (uint32_t)is_home;
            prefilter->uses[is_home ? place->back : place->front] =
                (struct element_use){(uint16_t)group, (uint16_t)(i - begin)};
            place->front += (uint32_t)!is_home;
        }
    }
    for (size_t i = 0; i < strings->count; i++) {
        struct element *element = &prefilter->elements[i];
        element->others = (uint16_t)(places[numbers[i]].front - element->first_use);
    }
}

int strings_write(struct strings *strings, const uint32_t *numbers, struct prefilter *prefilter) {
    struct arena *arena = prefilter->arena;
    struct uses_place *places = calloc(strings->count + 1, sizeof *places);
    if (places == NULL) {
        return ERR_MEMORY;
    }
    prefilter->elements = arena_array(arena, strings->count + 1, sizeof *prefilter->elements);
    prefilter->uses = arena_array(arena, strings->use_count + 1, sizeof *prefilter->uses);
    prefilter->bytes = arena_room(arena, strings->byte_count + 1);
    if (strings->byte_count > 0) {
        memcpy(prefilter->bytes, strings->bytes, strings->byte_count);
    }
    if (strings->group_count > 0) {
        write_all(strings, numbers, places, prefilter);
    }
    free(places);
    return 0;
}

void strings_close(struct strings *strings) {
    free(strings->list);
    free(strings->bytes);
    free(strings->slots);
    free(strings->uses);
    free(strings->groups);
    memset(strings, 0, sizeof *strings);
}
