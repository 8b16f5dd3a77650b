/* Gives equal strings one number and remembers which groups have them. Never scans a text. Called by
   prefilter_build.c. */
#include "domain/pattern/strings.h"

#include <stdlib.h>
#include <string.h>

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

static uint64_t hash_of(const unsigned char *bytes, size_t length, unsigned left, unsigned right) {
    const uint64_t prime = 0x9E3779B97F4A7C15u;
    uint64_t hash = (hash_fast(bytes, length) ^ (left << 4 | right)) * prime;
    return hash ^ hash >> 29;
}

/* Where an equal string is, or the hole for it. */
static struct strings_slot *slot_of(const struct strings *strings, uint64_t hash, const unsigned char *bytes,
                                    const struct required_string *string) {
    size_t at = (size_t)hash & strings->mask;
    for (; strings->slots[at].number != 0; at = (at + 1) & strings->mask) {
        const struct element *other = &strings->list[strings->slots[at].number - 1];
        if (strings->slots[at].tag == (uint32_t)(hash >> 32) && other->length == string->length &&
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
        size_t at = strings->slots[i].place & (size - 1);
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
                   uint64_t hash, struct element_use use) {
    struct strings_slot *slot = slot_of(strings, hash, bytes, string);
    if (slot->number == 0) {
        if (add_string(strings, bytes, string) != 0) {
            return ERR_MEMORY;
        }
        *slot = (struct strings_slot){(uint32_t)(hash >> 32), (uint32_t)hash, (uint32_t)strings->count};
    }
    strings->uses[strings->use_count++] = (struct strings_use){slot->number - 1, use};
    return 0;
}

/* At most BATCH of them. The tables are larger than the nearer caches: what is needed is asked of memory for
   all before any of it is waited for. */
static int add_batch(struct strings *strings, const unsigned char *bytes, const struct required_string *list,
                     size_t count, struct element_use use) {
    uint64_t hashes[BATCH];
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_of(bytes + list[i].offset, list[i].length, list[i].left, list[i].right);
        __builtin_prefetch(&strings->slots[(size_t)hashes[i] & strings->mask]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number = strings->slots[(size_t)hashes[i] & strings->mask].number;
        __builtin_prefetch(number > 0 ? &strings->list[number - 1] : NULL);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number = strings->slots[(size_t)hashes[i] & strings->mask].number;
        __builtin_prefetch(number > 0 ? strings->bytes + strings->list[number - 1].offset : NULL);
    }
    int code = 0;
    for (size_t i = 0; i < count && code == 0; i++, use.rank++) {
        code = add_one(strings, bytes + list[i].offset, &list[i], hashes[i], use);
    }
    return code;
}

int strings_add_group(struct strings *strings, const unsigned char *bytes, const struct required_string *list,
                      size_t count, uint16_t group) {
    void *uses = strings->uses;
    int code = make_room(&uses, &strings->use_capacity, strings->use_count + count, sizeof *strings->uses);
    strings->uses = uses;
    for (size_t first = 0; first < count && code == 0; first += BATCH) {
        size_t size = count - first < BATCH ? count - first : BATCH;
        while (code == 0 && (strings->slots == NULL || 2 * (strings->count + size) >= strings->mask)) {
            code = grow_slots(strings);
        }
        if (code == 0) {
            code =
                add_batch(strings, bytes, list + first, size, (struct element_use){group, (uint16_t)first});
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

/* Uses of one string, those of groups without postings first; returns how many these are. */
static size_t write_uses(const struct element_use *uses, size_t count, const uint8_t *is_home,
                         struct element_use *out) {
    size_t others = 0, home = count;
    for (size_t i = 0; i < count; i++) {
        size_t is_other = !is_home[uses[i].group];
        out[is_other ? others : home - 1] = uses[i];
        others += is_other;
        home -= 1 - is_other;
    }
    return others;
}

/* Uses sorted by string (counted), then strings and uses in their order. */
static void write_all(struct strings *strings, const uint32_t *numbers, uint32_t *start,
                      struct element_use *sorted, struct prefilter *prefilter) {
    size_t written = 0;
    for (size_t i = 0; i < strings->use_count; i++) {
        start[strings->uses[i].string + 2]++;
    }
    for (size_t i = 2; i <= strings->count + 1; i++) {
        start[i] += start[i - 1];
    }
    for (size_t i = 0; i < strings->use_count; i++) {
        sorted[start[strings->uses[i].string + 1]++] = strings->uses[i].use;
    }
    for (size_t i = 0; i < strings->count; i++) {
        size_t first = start[numbers[i]], count = start[numbers[i] + 1] - first;
        prefilter->elements[i] = strings->list[numbers[i]];
        prefilter->elements[i].first_use = (uint32_t)written;
        prefilter->elements[i].others =
            (uint16_t)write_uses(sorted + first, count, prefilter->is_home, prefilter->uses + written);
        written += count;
    }
    prefilter->elements[strings->count] = (struct element){.first_use = (uint32_t)written};
}

int strings_write(struct strings *strings, const uint32_t *numbers, struct prefilter *prefilter) {
    prefilter->elements = malloc((strings->count + 1) * sizeof *prefilter->elements);
    prefilter->uses = malloc((strings->use_count + 1) * sizeof *prefilter->uses);
    uint32_t *start = calloc(strings->count + 2, sizeof *start);
    struct element_use *sorted = malloc((strings->use_count + 1) * sizeof *sorted);
    int code = ERR_MEMORY;
    if (prefilter->elements != NULL && prefilter->uses != NULL && start != NULL && sorted != NULL) {
        write_all(strings, numbers, start, sorted, prefilter);
        prefilter->bytes = strings->bytes;
        strings->bytes = NULL;
        code = 0;
    }
    free(start);
    free(sorted);
    return code;
}

void strings_close(struct strings *strings) {
    free(strings->list);
    free(strings->bytes);
    free(strings->slots);
    free(strings->uses);
    memset(strings, 0, sizeof *strings);
}
