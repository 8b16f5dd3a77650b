/* Gives equal strings one number and remembers which groups have them. Never scans a text. Called by
   prefilter_build.c. */
#include "domain/pattern/strings.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#include "banned.h"

enum { FIRST_SLOTS = 1024 };

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

/* Eight bytes at a time: most strings are two such words. */
static uint64_t hash_of(const unsigned char *bytes, size_t length, unsigned left, unsigned right) {
    const uint64_t prime = 0x9E3779B97F4A7C15u;
    uint64_t hash = (length << 8 | left << 4 | right) * prime, word;
    for (; length >= sizeof word; length -= sizeof word, bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, bytes, length);
    hash = (hash ^ word) * prime;
    return hash ^ hash >> 32;
}

/* Where an equal string is, or the hole for it. */
static uint32_t *slot_of(const struct strings *strings, uint64_t hash, const unsigned char *bytes,
                         size_t length, unsigned left, unsigned right) {
    size_t at = (size_t)(hash ^ hash >> 29) & strings->mask;
    for (; strings->slots[at] != 0; at = (at + 1) & strings->mask) {
        const struct element *other = &strings->list[strings->slots[at] - 1];
        if (other->length == length && other->left == left && other->right == right &&
            memcmp(strings->bytes + other->offset, bytes, length) == 0) {
            break;
        }
    }
    return &strings->slots[at];
}

static int grow_slots(struct strings *strings) {
    size_t size = strings->slots != NULL ? 2 * (strings->mask + 1) : FIRST_SLOTS;
    uint32_t *old = strings->slots;
    strings->slots = calloc(size, sizeof *strings->slots);
    if (strings->slots == NULL) {
        strings->slots = old;
        return ERR_MEMORY;
    }
    free(old);
    strings->mask = size - 1;
    for (size_t i = 0; i < strings->count; i++) {
        const struct element *element = &strings->list[i];
        const unsigned char *bytes = strings->bytes + element->offset;
        uint64_t hash = hash_of(bytes, element->length, element->left, element->right);
        *slot_of(strings, hash, bytes, element->length, element->left, element->right) = (uint32_t)i + 1;
    }
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

int strings_add(struct strings *strings, const unsigned char *bytes, const struct required_string *string,
                struct element_use use) {
    if ((strings->slots == NULL || 2 * strings->count >= strings->mask) && grow_slots(strings) != 0) {
        return ERR_MEMORY;
    }
    bytes += string->offset;
    uint64_t hash = hash_of(bytes, string->length, string->left, string->right);
    uint32_t *slot = slot_of(strings, hash, bytes, string->length, string->left, string->right);
    if (*slot == 0) {
        if (add_string(strings, bytes, string) != 0) {
            return ERR_MEMORY;
        }
        *slot = (uint32_t)strings->count;
    }
    void *uses = strings->uses;
    int code = make_room(&uses, &strings->use_capacity, strings->use_count + 1, sizeof *strings->uses);
    strings->uses = uses;
    if (code == 0) {
        strings->uses[strings->use_count++] = (struct strings_use){*slot - 1, use};
    }
    return code;
}

void strings_shorten(struct strings *strings, uint8_t most) {
    for (size_t i = 0; i < strings->count; i++) {
        struct element *element = &strings->list[i];
        element->piece_length = element->piece_length < most ? element->piece_length : most;
    }
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
        memcpy(prefilter->uses + written, sorted + first, count * sizeof *sorted);
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
